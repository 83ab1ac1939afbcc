"""Canonical CBOR: one encoding for every value, and readers that refuse all others (docs/protocol.md §1).

`cbor2` writes, and reads what it wrote. It never sees a byte of anybody else: in its strictest setting it
takes heads that are too long, unsorted maps and shared references. What comes is read in `decoding`; a scan
finds where an item of a stream ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cbor2

from sync.protocol.decoding import (
    head,
    read_item,
    type_array,
    type_bytes,
    type_map,
    type_simple,
    type_tag,
    type_text,
)
from sync.protocol.errors import malformed
from sync.protocol.limits import DEPTH, FRAME_BYTES, REPLY_ITEM_BYTES

_STRINGS: Final = (type_bytes, type_text)
_CONTAINERS: Final = (type_array, type_map)

_SIMPLE: Final = frozenset({0xF4, 0xF5, 0xF6})
"""false, true, null: the only simple values."""

_SHORT: Final = tuple(bytes([type_text << 5 | length]) for length in range(24))
"""Heads of short texts, by their length: nearly every key is one."""

_INT_MAX: Final = 2**64 - 1


class Incomplete(Exception):
    """The bytes end before the item does: not hostile by itself, more may come."""


def encode(value: object) -> bytes:
    """Encode integers, bytes, text, booleans, None, lists or tuples, and dicts.

    Raise TypeError for anything else, and UnicodeEncodeError for text that has no UTF-8.
    """
    return cbor2.dumps(_ordered(value, 1))


def decode(data: bytes, *, limit: int = FRAME_BYTES) -> object:
    """Decode exactly one canonical item of at most `limit` bytes.

    Raise ProtocolError (MALFORMED) for anything else.
    """
    if len(data) > limit:
        raise malformed(f"expected at most {limit} bytes, got {len(data)}")
    return read_item(data)


def decode_own(data: bytes) -> object:
    """Decode what `encode` made and nobody else could change since, such as a row of the vault: ten times as
    fast, and taking more than one encoding of a value.

    Raise ProtocolError (MALFORMED) for what is none.
    """
    try:
        return cbor2.loads(data)
    except (cbor2.CBORDecodeError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        raise malformed("expected what was encoded here") from error


def scan(data: bytes | bytearray, start: int) -> int:
    """Return where the canonical item at `start` ends.

    Raises ProtocolError when the bytes cannot begin a canonical item, Incomplete when they end too early.
    """
    return Scanner(start).run(data)


class Scanner:
    """Walks from head to head to the end of one item; where the bytes run out, it goes on when more came.

    Without that, an item that comes byte by byte would be read from its start each time.
    """

    __slots__ = ("_at", "_key", "_left", "_outer")

    def __init__(self, start: int = 0) -> None:
        self._at = start
        self._left = 1  # items to come in the innermost container, keys and values counted alike
        self._key: bytes | None = None  # its last key if it is a map, empty before the first
        self._outer: list[tuple[int, bytes | None]] = []  # the same two of the containers around it

    def run(self, data: bytes | bytearray) -> int:
        """As `scan`; after Incomplete, call it again with the same bytes and what follows them."""
        at, left, key, outer, size = self._at, self._left, self._key, self._outer, len(data)
        try:
            while True:
                if at >= size:
                    raise Incomplete
                major, value, whole = _HEADS[data[at]] or _long_head(data, at)
                end = at + whole
                if end > size:
                    raise Incomplete
                if key is not None and not left & 1:
                    key = _next_key(key, major, data[at:end])
                if major in _CONTAINERS:
                    items = _items(major, value, size - end, len(outer))
                    outer.append((left - 1, key))
                    left, key = items, b"" if major == type_map else None
                else:
                    left -= 1
                at = end
                while not left:
                    if not outer:
                        return at
                    left, key = outer.pop()
        except Incomplete:
            self._at, self._left, self._key = at, left, key
            raise


def _items(major: int, length: int, rest: int, around: int) -> int:
    """How many items a container inside `around` others holds. Each takes a byte at least of the `rest`."""
    items = 2 * length if major == type_map else length
    if items and around + 1 == DEPTH:
        raise malformed(f"nested deeper than {DEPTH}")
    if items > rest:
        raise Incomplete
    return items


def _next_key(last: bytes, major: int, key: bytes | bytearray) -> bytes:
    if major > type_text:
        raise malformed("a map key is not an integer, text or bytes")
    if key <= last:
        raise malformed("map keys are not in ascending order")
    return bytes(key)


def _long_head(data: bytes | bytearray, at: int) -> tuple[int, int, int]:
    """Read a head of more than one byte: (major type, argument, bytes with those of a string after it)."""
    try:
        value, start = head(data, at)
    except IndexError:
        raise Incomplete from None
    major = data[at] >> 5
    return major, value, start - at + (value if major in _STRINGS else 0)


def _short_head(first: int) -> tuple[int, int, int] | None:
    """As `_long_head` for a head that is one byte, None where more must be read or said."""
    major, value = first >> 5, first & 31
    if first in _SIMPLE:
        return type_simple, 0, 1
    if major >= type_tag or value >= 24:
        return None
    return major, value, 1 + (value if major in _STRINGS else 0)


_HEADS: Final = tuple(_short_head(first) for first in range(256))


_PLAIN: Final = frozenset({str, bytes, bool, type(None)})
"""Types that are encoded as they stand."""


def _ordered(value: object, depth: int) -> object:
    """The value with every map in canonical key order, or TypeError for what has no encoding here."""
    if depth > DEPTH:
        raise TypeError(f"nested deeper than {DEPTH}")
    if type(value) in _PLAIN or isinstance(value, (bool, bytes, str)):
        return value
    if isinstance(value, int):
        if not -_INT_MAX - 1 <= value <= _INT_MAX:
            raise TypeError("an integer beyond 64 bits")
        return int(value)
    if isinstance(value, (list, tuple)):
        inner = depth + 1
        if depth == DEPTH:
            return [_ordered(item, inner) for item in value]
        return [
            item
            if (kind := type(item)) in _PLAIN or (kind is int and -1 <= item <= _INT_MAX)
            else _ordered(item, inner)
            for item in value
        ]
    if isinstance(value, dict):
        return {
            key: item if type(item := value[key]) in _PLAIN else _ordered(item, depth + 1)
            for key in sorted(value, key=_key_bytes)
        }
    raise TypeError(f"no canonical encoding for {type(value).__name__}")


def _key_bytes(key: object) -> bytes:
    if type(key) is str and len(key) < len(_SHORT) and key.isascii():
        return _SHORT[len(key)] + key.encode()
    if isinstance(key, bool) or not isinstance(key, (int, str, bytes)):
        raise TypeError("a map key must be an integer, text or bytes")
    return cbor2.dumps(int(key) if isinstance(key, int) else key)


class SequenceReader:
    """Takes the bytes of a CBOR sequence as they arrive and yields whole items (docs/protocol.md §9).

    The work is proportional to the bytes, however they are cut. An item that can no longer be canonical, or
    is larger than `item_limit` bytes, raises ProtocolError, and the reader is of no more use.
    """

    def __init__(self, *, item_limit: int = REPLY_ITEM_BYTES) -> None:
        self._limit = item_limit
        self._pending = bytearray()
        self._scanner = Scanner()

    @property
    def rest(self) -> bytes:
        """The bytes of the item that is not whole yet, and of those not asked for."""
        return bytes(self._pending)

    def feed(self, data: bytes) -> Iterator[tuple[object, bytes]]:
        """Take `data`, and yield (value, its bytes) for every item that is now whole."""
        self._pending += data
        return self._whole()

    def _whole(self) -> Iterator[tuple[object, bytes]]:
        while self._pending:
            try:
                end = self._scanner.run(self._pending)
            except Incomplete:
                end = 0
            if (end or len(self._pending)) > self._limit:
                raise malformed(f"expected an item of at most {self._limit} bytes, got more")
            if not end:
                return
            raw = bytes(self._pending[:end])
            value = read_item(raw)
            del self._pending[:end]
            self._scanner = Scanner()
            yield value, raw
