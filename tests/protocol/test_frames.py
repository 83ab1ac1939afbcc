"""Frames: every kind built and parsed, every header key missing, added and wrong, every size rule."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from sync.protocol import frames
from sync.protocol.encoding import encode
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame, build, parse
from sync.protocol.ids import NO_HASH, Lane, sha256
from sync.protocol.kinds import TABLE, Key, Kind
from sync.protocol.limits import FRAME_BYTES, HEADER_BYTES
from tests.protocol import samples
from tests.protocol.refusing import refused
from tests.protocol.samples import KEY, LANES, body, chain, header, octets, raw_frame

KINDS = list(Kind)
NAMES = [kind.name for kind in KINDS]
PRESENT = [(kind, key) for kind in KINDS for key in header(kind)]
ABSENT = [(kind, key) for kind in KINDS for key in Key if key not in header(kind)]


def name(value: object) -> str:
    """The name of a kind or key in a test's id."""
    return value.name if isinstance(value, Kind | Key) else str(value)


def sent(kind: Kind, fields: object, content: bytes | None = None) -> bytes:
    """The bytes of a frame with a good signature and whatever header and body."""
    return raw_frame(kind, fields, body(kind) if content is None else content, LANES[kind])


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_built_and_parsed(kind: Kind) -> None:
    """A frame comes back as it was built, and its signature holds."""
    built = samples.frame(kind)
    read = parse(built.raw)
    assert read == built
    assert (read.kind, read.body, read.hash) == (kind, body(kind), sha256(built.raw))
    assert read.header_bytes == encode({int(key): value for key, value in header(kind).items()})
    assert set(read.header) == set(header(kind))
    assert read.raw == encode([int(kind), read.header_bytes, read.body, read.signature])
    frames.check_signature(read, chain(LANES[kind]), KEY.public)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_sequence_and_previous(kind: Kind) -> None:
    """Every frame but a hello has a place in a chain; a hello says so instead of failing."""
    read = samples.frame(kind)
    expected = (0, NO_HASH) if kind is Kind.HELLO else (7, octets("previous", 32))
    assert (read.sequence, read.previous) == expected


@pytest.mark.parametrize(("kind", "key"), PRESENT, ids=name)
def test_a_missing_key(kind: Kind, key: Key) -> None:
    """A frame that lacks a key of its row is malformed."""
    fields = {int(name): value for name, value in header(kind).items() if name is not key}
    with refused(words="missing"):
        parse(sent(kind, fields))


@pytest.mark.parametrize(("kind", "key"), ABSENT, ids=name)
def test_a_key_of_another_kind(kind: Kind, key: Key) -> None:
    """A frame with a key that its row does not have is malformed, though the value would do elsewhere."""
    with refused(words="unknown"):
        parse(sent(kind, {**header(kind), key: samples.VALUES[key]}))


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_keys_no_kind_has(kind: Kind) -> None:
    """A header holds nothing else: no other number, no text, no bytes."""
    strange: list[Any] = [0, 44, 255, -1, "1", b"\1"]
    for key in strange:
        with refused(words="unknown"):
            parse(sent(kind, {**header(kind), key: 1}))


@pytest.mark.parametrize(("kind", "key"), PRESENT, ids=name)
def test_a_wrong_value(kind: Kind, key: Key) -> None:
    """A value of another type is malformed in every kind that carries the key."""
    wrongs: list[Any] = [None, "text", {}, -1]
    for wrong in wrongs:
        with refused(words="expected"):
            parse(sent(kind, {**header(kind), key: wrong}))


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_body_of_another_size(kind: Kind) -> None:
    """One byte more or less than the row allows is refused for its size."""
    size = len(body(kind))
    for length in {0, 1, size - 1, size + 1, 1_024, 16_385, 61_441, 61_457} - {-1}:
        if not TABLE[kind].body(length):
            with refused(Refusal.SIZE, "no body of"):
                parse(sent(kind, header(kind), bytes(length)))


@pytest.mark.parametrize("number", [0, 6, 7, 9, 10, 12, 16, 17, 21, 127, 128, 200, 2**63 - 1])
def test_unknown_kinds(number: int) -> None:
    """Reserved, unused and unknown kinds are refused, the uncritical numbers too."""
    with refused(Refusal.KIND, f"got {number}"):
        parse(raw_frame(number, header(Kind.VOID)))


def pieces(**changes: Any) -> bytes:
    """A void frame with some of its four parts replaced."""
    good = samples.frame(Kind.VOID)
    parts = {"kind": 4, "header": good.header_bytes, "body": b"", "signature": good.signature} | changes
    return encode(list(parts.values()))


