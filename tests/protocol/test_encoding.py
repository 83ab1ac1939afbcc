"""Canonical CBOR against RFC 8949 appendix A and a table of everything that must be refused."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import decoding
from sync.protocol.encoding import Incomplete, decode, decode_own, encode, scan
from sync.protocol.errors import ProtocolError
from sync.protocol.kinds import Key
from tests.protocol.refusing import refused

# RFC 8949 appendix A, the rows that the protocol takes.
GOOD: list[tuple[str, object]] = [
    ("00", 0),
    ("01", 1),
    ("0a", 10),
    ("17", 23),
    ("1818", 24),
    ("1819", 25),
    ("1864", 100),
    ("1903e8", 1_000),
    ("1a000f4240", 1_000_000),
    ("1b000000e8d4a51000", 1_000_000_000_000),
    ("1bffffffffffffffff", 2**64 - 1),
    ("3bffffffffffffffff", -(2**64)),
    ("20", -1),
    ("29", -10),
    ("3863", -100),
    ("3903e7", -1_000),
    ("f4", False),
    ("f5", True),
    ("f6", None),
    ("40", b""),
    ("4401020304", b"\1\2\3\4"),
    ("60", ""),
    ("6161", "a"),
    ("6449455446", "IETF"),
    ("62225c", '"\\'),
    ("62c3bc", "ü"),
    ("63e6b0b4", "水"),
    ("64f0908591", "\U00010151"),
    ("80", []),
    ("83010203", [1, 2, 3]),
    ("8301820203820405", [1, [2, 3], [4, 5]]),
    ("98190102030405060708090a0b0c0d0e0f101112131415161718181819", list(range(1, 26))),
    ("a0", {}),
    ("a201020304", {1: 2, 3: 4}),
    ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ("826161a161626163", ["a", {"b": "c"}]),
    ("a56161614161626142616361436164614461656145", {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}),
]

# RFC 8949 appendix A, the rows that the protocol refuses.
FOREIGN = {
    "bignum": "c249010000000000000000 c349010000000000000000",
    "half float": "f90000 f98000 f93c00 f93e00 f97bff f90001 f90400 f9c400 f97c00 f97e00 f9fc00",
    "float": "fa47c35000 fa7f7fffff fa7f800000 fa7fc00000 faff800000",
    "double": "fb3ff199999999999a fb7e37e43c8800759c fbc010666666666666 fb7ff0000000000000",
    "double limits": "fb7ff8000000000000 fbfff0000000000000",
    "simple value": "f7 f0 f8ff e0 f3 f818",
    "tagged": "c074323031332d30332d32315432303a30343a30305a c11a514b67b0 c1fb41d452d9e2000000 d74401020304",
    "tagged data": "d818456449455446 d82076687474703a2f2f7777772e6578616d706c652e636f6d",
    "indefinite string": "5f42010243030405ff 7f657374726561646d696e67ff",
    "indefinite array": "9fff 9f018202039f0405ffff 9f01820203820405ff 83018202039f0405ff 83019f0203ff820405",
    "indefinite map": "bf61610161629f0203ffff 826161bf61626163ff bf6346756ef563416d7421ff",
}

# Ours: one defect each.
DEFECTS = {
    "no bytes": "",
    "one-byte head too long": "1800 1817 3800 3817 5800 5817 7800 9800 b800",
    "two-byte head too long": "190000 1900ff 3900ff 590000 5900ff 790001 990000 b90000",
    "four-byte head too long": "1a00000000 1a0000ffff 3a0000ffff 5a00000001 9a00000000",
    "eight-byte head too long": "1b0000000000000000 1b00000000ffffffff 3b00000000ffffffff 5b0000000000000000",
    "reserved head with content": "1c{0} 3c{0} 5c{0} 9d{0}{0}".format("ff" * 16),
    "reserved head": "1c 1d 1e 1f 3c 5c 5d 7e 9c bc 3f df ff",
    "cut head": "18 19 1901 1a010000 1b01000000000000 58 79 9a",
    "cut string": "41 4261 62c3 590100",
    "cut array": "81 8201 83010281",
    "cut map": "a1 a101 a2010203",
    "absurd length": "5bffffffffffffffff 7bffffffffffffffff 9bffffffffffffffff bbffffffffffffffff",
    "length beyond a machine word": "5b8000000000000000 9b8000000000000000 bb8000000000000000",
    "a byte follows": "0000 f600 8000 a000 4000",
    "text that is not UTF-8": "61ff 62c328 61c3 62c080 63e08080 64f8808080 64f4908080",
    "a surrogate": "63eda080 63edbfbf 66eda081edb080",
    "key not a scalar": "a18000 a1a000 a1818000 a1f400 a1f500 a1f600",
    "keys not ascending": "a202000100 a2614100184000 a2616200616100 a241000000",
    "longer key first": "a262616100616200 a21818000000 a2390100002000",
    "key twice": "a201000100 a2616100616100 a3010002000200",
    "nine deep": "818181818181818100 8181818181818181a0 a101a101a101a101a101a101a101a10100",
    "shared reference": "82d81c81d81d0000 d90100820102",
}

REFUSED = [
    pytest.param(item, id=f"{name} {item}")
    for table in (FOREIGN, DEFECTS)
    for name, items in table.items()
    for item in (items.split() or [""])
]

KEYS = st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=9) | st.text(max_size=9)
SCALARS = KEYS | st.booleans() | st.none()
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
).filter(lambda value: depth_of(value) <= 8)


def depth_of(value: object) -> int:
    """Nesting as §1 counts it."""
    if isinstance(value, dict):
        return 1 + max(1, *map(depth_of, value.values())) if value else 1
    if isinstance(value, list):
        return 1 + max(map(depth_of, value)) if value else 1
    return 1


def is_taken(data: bytes) -> bool:
    """Whether the bytes are read; any exception but the declared one fails the test."""
    try:
        decode(data)
    except ProtocolError:
        return False
    return True


@pytest.mark.parametrize(("data", "value"), GOOD)
def test_good_encodings_are_read_and_written_alike(data: str, value: object) -> None:
    """Each row of the RFC reads as its value, of the same type, and is written with the same bytes."""
    read = decode(bytes.fromhex(data))
    assert read == value
    assert type(read) is type(value)
    assert encode(value) == bytes.fromhex(data)


@pytest.mark.parametrize("data", REFUSED)
def test_other_encodings_are_refused(data: str) -> None:
    """Everything that is not canonical is malformed, wherever it stands: alone, in an array, as a value."""
    item = bytes.fromhex(data)
    for before in (b"", b"\x81", b"\xa1\x01"):
        with refused():
            decode(before + item)


UNFINISHED = ("no bytes", "cut", "absurd", "length beyond")
NOT_HEADS = ("text that", "a surrogate", "a byte")
SCANNED = [row for row in REFUSED if not str(row.id).startswith(UNFINISHED + NOT_HEADS)]
CUT = [row for row in REFUSED if str(row.id).startswith(UNFINISHED)]
HEADS = [
    bytes([major << 5 | info]) + tail
    for major in range(8)
    for info, tails in {
        0: [b""], 1: [b"", b"a"], 2: [b"", b"bb"], 20: [b""], 21: [b""], 22: [b""], 23: [b"", b"c" * 23],
        24: [b"", b"\x17", b"\x18" + b"d" * 24], 25: [b"\0\xff", b"\1\0"], 26: [b"\0\1\0\0"],
        27: [b"\0\0\0\1\0\0\0\0", b"\xff" * 8], 28: [b""], 31: [b""],
    }.items()
    for tail in tails
]  # fmt: skip


@pytest.mark.parametrize("data", SCANNED)
def test_the_scan_alone_refuses(data: str) -> None:
    """The first of two layers: a wrong head is refused by the scan, whatever follows it."""
    with refused():
        scan(bytes.fromhex(data) + bytes(40), 0)


@pytest.mark.parametrize("data", CUT)
def test_the_scan_alone_finds_what_is_missing(data: str) -> None:
    """What could still become an item is not wrong yet."""
    with pytest.raises(Incomplete):
        scan(bytes.fromhex(data), 0)


def by_library(data: bytes) -> object:
    """What two others make of it: the scan allows it, `cbor2` reads it and writes it back."""
    assert scan(data, 0) == len(data)
    value = cbor2.loads(data)
    assert cbor2.dumps(value) == data
    return value


def agrees(data: bytes) -> bool:
    """Whether the reader takes the bytes; it must take what the others do, and as the same value."""
    try:
        expected: tuple[object, ...] = (by_library(data),)
    except (ProtocolError, Incomplete, AssertionError, cbor2.CBORError, ValueError):
        expected = ()
    try:
        found: tuple[object, ...] = (decode(data),)
    except ProtocolError:
        found = ()
    assert repr(found) == repr(expected)
    return bool(found)


@pytest.mark.parametrize("data", [*REFUSED, *(data for data, _ in GOOD)])
def test_the_reader_agrees_with_scan_and_library(data: str) -> None:
    """Of every row of the tables, alone and inside others, in any place."""
    item = bytes.fromhex(data)
    for around in (b"%b", b"\x81%b", b"\x82%b\x00", b"\xa1\x01%b", b"\xa1%b\x01", b"\xa2\x00%b\x61a\xf6"):
        agrees(around % item)


@given(st.data(), VALUES)
def test_the_reader_agrees_on_changed_bytes(data: st.DataObject, value: Any) -> None:
    """Bytes that were changed, cut out or put in, one after the other."""
    raw = bytearray(encode(value))
    assert agrees(bytes(raw))
    for _ in range(data.draw(st.integers(1, 3))):
        at, many = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 2))
        raw[at : at + many] = data.draw(st.binary(max_size=2))
        agrees(bytes(raw))


@given(st.lists(st.sampled_from(HEADS), max_size=12))
def test_the_reader_agrees_on_heads(heads: list[bytes]) -> None:
    """Heads of every kind and length in any order: what random bytes seldom hit."""
    agrees(b"".join(heads))


def test_remembered_names_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends ever new names fills no memory, and is read all the same."""
    monkeypatch.setattr(decoding, "_names", {})
    monkeypatch.setattr(decoding, "NAMES_KNOWN", 3)
    value = {f"name {number}": number for number in range(9)}
    assert decode(encode(value)) == decode(encode(value)) == value
    assert len(decoding._names) == 3


