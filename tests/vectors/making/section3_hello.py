"""§3: the hello, its header keys and its sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    INCARNATION,
    LOG,
    ORGANISATION,
    OTHER_ORGANISATION,
    REPORTER,
    Map,
    device,
    drawn,
    frame,
    public,
)
from tests.vectors.mini.cbor import encode
from tests.vectors.mini.frames import Place
from tests.vectors.mini.names import first_generation, key_id

PLACE = Place(organisation=ORGANISATION, lane=0, device=device(REPORTER), incarnation=INCARNATION)
NONCE = drawn("nonce", 16)
HEADER: Map = {
    **{30: ORGANISATION, 31: device(REPORTER), 32: INCARNATION, 33: key_id(public(LOG)), 34: 1, 35: NONCE},
    **{36: 1_770_000_000, 37: 262_144, 38: 3, 39: 1, 40: 0, 41: [[1, 12], [2, 4]]},
}
FIXED = len(encode([1, b"", b"", bytes(64)])) - 2


def body_for(header: bytes) -> bytes:
    """The zeros that make the smallest hello of this header."""
    for size in (256, 512, 1_024):
        for count in range(size):
            if FIXED + len(encode(header)) + len(encode(bytes(count))) == size:
                return bytes(count)
    raise ValueError("no size fits")


def hello(change: Map | None = None, body: bytes | None = None, place: Place = PLACE) -> bytes:
    """A hello with some keys changed."""
    fields = {key: value for key, value in {**HEADER, **(change or {})}.items() if value is not None}
    octets = encode(fields)
    return frame(1, octets, body_for(octets) if body is None else body, place)


def passed_over() -> bytes:
    """A hello one byte short of what 24 zeros would fill up to 256: no number of zeros meets that size."""
    for created in (24, 256, 65_536):
        for head in (1, 24, 256, 65_536):
            for count in range(12):
                change = {36: created, 41: [[lane, head] for lane in (1, 2, 3, *range(16, 24))[:count]]}
                if FIXED + len(encode(encode({**HEADER, **change}))) + 25 == 256:
                    return hello(change)
    raise ValueError("no such hello")


PULL: list[Any] = [[lane, first_generation(ORGANISATION, lane), 0] for lane in (1, 2, 3, *range(16, 29))]

HEADER_BAD: list[tuple[str, str, str, Map]] = [
    ("malformed", "purpose-0", "Purpose 0.", {34: 0}),
    ("malformed", "purpose-3", "Purpose 3.", {34: 3}),
    ("malformed", "key-41-missing", "A hello without its lanes.", {41: None}),
    ("malformed", "key-1", "A hello with a sequence.", {1: 1}),
    ("malformed", "nonce-15", "A nonce of 15 bytes.", {35: bytes(15)}),
    ("malformed", "lanes-descending", "Lanes 2, 1.", {41: [[2, 4], [1, 12]]}),
    ("malformed", "lanes-twice", "Lane 1 twice.", {41: [[1, 4], [1, 12]]}),
    ("malformed", "sync-triples", "A sync with the lanes of a pull.", {41: PULL[:2]}),
    ("malformed", "pull-pairs", "A pull with the lanes of a sync.", {34: 2}),
    ("malformed|size", "lanes-17", "17 lanes.", {41: [[16 + lane, 0] for lane in range(17)]}),
    ("lane|malformed", "lane-0", "Lane 0 among the lanes.", {41: [[0, 0]]}),
    ("lane|malformed", "lane-4", "A reserved lane among the lanes.", {41: [[4, 0]]}),
    ("malformed", "generation-7", "A generation of 7 bytes.", {34: 2, 41: [[1, bytes(7), 0]]}),
]


def vectors() -> Iterator[Vector]:
    """Hellos, right and wrong."""
    key = public(REPORTER)
    right = [
        ("256", "A sync of two lanes fills 256 bytes.", hello()),
        ("512", "A pull of five lanes fills 512 bytes.", hello({34: 2, 41: PULL[:5]})),
        ("1024", "A pull of sixteen lanes fills 1,024 bytes.", hello({34: 2, 41: _long(PULL)})),
        ("no-lanes", "A hello may ask for no lane.", hello({41: []})),
        ("passed-over", "No number of zeros meets 256 here, so the frame has 512 bytes.", passed_over()),
    ]
    for name, about, raw in right:
        yield good(f"hello-{name}", about, "hello", hello=raw, public_key=key)
    for expect, name, about, change in HEADER_BAD:
        yield bad(expect, f"hello-{name}", about, "hello", hello=hello(change), public_key=key)
    zeros = body_for(encode(HEADER))
    bodies = [
        ("size|malformed", "short", "A hello one byte short of 256.", zeros[:-1]),
        ("size|malformed", "long", "A hello of 257 bytes.", zeros + b"\0"),
        ("size|malformed", "512-not-needed", "A hello of 512 bytes where 256 fit.", bytes(len(zeros) + 255)),
        ("size|malformed", "empty-body", "A hello without zeros.", b""),
        ("malformed|size", "not-zeros", "The last byte of a hello's body is 1.", zeros[:-1] + b"\1"),
    ]
    for expect, name, about, body in bodies:
        yield bad(expect, f"hello-{name}", about, "hello", hello=hello(body=body), public_key=key)
    moved = Place(organisation=OTHER_ORGANISATION, lane=0, device=device(REPORTER), incarnation=INCARNATION)
    yield bad(
        "signature",
        "hello-signed-elsewhere",
        "A hello signed for another organisation than key 30 says.",
        "hello",
        hello=hello(place=moved),
        public_key=key,
    )
    lane_1 = Place(organisation=ORGANISATION, lane=1, device=device(REPORTER), incarnation=INCARNATION)
    yield bad(
        "signature",
        "hello-signed-in-lane-1",
        "A hello signed as a frame of lane 1.",
        "hello",
        hello=hello(place=lane_1),
        public_key=key,
    )


def _long(lanes: list[Any]) -> list[Any]:
    return [[lane, generation, 2**40] for lane, generation, _ in lanes]