SHAPES: dict[str, bytes] = {
    "nothing": b"",
    "no array": encode(4),
    "a map": encode({0: 4}),
    "three parts": encode([4, b"", b""]),
    "five parts": encode([4, b"", b"", bytes(64), 0]),
    "kind as text": pieces(kind="4"),
    "kind true": pieces(kind=True),
    "negative kind": pieces(kind=-4),
    "kind beyond the integers taken": pieces(kind=2**63),
    "header as a map": pieces(header={1: 1}),
    "header as text": pieces(header=""),
    "empty header": pieces(header=b""),
    "header not canonical": pieces(header=b"\xa1\x18\x01\x00"),
    "header with a byte after it": pieces(header=samples.frame(Kind.VOID).header_bytes + b"\0"),
    "header no map": pieces(header=encode([1, 2])),
    "header of 2,049 bytes": pieces(header=bytes(HEADER_BYTES + 1)),
    "body as text": pieces(body=""),
    "no body": pieces(body=None),
    "signature of 63 bytes": pieces(signature=bytes(63)),
    "signature of 65 bytes": pieces(signature=bytes(65)),
    "a byte after": samples.frame(Kind.VOID).raw + b"\0",
    "cut": samples.frame(Kind.VOID).raw[:-1],
    "long head": b"\x98\x04" + samples.frame(Kind.VOID).raw[1:],
}


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_shapes(raw: bytes) -> None:
    """What is not four parts of these types, canonically encoded, is malformed."""
    with refused():
        parse(raw)


def test_a_frame_that_is_too_large() -> None:
    """The size is compared before anything is read."""
    with refused(Refusal.SIZE, f"at most {FRAME_BYTES} bytes, got {FRAME_BYTES + 1}"):
        parse(bytes(FRAME_BYTES + 1))
    largest = samples.frame(Kind.RECORD)
    assert len(build(chain(), KEY, Kind.RECORD, header(Kind.RECORD), bytes(61_456)).raw) < FRAME_BYTES
    assert len(largest.raw) < 1_024


def test_the_largest_header_fits() -> None:
    """Sixty-four ranges of the largest numbers are within the cap on headers."""
    top = 2**63 - 1
    ranges = [[top - 3 * back - 1, top - 3 * back] for back in reversed(range(64))]
    fields = {**header(Kind.ACKNOWLEDGEMENT), Key.RANGES: ranges, Key.SEQUENCE: top}
    built = build(chain(), KEY, Kind.ACKNOWLEDGEMENT, fields)
    assert len(built.header_bytes) <= HEADER_BYTES
    assert built.header[Key.RANGES] == tuple(map(tuple, ranges))


RANGES = {
    "backwards": [[3, 1]],
    "touching": [[1, 3], [4, 5]],
    "overlapping": [[1, 3], [3, 5]],
    "nested": [[1, 9], [2, 3]],
    "second backwards": [[1, 3], [9, 8]],
}


@pytest.mark.parametrize("ranges", RANGES.values(), ids=RANGES)
def test_ranges_of_an_acknowledgement(ranges: list[list[int]]) -> None:
    """There is one way to write a set of sequences."""
    with refused():
        parse(sent(Kind.ACKNOWLEDGEMENT, {**header(Kind.ACKNOWLEDGEMENT), Key.RANGES: ranges}))


@pytest.mark.parametrize("voided", [7, 8, 2**63 - 1])
def test_a_void_closes_an_earlier_sequence(voided: int) -> None:
    """Neither itself nor a sequence to come."""
    with refused(words="earlier"):
        parse(sent(Kind.VOID, {**header(Kind.VOID), Key.VOIDED: voided}))


def test_a_certificate_is_for_the_key_it_names() -> None:
    """The device certified must be the hash of the key certified."""
    with refused(words="hash of its key"):
        parse(sent(Kind.CERTIFICATE, {**header(Kind.CERTIFICATE), Key.TO: octets("somebody")}))


@pytest.mark.parametrize(("role", "size", "taken"), [(1, 0, 1), (2, 1_216, 1), (1, 1_216, 0), (2, 0, 0)])
def test_a_coordinators_join_carries_a_reader_key(role: int, size: int, taken: int) -> None:
    """A reader key comes with the coordinator's role, and only with it."""
    raw = sent(Kind.JOIN, {**header(Kind.JOIN), Key.ROLE: role}, octets("reader key", size))
    if taken:
        assert len(parse(raw).body) == size
    else:
        with refused(Refusal.SIZE):
            parse(raw)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_wrong_lanes(kind: Kind) -> None:
    """A frame that is signed for a lane its kind does not belong into is refused, good signature or not."""
    for number in (0, 1, 2, 3, 4, 15, 16):
        lane = Lane(number)
        if not TABLE[kind].lanes(lane):
            read = parse(raw_frame(kind, header(kind), body(kind), lane))
            with refused(Refusal.LANE, f"lane {number}"):
                frames.check_signature(read, chain(lane), KEY.public)


def test_what_does_not_fit_is_not_built() -> None:
    """A caller's mistake shows where it is made."""
    with refused(words="missing"):
        build(chain(), KEY, Kind.VOID, {Key.SEQUENCE: 1})
    with refused(Refusal.SIZE):
        build(chain(), KEY, Kind.VOID, header(Kind.VOID), b"x")


def test_secrets_are_not_shown() -> None:
    """Neither body nor signature appear when a frame is printed."""
    shown = repr(samples.frame(Kind.INVITE))
    assert "body" not in shown
    assert "signature" not in shown
    assert "raw" not in shown


def test_every_pair_of_samples_differs() -> None:
    """No two kinds give the same bytes."""
    made: list[Frame] = [samples.frame(kind) for kind in KINDS]
    assert all(left.hash != right.hash for left, right in itertools.combinations(made, 2))
