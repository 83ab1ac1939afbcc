"""§1: encoding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.mini.cbor import encode
from tests.vectors.mini.typed import to_typed

LOWEST = "Integers are those whose CBOR argument fits 64 bits: from -2^64 to 2^64 - 1."
BOUNDARIES = [0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]

GOOD: list[tuple[str, str, Any]] = [
    ("integers", "Unsigned integers at every boundary of a head.", BOUNDARIES),
    ("negatives", "Negative integers at every boundary of a head.", [-1 - one for one in BOUNDARIES[:-2]]),
    (
        "strings",
        "Byte and text strings of 0, 23, 24 and 256 bytes.",
        ["", b"", b"a" * 23, "b" * 24, b"c" * 256],
    ),
    ("simple", "The three simple values.", [False, True, None]),
    (
        "key-order",
        "Keys ascend bytewise by their encodings: 24 (1818) stands before -1 (20).",
        {24: 0, -1: 1},
    ),
    ("mixed-keys", "Integer, byte string and text keys in one map.", {1: 1, -1: 2, b"a": 3, "a": 4}),
    ("empty", "Empty array and map.", [[], {}]),
    ("depth-8", "Eight arrays in one another; the innermost, at depth 8, is empty.", [[[[[[[[]]]]]]]]),
    ("nul", "A text may hold U+0000 and characters beyond the first plane.", "a\x00\U0001f5fa"),
]

BAD: list[tuple[str, str, str]] = [
    ("head-1-byte", "23 in a head of two bytes.", "1817"),
    ("head-2-bytes", "255 in a head of three bytes.", "1900ff"),
    ("head-4-bytes", "65,535 in a head of five bytes.", "1a0000ffff"),
    ("head-8-bytes", "2^32 - 1 in a head of nine bytes.", "1b00000000ffffffff"),
    ("head-negative", "-1 in a head of two bytes.", "3800"),
    ("head-bytes", "The length of a byte string in a head of two bytes.", "580161"),
    ("head-text", "The length of a text in a head of two bytes.", "780161"),
    ("head-array", "The length of an array in a head of two bytes.", "980100"),
    ("head-map", "The length of a map in a head of two bytes.", "b8010000"),
    ("unsorted", "Map keys 2, 1.", "a202000100"),
    (
        "length-first",
        "Map keys -1, 24: the order of RFC 7049, not bytewise.",
        "a220001818 00".replace(" ", ""),
    ),
    ("duplicate", "Map keys 1, 1.", "a201000100"),
    ("key-null", "A map key that is null.", "a1f600"),
    ("key-true", "A map key that is true.", "a1f500"),
    ("key-array", "A map key that is an array.", "a18000"),
    ("key-map", "A map key that is a map.", "a1a000"),
    ("tag", "A tagged integer.", "c000"),
    ("bignum", "A bignum.", "c2490100000000000000 00".replace(" ", "")),
    ("self-described", "The tag of self-described CBOR before an item.", "d9d9f700"),
    ("float-16", "A half-precision float.", "f93c00"),
    ("float-32", "A single-precision float.", "fa3fc00000"),
    ("float-64", "A double-precision float.", "fb3ff199999999999a"),
    ("undefined", "The simple value undefined.", "f7"),
    ("simple-16", "An unassigned simple value.", "f0"),
    ("simple-255", "A simple value in two bytes.", "f8ff"),
    ("simple-false-long", "false in two bytes.", "f814"),
    ("bytes-indefinite", "A byte string of indefinite length.", "5f4161ff"),
    ("text-indefinite", "A text of indefinite length.", "7f6161ff"),
    ("array-indefinite", "An array of indefinite length.", "9f00ff"),
    ("map-indefinite", "A map of indefinite length.", "bf0000ff"),
    ("break", "A break by itself.", "ff"),
    ("reserved-28", "A reserved head.", "1c"),
    ("reserved-62", "A reserved head of a byte string.", "5e"),
    ("depth-9-array", "Nine arrays in one another.", "81" * 8 + "80"),
    ("depth-9-integer", "An integer in eight arrays is at depth 9.", "81" * 8 + "00"),
    ("depth-9-value", "A map at depth 8 that holds something.", "81" * 7 + "a10000"),
    ("depth-bomb", "A thousand arrays in one another.", "81" * 1000 + "80"),
    ("utf8-overlong", "U+0000 in two bytes.", "62c080"),
    ("utf8-surrogate", "A surrogate in a text.", "63eda080"),
    ("utf8-beyond", "A character beyond U+10FFFF.", "64f4908080"),
    ("utf8-cut", "A text that ends within a character.", "61c3"),
    ("utf8-key", "A map key that is no UTF-8.", "a161ff00"),
    ("trailing", "A byte after the item.", "0000"),
    ("nothing", "No byte at all.", ""),
    ("head-cut", "A head that ends early.", "19ff"),
    ("bytes-beyond", "A byte string longer than what is left.", "4261"),
    ("bytes-huge", "A byte string of 2^63 - 1 bytes, as it says.", "5b7fffffffffffffff"),
    ("array-huge", "An array of 2^64 - 1 elements, as it says.", "9bffffffffffffffff"),
    ("map-huge", "A map of 2^32 pairs, as it says.", "bb0000000100000000"),
    ("map-half", "A map that ends after a key.", "a100" + ""),
]

ENCODE_BAD: list[tuple[str, str, Any]] = [
    ("encode-float", "An encoder is asked for a float.", {"float": "1.5"}),
    ("encode-big", "An encoder is asked for 2^64.", {"int": str(2**64)}),
    ("encode-small", "An encoder is asked for -2^64 - 1.", {"int": str(-(2**64) - 1)}),
    ("encode-deep", "An encoder is asked for depth 9.", to_typed([[[[[[[[0]]]]]]]])),
    ("encode-key", "An encoder is asked for a map key null.", {"map": [[{"simple": "null"}, {"int": "0"}]]}),
    ("encode-surrogate", "An encoder is asked for a text with a lone surrogate.", {"text": "\ud800"}),
]


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    for name, about, item in GOOD:
        yield good(name, about, "decode", bytes=encode(item))
    lowest = good(
        "negative-64", "-2^64, whose argument still fits 64 bits.", "decode", bytes=encode(-(2**64))
    )
    yield replace(lowest, proposed=LOWEST)
    for name, about, item in GOOD[:6]:
        yield good(f"encode-{name}", about, "encode", item=to_typed(item))
    for name, about, octets in BAD:
        yield bad("malformed", name, about, "decode", bytes=bytes.fromhex(octets))
    for name, about, item in ENCODE_BAD:
        yield bad("malformed", name, about, "encode", item=item)