def test_the_library_alone_would_not_do() -> None:
    """Control: it would take some of these."""
    taken = []
    for row in REFUSED:
        try:
            cbor2.loads(bytes.fromhex(str(row.values[0])))
        except (cbor2.CBORError, ValueError):
            continue
        taken.append(row)
    assert len(taken) > 20


def test_eight_deep_is_taken() -> None:
    """Depth 8 is the last that is allowed, for containers and for what they hold, both ways."""
    deepest: object = []
    for _ in range(7):
        deepest = [deepest]
    assert decode(encode(deepest)) == deepest
    assert depth_of(deepest) == 8
    with pytest.raises(TypeError, match="deeper than 8"):
        encode([deepest])


@given(VALUES)
def test_round_trip(value: Any) -> None:
    """Whatever can be encoded is read back as it was, and no prefix of it is an item."""
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data
    assert [cut for cut in range(len(data)) if is_taken(data[:cut])] == []


@given(st.data(), VALUES)
def test_a_changed_byte_never_gives_a_second_encoding(data: st.DataObject, value: Any) -> None:
    """Of changed bytes either nothing is read, or a value that has these bytes as its only encoding."""
    raw = bytearray(encode(value))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert not is_taken(bytes(raw)) or encode(decode(bytes(raw))) == raw


