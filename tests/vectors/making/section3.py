"""§3: frames, header keys, kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making import section3_chains, section3_hello, section3_voids
from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    ADMIN,
    COORDINATOR,
    INCARNATION,
    LOG,
    MAIN,
    NEWCOMER,
    ORGANISATION,
    REPORTER,
    ZEROS,
    Map,
    at,
    device,
    drawn,
    frame,
    public,
)
from tests.vectors.mini.cbor import decode, encode
from tests.vectors.mini.frames import Place

JOINER = Place(organisation=ORGANISATION, lane=3, device=device(NEWCOMER), incarnation=INCARNATION)
START: Map = {1: 1, 2: ZEROS}
JOIN: Map = {
    **START,
    **{15: drawn("invite", 16), 16: 1, 17: public(NEWCOMER), 19: drawn("root hash"), 20: 4},
    **{21: drawn("directory hash"), 22: public(LOG), 23: drawn("server MAC"), 24: drawn("organisation MAC")},
}
HEADERS: dict[int, Map] = {
    2: {**START, 7: 1, 8: drawn("commit")},
    3: {1: 2, 2: drawn("previous"), 3: drawn("epoch", 16), 4: 0, 5: drawn("seal", 16)},
    4: {1: 5, 2: drawn("previous"), 12: 3, 13: drawn("voided"), 14: 1, 43: drawn("voided previous")},
    5: {1: 2, 2: drawn("previous"), 3: drawn("epoch", 16), 4: 1023, 5: drawn("seal", 16)},
    8: {**START, 6: device(REPORTER), 9: INCARNATION, 10: [[1, 3], [5, 5]], 11: drawn("proof")},
    11: {
        **START,
        6: device(NEWCOMER),
        15: drawn("invite", 16),
        16: 1,
        17: public(NEWCOMER),
        25: drawn("join"),
    },
    13: {**START, 6: device(NEWCOMER), 7: 1, 18: 16},
    14: {**START, 20: 2},
    15: {**START, 20: 7},
    18: {**START, 15: drawn("invite", 16), 16: 2, 26: 491_000},
    19: JOIN,
    20: {
        **START,
        **{18: 1, 27: drawn("generation", 8), 28: 41, 29: drawn("tree root"), 42: drawn("new generation", 8)},
    },
}
BODIES = {2: 1_168, 3: 272, 5: 272, 13: 1_168, 14: 61_440, 15: 16_384, 18: 32}
NAMES = {2: "epoch", 3: "record", 4: "void", 5: "heartbeat", 8: "acknowledgement", 11: "certificate"}
NAMES |= {13: "grant", 14: "root", 15: "directory", 18: "invite", 19: "join", 20: "generation"}


def sample(kind: int, change: Map | None = None, size: int | None = None) -> bytes:
    """A valid frame of a kind, with header keys changed (None takes one away) or a body of another size."""
    header = {**HEADERS[kind], **(change or {})}
    body = drawn(f"body {kind}", 32) * 2000
    place, by = (MAIN, REPORTER) if kind < 8 else (JOINER, NEWCOMER) if kind == 19 else (ADMIN, COORDINATOR)
    kept_keys = {key: value for key, value in header.items() if value is not None}
    return frame(kind, kept_keys, body[: BODIES.get(kind, 0) if size is None else size], place, by)


def ranges(count: int) -> list[list[int]]:
    """So many ranges of one, with one missing between them."""
    return [[1 + 2 * number] * 2 for number in range(count)]


VOID_BAD: list[tuple[str, str, int, Map]] = [
    ("void-previous-missing", "A void that does not say what its sequence followed.", 4, {43: None}),
    ("void-previous-31", "A hash before the voided sequence of 31 bytes.", 4, {43: bytes(31)}),
    ("record-voided-previous", "A record with a key of a void.", 3, {43: drawn("voided previous")}),
]
# Name, what is wrong, kind, header keys changed.
HEADER_BAD: list[tuple[str, str, int, Map]] = [
    ("key-missing", "A record without its seal id.", 3, {5: None}),
    ("key-extra", "A record with a key of another kind.", 3, {6: device(REPORTER)}),
    ("key-unknown", "An epoch with a key that no kind has.", 2, {44: 0}),
    ("key-text", "An epoch with a text as a key.", 2, {"a": 0}),
    ("sequence-0", "Sequence 0.", 3, {1: 0}),
    ("sequence-beyond", "Sequence 2^63.", 3, {1: 2**63}),
    ("sequence-bytes", "A sequence in a byte string.", 3, {1: b"\1"}),
    ("sequence-true", "A sequence that is true.", 3, {1: True}),
    ("previous-31", "A previous hash of 31 bytes.", 3, {2: bytes(31)}),
    ("epoch-15", "An epoch id of 15 bytes.", 3, {3: bytes(15)}),
    ("epoch-text", "An epoch id that is a text.", 3, {3: "a" * 16}),
    ("seal-17", "A seal id of 17 bytes.", 3, {5: bytes(17)}),
    ("step-1024", "Step 1,024.", 3, {4: 1024}),
    ("step-negative", "Step -1.", 3, {4: -1}),
    ("term-0", "Term 0.", 2, {7: 0}),
    ("commit-33", "A commitment of 33 bytes.", 2, {8: bytes(33)}),
    ("void-itself", "A void of its own sequence.", 4, {12: 5}),
    ("void-later", "A void of a later sequence.", 4, {12: 6}),
    ("void-0", "A void of sequence 0.", 4, {12: 0}),
    ("reason-0", "Reason 0.", 4, {14: 0}),
    ("reason-256", "Reason 256.", 4, {14: 256}),
    ("incarnation-16", "An acknowledged incarnation of 16 bytes.", 8, {9: bytes(16)}),
    ("ranges-none", "No range.", 8, {10: []}),
    ("ranges-65", "65 ranges.", 8, {10: ranges(65)}),
    ("ranges-adjacent", "Ranges 1-2 and 3-4 are one.", 8, {10: [[1, 2], [3, 4]]}),
    ("ranges-overlap", "Ranges 1-3 and 3-4.", 8, {10: [[1, 3], [3, 4]]}),
    ("ranges-descending", "Ranges 5-6 and 1-2.", 8, {10: [[5, 6], [1, 2]]}),
    ("range-from-0", "A range from 0.", 8, {10: [[0, 2]]}),
    ("range-backwards", "A range from 3 to 2.", 8, {10: [[3, 2]]}),
    ("range-of-three", "A range of three numbers.", 8, {10: [[1, 2, 3]]}),
    ("role-0", "Role 0.", 18, {16: 0}),
    ("role-3", "Role 3.", 18, {16: 3}),
    (
        "certificate-other-key",
        "A certificate whose device is not the hash of its key.",
        11,
        {17: public(REPORTER)},
    ),
    ("root-version-0", "Version 0 of a root.", 14, {20: 0}),
    ("granted-lane-0", "A grant of lane 0.", 13, {18: 0}),
    ("granted-lane-4", "A grant of a reserved lane.", 13, {18: 4}),
]

GENERATION_BAD: list[tuple[str, str, int, Map]] = [
    ("generation-itself", "A generation that follows itself.", 20, {42: drawn("generation", 8)}),
    ("generation-16", "A generation of 16 bytes.", 20, {27: bytes(16)}),
    ("generation-new-missing", "No new generation.", 20, {42: None}),
    ("generation-size-negative", "A tree of -1 frames.", 20, {28: -1}),
    ("generation-root-31", "A tree root of 31 bytes.", 20, {29: bytes(31)}),
    ("generation-version", "A generation with a key of a directory.", 20, {20: 1}),
    ("granted-generation-lane-4", "A reserved lane that begins anew.", 20, {18: 4}),
]

# Name, what is wrong, kind, size of the body.
SIZE_BAD: list[tuple[str, str, int, int]] = [
    ("epoch-1167", "An epoch body of 1,167 bytes.", 2, 1167),
    ("epoch-1169", "An epoch body of 1,169 bytes.", 2, 1169),
    ("record-256", "A record body of 256 bytes: the tag is missing.", 3, 256),
    ("record-273", "A record body that is not on the list.", 3, 273),
    ("record-1105", "A record body between two sizes above 1,024.", 3, 1105),
    ("record-largest", "A record body of 63,488 + 16 bytes, the next of Padmé's.", 3, 63_504),
    ("record-empty", "A record without a body.", 3, 0),
    ("heartbeat-336", "A heartbeat of another size of the list.", 5, 336),
    ("void-body", "A void with a body.", 4, 1),
    ("ack-body", "An acknowledgement with a body.", 8, 1),
    ("certificate-body", "A certificate with a body.", 11, 1),
    ("grant-1152", "A grant body of 1,152 bytes.", 13, 1152),
    ("root-empty", "A root frame without a root.", 14, 0),
    ("root-61441", "A root frame of 61,441 bytes of root.", 14, 61_441),
    ("directory-16385", "A directory frame of 16,385 bytes of directory.", 15, 16_385),
    ("invite-31", "An invite body of 31 bytes.", 18, 31),
    ("generation-body", "A generation with a body.", 20, 1),
    ("join-reporter-key", "A reporter who sends a reader key.", 19, 1216),
]


def _envelope(raw: bytes) -> Iterator[Vector]:
    kind, header, body, signature = decode(raw)
    shapes: list[tuple[str, str, Any]] = [
        ("three-parts", "A frame of three elements.", [kind, header, body]),
        ("five-parts", "A frame of five elements.", [kind, header, body, signature, 0]),
        ("as-map", "A frame that is a map.", {1: kind, 2: header, 3: body, 4: signature}),
        ("signature-63", "A signature of 63 bytes.", [kind, header, body, signature[:63]]),
        ("signature-65", "A signature of 65 bytes.", [kind, header, body, signature + b"\0"]),
        (
            "header-bare",
            "A header that is not wrapped in a byte string.",
            [kind, decode(header), body, signature],
        ),
        ("body-text", "A body that is a text.", [kind, header, "a" * 272, signature]),
    ]
    for name, about, item in shapes:
        yield bad("malformed", name, about, "parse_frame", frame=encode(item))
    yield bad("malformed", "frame-trailing", "A byte after the frame.", "parse_frame", frame=raw + b"\0")
    for number in (-1, 2**63, "3"):
        item = [number, header, body, signature]
        yield bad(
            "malformed|kind", f"kind-{number}", f"A kind that is {number}.", "parse_frame", frame=encode(item)
        )
    for number in (0, 6, 10, 12, 16, 17, 21, 128):
        item = [number, header, body, signature]
        yield bad(
            "kind",
            f"kind-{number}",
            f"Kind {number} is reserved or unknown.",
            "parse_frame",
            frame=encode(item),
        )
    yield bad(
        "size|malformed",
        "frame-65537",
        "A frame of 65,537 bytes.",
        "parse_frame",
        frame=encode([14, encode(HEADERS[14]), bytes(65_537 - 111), signature]),
    )
    long_header = encode({**HEADERS[3], 5: bytes(2_048)})
    item = [3, long_header, body, signature]
    yield bad(
        "size|malformed", "header-long", "A header beyond 2,048 bytes.", "parse_frame", frame=encode(item)
    )
    crooked = [
        ("header-trailing", "A byte after the header's map.", header + b"\0"),
        (
            "header-head",
            "A header whose sequence has a head too long.",
            header.replace(b"\x01\x02\x02", b"\x01\x18\x02\x02", 1),
        ),
        ("header-array", "A header that is an array.", encode([1, 2])),
        ("header-empty", "A header of no bytes.", b""),
    ]
    for name, about, octets in crooked:
        yield bad("malformed", name, about, "parse_frame", frame=frame(3, octets, body))


def _signatures() -> Iterator[Vector]:
    raw = sample(3)
    key = public(REPORTER)
    for part, name in ((1, "header"), (2, "body"), (3, "signature")):
        item = decode(raw)
        # The last byte of the previous hash, of the body, of R: the form stays right.
        place = {1: 36, 2: 271, 3: 31}[part]
        flipped = bytearray(item[part])
        flipped[place] ^= 1
        item[part] = bytes(flipped)
        about = f"One bit of the {name} is another."
        yield bad(
            "signature", f"flip-{name}", about, "check_frame", frame=encode(item), **at(MAIN), public_key=key
        )
    item = decode(raw)
    item[0] = 5
    about = "A record shown as a heartbeat."
    yield bad(
        "signature", "kind-changed", about, "check_frame", frame=encode(item), **at(MAIN), public_key=key
    )
    elsewhere = [
        ("organisation", replace(MAIN, organisation=drawn("other organisation", 16))),
        ("lane", replace(MAIN, lane=2)),
        ("device", replace(MAIN, device=device(COORDINATOR))),
        ("incarnation", replace(MAIN, incarnation=drawn("other incarnation", 8))),
    ]
    for name, place_ in elsewhere:
        about = f"A frame moved to another {name}."
        yield bad("signature", f"moved-{name}", about, "check_frame", frame=raw, **at(place_), public_key=key)
    wrong = public(COORDINATOR)
    about = "The key of another device."
    yield bad("signature", "other-key", about, "check_frame", frame=raw, **at(MAIN), public_key=wrong)
    about = "A join signed by another key than the one in it."
    stranger = frame(19, JOIN, b"", replace(JOINER, device=device(REPORTER)), REPORTER)
    place_ = replace(JOINER, device=device(REPORTER))
    yield bad(
        "signature|malformed|invite",
        "join-other-key",
        about,
        "check_frame",
        frame=stranger,
        **at(place_),
        public_key=key,
    )


def _lanes() -> Iterator[Vector]:
    for lane in (0, 4, 15):
        place = replace(MAIN, lane=lane)
        raw = frame(4, HEADERS[4], b"", place)
        about = f"A void in lane {lane}, rightly signed."
        yield bad(
            "lane",
            f"in-lane-{lane}",
            about,
            "check_frame",
            frame=raw,
            **at(place),
            public_key=public(REPORTER),
        )
    for kind in (11, 13, 14, 15, 18, 19, 20):
        by = NEWCOMER if kind == 19 else COORDINATOR
        place = replace(JOINER if kind == 19 else ADMIN, lane=1)
        body = decode(sample(kind))[2][:64] if kind in (14, 15) else decode(sample(kind))[2]
        raw = frame(kind, HEADERS[kind], body, place, by)
        about = f"A frame of kind {kind} in lane 1."
        yield bad(
            "lane|not permitted|kind",
            f"{NAMES[kind]}-in-lane-1",
            about,
            "check_frame",
            frame=raw,
            **at(place),
            public_key=public(by),
        )


def vectors() -> Iterator[Vector]:
    """Every vector of this section; hellos, chains and signers have modules of their own."""
    for kind, name in NAMES.items():
        place, by = (
            (MAIN, REPORTER) if kind < 8 else (JOINER, NEWCOMER) if kind == 19 else (ADMIN, COORDINATOR)
        )
        size = 64 if kind in (14, 15) else None
        raw = sample(kind, size=size)
        about = f"A frame of kind {kind}, {name}."
        yield good(name, about, "check_frame", frame=raw, **at(place), public_key=public(by))
    yield good(
        "record-largest-body", "A record of 61,440 + 16 bytes.", "parse_frame", frame=sample(3, size=61_456)
    )
    yield good("root-largest", "A root frame with 61,440 bytes of root.", "parse_frame", frame=sample(14))
    yield good("ranges-64", "64 ranges.", "parse_frame", frame=sample(8, {10: ranges(64)}))
    yield good("join-coordinator", "A coordinator's join.", "parse_frame", frame=sample(19, {16: 2}, 1216))
    for name, about, kind, change in HEADER_BAD:
        also = "lane|malformed" if name.startswith("granted") else "malformed"
        also = "malformed|signature|invite" if name.startswith("certificate") else also
        also = "malformed|size" if name in ("ranges-65", "step-1024") else also
        yield bad(also, name, about, "parse_frame", frame=sample(kind, change, 64 if kind == 14 else None))
    for name, about, kind, size in SIZE_BAD:
        yield bad("size|malformed", name, about, "parse_frame", frame=sample(kind, size=size))
    about = "A coordinator's join without a reader key."
    yield bad("size|malformed", "join-no-key", about, "parse_frame", frame=sample(19, {16: 2}, 0))
    yield from _envelope(sample(3))
    yield from _signatures()
    yield from _lanes()
    yield from section3_hello.vectors()
    yield from section3_chains.vectors()
    for name, about, kind, change in GENERATION_BAD:
        also = "lane|malformed" if name.startswith("granted") else "malformed"
        yield bad(also, name, about, "parse_frame", frame=sample(kind, change))
    for name, about, kind, change in VOID_BAD:
        yield bad("malformed", name, about, "parse_frame", frame=sample(kind, change))
    yield from section3_voids.vectors()
