"""§4: padding, squeezing, plain bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import NEWCOMER, ORGANISATION, REVISION, Map, device, drawn, squeezed
from tests.vectors.mini.bodies import MAGIC, plain_body
from tests.vectors.mini.cbor import encode
from tests.vectors.mini.names import first_generation
from tests.vectors.mini.padding import pad

LONG_TEXT = "The texts in answers (§4) and key 12 are bounded by the plain body alone, not by 255 bytes."
WINDOW_1_MIB, WINDOW_2_MIB = 0x50, 0x58
RAW, RLE, RESERVED = 0, 1, 3
SIZES = [1, 256, 257, 320, 321, 1024, 1025, 1088, 1089, 2048, 2049, 4097, 32_769, 61_440]


def block(kind: int, content: bytes, size: int | None = None, *, last: bool = True) -> bytes:
    """A zstd block, written by hand."""
    length = len(content) if size is None else size
    return (int(last) | kind << 1 | length << 3).to_bytes(3, "little") + content


def by_hand(*blocks: bytes, descriptor: bytes = b"\0", window: int = WINDOW_1_MIB) -> bytes:
    """A squeezed body of these blocks."""
    return descriptor + bytes([window]) + b"".join(blocks)


def zeros(count: int) -> bytes:
    """So many zero bytes in a few: blocks of 128 KiB that repeat one byte."""
    whole, rest = divmod(count, 131_072)
    sizes = [131_072] * whole + ([rest] if rest else [])
    return b"".join(block(RLE, b"\0", size, last=at == len(sizes) - 1) for at, size in enumerate(sizes))


PLAIN = plain_body(1, REVISION)
HELLO = block(RAW, b"hello")

EXPAND_BAD: list[tuple[str, str, str, bytes]] = [
    (
        "malformed",
        "checksum",
        "A frame that says it has a checksum.",
        by_hand(HELLO, b"\0" * 4, descriptor=b"\4"),
    ),
    ("malformed", "content-size", "A frame with a content size.", b"\x20\x05" + HELLO),
    ("malformed", "content-size-2", "A frame with a window and a content size.", b"\x40\x50\x05\xff" + HELLO),
    ("malformed", "dictionary-id", "A frame with a dictionary id.", b"\x01\x50\x01" + HELLO),
    ("malformed", "reserved-bit", "The reserved bit of the descriptor.", by_hand(HELLO, descriptor=b"\x08")),
    ("malformed|size", "window-beyond", "A window of 2.25 MiB.", by_hand(HELLO, window=0x59)),
    ("malformed|size", "window-huge", "A window of 3.75 TiB.", by_hand(HELLO, window=0xFF)),
    ("malformed", "trailing", "A byte after the frame.", by_hand(HELLO) + b"\0"),
    ("malformed", "two-frames", "A second frame.", by_hand(HELLO) + MAGIC + by_hand(HELLO)),
    (
        "malformed",
        "skippable",
        "A skippable frame after the frame.",
        by_hand(HELLO) + bytes.fromhex("502a4d1800000000"),
    ),
    ("malformed", "magic-kept", "The magic is not left off.", MAGIC + by_hand(HELLO)),
    ("malformed", "cut", "A frame cut within a block.", by_hand(HELLO)[:-1]),
    ("malformed", "no-last-block", "No block is the last one.", by_hand(block(RAW, b"hello", last=False))),
    ("malformed", "block-reserved", "A block of the reserved type.", by_hand(block(RESERVED, b"hello"))),
    ("malformed", "nothing", "No byte at all.", b""),
    ("malformed", "descriptor-only", "The descriptor and nothing else.", b"\0"),
    ("size|malformed", "bomb", "64 MiB of zeros in 2,050 bytes.", by_hand(zeros(64 << 20))),
    ("size|malformed", "one-too-many", "1,048,577 bytes.", by_hand(zeros(1_048_577))),
]

UNPAD_BAD: list[tuple[str, str, str, bytes]] = [
    ("malformed", "marker-81", "0x81 for a marker.", b"abc\x81".ljust(256, b"\0")),
    ("malformed", "marker-missing", "Zeros and nothing else.", bytes(256)),
    ("malformed", "no-zeros", "256 bytes that end in data.", b"a" * 256),
    ("malformed|size", "too-long", "320 bytes where 256 do.", b"abc\x80".ljust(320, b"\0")),
    (
        "malformed|size",
        "too-long-padme",
        "1,088 bytes where 1,024 do.",
        (b"a" * 1023 + b"\x80").ljust(1088, b"\0"),
    ),
    ("malformed", "zeros-then-data", "A byte after the zeros.", b"abc\x80".ljust(255, b"\0") + b"\1"),
    ("size|malformed", "size-255", "255 bytes.", b"abc\x80".ljust(255, b"\0")),
    ("size|malformed", "size-288", "288 bytes.", (b"a" * 260 + b"\x80").ljust(288, b"\0")),
    (
        "size|malformed",
        "size-2112",
        "2,112 bytes, on a step of 64 but not of 128.",
        (b"a" * 2050 + b"\x80").ljust(2112, b"\0"),
    ),
    (
        "size|malformed",
        "size-63488",
        "63,488 bytes, the first size beyond the last.",
        b"a" * 62_000 + b"\x80" + bytes(1487),
    ),
    ("size|malformed", "empty", "No byte at all.", b""),
]

GOSSIP: list[Any] = [1, first_generation(ORGANISATION, 1), 12, drawn("tree root")]
PART: Map = {1: "incident", 2: 3, 4: {"who": "A witness"}, 11: drawn("revision", 16)}
MEMBER: Map = {1: device(NEWCOMER), 2: 1, 3: "Newcomer 3"}
INVITE: Map = {1: drawn("invite", 16), 2: drawn("k_org"), 3: 1, 4: "Newcomer 3", 5: 491_000}
HEAD: Map = {key: REVISION[key] for key in (1, 2, 5)}
REQUIRED = "Keys 1, 2 and 5 are always in a revision; in a part, keys 1, 2 and 11."
PLAIN_GOOD: list[tuple[str, str, int, int, Any]] = [
    ("revision", "A revision in lane 1.", 3, 1, [1, REVISION, None]),
    ("gossip", "A revision with gossip.", 3, 1, [1, REVISION, GOSSIP]),
    (
        "withdrawn",
        "A revision that takes the report back, without answers.",
        3,
        1,
        [1, {**HEAD, 3: [drawn("parent", 16)], 12: "wrong place"}, None],
    ),
    ("part", "A part in lane 2.", 3, 2, [2, PART, None]),
    ("part-16", "A part in a compartment.", 3, 16, [2, PART, None]),
    ("member", "A member's name in lane 3.", 3, 3, [4, MEMBER, None]),
    ("invite", "An invite in lane 3.", 3, 3, [5, INVITE, None]),
    ("heartbeat", "A heartbeat.", 5, 2, [6, {1: 491_000}, GOSSIP]),
]
PLAIN_BAD: list[tuple[str, str, int, int, Any]] = [
    ("revision-lane-2", "A revision in lane 2.", 3, 2, [1, REVISION, None]),
    ("revision-lane-16", "A revision in a compartment.", 3, 16, [1, REVISION, None]),
    ("part-lane-1", "A part in lane 1.", 3, 1, [2, PART, None]),
    ("part-lane-3", "A part in lane 3.", 3, 3, [2, PART, None]),
    ("member-lane-1", "A member's name in lane 1.", 3, 1, [4, MEMBER, None]),
    ("invite-lane-1", "An invite in lane 1.", 3, 1, [5, INVITE, None]),
    ("beat-in-record", "Type 6 in kind 3.", 3, 1, [6, {1: 491_000}, None]),
    ("revision-in-beat", "Type 1 in kind 5.", 5, 1, [1, REVISION, None]),
    ("type-0", "Type 0.", 3, 1, [0, REVISION, None]),
    ("type-3", "The reserved type.", 3, 1, [3, REVISION, None]),
    ("type-7", "An unknown type.", 3, 1, [7, REVISION, None]),
    ("two-parts", "No place for gossip.", 3, 1, [1, REVISION]),
    ("content-array", "A content that is an array.", 3, 1, [1, ["incident", 3], None]),
    ("gossip-three", "Gossip without the root.", 3, 1, [1, REVISION, GOSSIP[:3]]),
    ("gossip-lane-4", "Gossip of a reserved lane.", 3, 1, [1, REVISION, [4, *GOSSIP[1:]]]),
    ("gossip-false", "false for no gossip.", 3, 1, [1, REVISION, False]),
    (
        "revision-key-11",
        "A revision that belongs to one.",
        3,
        1,
        [1, {**REVISION, 11: drawn("revision", 16)}, None],
    ),
    ("part-key-12", "A part that withdraws.", 3, 2, [2, {**PART, 12: "wrong"}, None]),
    ("key-13", "A key the table does not have.", 3, 1, [1, {**REVISION, 13: 1}, None]),
    ("parents-empty", "Parents that are none, and not left out.", 3, 1, [1, {**REVISION, 3: []}, None]),
    ("parent-15", "A parent of 15 bytes.", 3, 1, [1, {**REVISION, 3: [bytes(15)]}, None]),
    ("answers-empty", "Answers that are none, and not left out.", 3, 1, [1, {**REVISION, 4: {}}, None]),
    ("answer-bytes", "An answer that is a byte string.", 3, 1, [1, {**REVISION, 4: {"what": b"a"}}, None]),
    ("answer-null", "An answer that is null.", 3, 1, [1, {**REVISION, 4: {"what": None}}, None]),
    ("confidence-3", "Clock confidence 3.", 3, 1, [1, {**REVISION, 7: 3}, None]),
    ("member-role-3", "A member of role 3.", 3, 3, [4, {**MEMBER, 2: 3}, None]),
    (
        "invite-short",
        "An invite without its expiry.",
        3,
        3,
        [5, {key: INVITE[key] for key in (1, 2, 3, 4)}, None],
    ),
    ("beat-empty", "A heartbeat without a time.", 5, 1, [6, {}, None]),
]


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    for size in SIZES:
        yield good(
            f"size-of-{size}", f"The size for {size} bytes, marker included.", "padded_size", length=size
        )
    about = "The size for 61,441 bytes: there is none."
    yield bad("size|malformed", "size-of-61441", about, "padded_size", length=61_441)
    for length in (0, 1, 255, 256, 1_023, 1_024):
        octets = drawn("squeezed", 32) * 33
        yield good(f"pad-{length}", f"Padding of {length} bytes.", "pad", squeezed=octets[:length])
        yield good(f"unpad-{length}", f"{length} bytes padded.", "unpad", padded=pad(octets[:length]))
    about = "Squeezed bytes that end in 0x80 and zeros keep them."
    yield good("unpad-inner-marker", about, "unpad", padded=pad(b"abc\x80\0\0"))
    for expect, name, about, octets in UNPAD_BAD:
        yield bad(expect, f"unpad-{name}", about, "unpad", padded=octets)
    yield good("expand", "A revision under dictionary 1.", "expand", squeezed=squeezed(PLAIN))
    yield good("expand-raw", "One raw block.", "expand", squeezed=by_hand(HELLO))
    yield good("expand-window", "A window of 2 MiB.", "expand", squeezed=by_hand(HELLO, window=WINDOW_2_MIB))
    yield good("expand-largest", "1,048,576 bytes.", "expand", squeezed=by_hand(zeros(1_048_576)))
    for expect, name, about, octets in EXPAND_BAD:
        yield bad(expect, f"expand-{name}", about, "expand", squeezed=octets)
    for name, about, kind, lane, item in PLAIN_GOOD:
        yield good(f"plain-{name}", about, "plain", plain=encode(item), kind=kind, lane=lane)
    long: Map = {**REVISION, 4: {"what": "word " * 200}}
    about = "An answer of 1,000 bytes."
    vector = good("plain-long-answer", about, "plain", plain=plain_body(1, long), kind=3, lane=1)
    yield replace(vector, proposed=LONG_TEXT)
    for name, about, kind, lane, item in PLAIN_BAD:
        also = "lane|malformed" if name == "gossip-lane-4" else "malformed|lane|kind"
        yield bad(also, f"plain-{name}", about, "plain", plain=encode(item), kind=kind, lane=lane)
    short = [
        ("revision-no-form", "A revision without its form.", 1, [1, {2: 3, 5: 1}, None]),
        (
            "revision-no-version",
            "A revision without its form's version.",
            1,
            [1, {1: "incident", 5: 1}, None],
        ),
        ("revision-no-time", "A revision without its time.", 1, [1, {1: "incident", 2: 3}, None]),
        ("part-no-revision", "A part of no revision.", 2, [2, {1: "incident", 2: 3}, None]),
    ]
    for name, about, lane, item in short:
        vector = bad("malformed", f"plain-{name}", about, "plain", plain=encode(item), kind=3, lane=lane)
        yield replace(vector, proposed=REQUIRED)
    about = "A plain body with a head longer than needed."
    crooked = encode([6, {1: 24}, None]).replace(b"\x01\x18\x18", b"\x01\x19\x00\x18")
    yield bad("malformed", "plain-not-canonical", about, "plain", plain=crooked, kind=5, lane=1)