@given(st.binary(max_size=40))
def test_random_bytes(data: bytes) -> None:
    """Random bytes are refused, or are the one encoding of what is read."""
    assert not is_taken(data) or encode(decode(data)) == data


def test_keys_are_sorted_whatever_order_they_come_in() -> None:
    """Maps are written in the bytewise order of the encoded keys: integers by head, then bytes, then text."""
    keys: list[int | bytes | str] = [0, 1, 23, 24, 255, 1_000, -1, -25, b"", b"b", b"aa", "", "b", "aa"]
    value = {key: None for key in reversed(keys)}
    assert list(decode(encode(value))) == keys  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "value",
    [1.5, 2**64, -(2**64) - 1, object(), {1, 2}, bytearray(b"x"), {True: 1}, {None: 1}, {(1,): 2}, [[0.0]]],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_encoding(value: object) -> None:
    """A value outside the closed list is a caller's mistake."""
    with pytest.raises(TypeError):
        encode(value)


def test_text_without_utf8() -> None:
    """A lone surrogate has no encoding."""
    with pytest.raises(UnicodeEncodeError):
        encode("\ud800")


def test_enumerations_are_written_as_their_numbers() -> None:
    """A header may be keyed by its enumeration."""
    assert encode({Key.SEQUENCE: Key.STEP}) == encode({1: 4})


def test_the_length_is_compared_first() -> None:
    """One byte over the limit is refused, the limit itself is not."""
    data = encode(bytes(100))
    assert decode(data, limit=len(data)) == bytes(100)
    with refused(words="at most 101 bytes, got 102"):
        decode(data, limit=len(data) - 1)


def test_scan_finds_the_end_in_a_sequence() -> None:
    """The end of an item does not depend on what follows; an item that goes on is incomplete, not wrong."""
    assert scan(b"\x82\x01\x02\xff\xff", 0) == 3
    assert scan(b"\xff\x82\x01\x02", 1) == 4
    with pytest.raises(Incomplete):
        scan(b"\x82\x01", 0)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    )
)
def test_what_was_encoded_here(value: object) -> None:
    """The fast reader agrees with the strict one on what `encode` makes."""
    assert decode_own(encode(value)) == decode(encode(value))


@pytest.mark.parametrize("data", ["", "82", "ff", "5a00ffffff", "1c", "62c328"])
def test_what_was_not_encoded_here(data: str) -> None:
    """It still raises nothing but the declared error."""
    with pytest.raises(ProtocolError):
        decode_own(bytes.fromhex(data))
