"""Canonical CBOR: one encoding for every value, and a decoder that refuses all others (docs/protocol.md §1).

`cbor2` does the work. Its strict options still take non-minimal heads, unsorted maps and shared references,
so a pre-scan walks the heads first and the decoded value must encode to the same bytes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cbor2

from sync.protocol.errors import malformed
from sync.protocol.limits import DEPTH, FRAME_BYTES, REPLY_ITEM_BYTES

type_uint, type_nint, type_bytes, type_text, type_array, type_map, type_tag, type_simple = range(8)

_SIMPLE: Final = frozenset({0xF4, 0xF5, 0xF6})
"""false, true, null: the only simple values."""

_INT_MAX: Final = 2**64 - 1


class Incomplete(Exception):
    """The bytes end before the item does: not hostile by itself, more may come."""


def encode(value: object) -> bytes:
    """Encode integers, bytes, text, booleans, None, lists or tuples, and dicts.

    Raise TypeError for anything else.
    """
    return cbor2.dumps(_ordered(value, 1))


def decode(data: bytes, *, limit: int = FRAME_BYTES) -> object:
    """Decode exactly one canonical item of at most `limit` bytes.

    Raise ProtocolError (MALFORMED) for anything else.
    """
    if len(data) > limit:
        raise malformed(f"expected at most {limit} bytes, got {len(data)}")
    try:
        end = scan(data, 0)
    except Incomplete:
        raise malformed("the item is cut short") from None
    if end != len(data):
        raise malformed(f"{len(data) - end} bytes follow the item")
    return _load(data)


def _load(data: bytes) -> object:
    """Decode scanned bytes. The pre-scan allows only types whose decoding is unambiguous.

    Text may still not be UTF-8.
    """
    try:
        value: object = cbor2.loads(data)
        again = cbor2.dumps(value)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, OverflowError):
        raise malformed("not canonical CBOR") from None
    if again != data:
        raise malformed("not canonical CBOR")
    return value


def scan(data: bytes, start: int) -> int:
    """Return where the canonical item at `start` ends.

    Raises ProtocolError when the bytes cannot begin a canonical item, Incomplete when they end too early.
    """
    return _scan_item(data, start, 1)


def _scan_item(data: bytes, at: int, depth: int) -> int:
    if depth > DEPTH:
        raise malformed(f"nested deeper than {DEPTH}")
    major, value, at = _head(data, at)
    if major <= type_nint or major == type_simple:
        return at
    if major <= type_text:
        if value > len(data) - at:
            raise Incomplete
        return at + value
    if major == type_array:
        for _ in range(value):
            at = _scan_item(data, at, depth + 1)
        return at
    return _scan_map(data, at, value, depth)


def _scan_map(data: bytes, at: int, pairs: int, depth: int) -> int:
    previous = b""
    for _ in range(pairs):
        key_start = at
        if at < len(data) and data[at] >> 5 > type_text:
            raise malformed("a map key is not an integer, text or bytes")
        at = _scan_item(data, at, depth + 1)
        key = data[key_start:at]
        if key <= previous:
            raise malformed("map keys are not in ascending order")
        previous = key
        at = _scan_item(data, at, depth + 1)
    return at


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Read one head: (major type, argument, where the content starts)."""
    if at >= len(data):
        raise Incomplete
    first = data[at]
    major, info = first >> 5, first & 31
    if major == type_simple:
        if first not in _SIMPLE:
            raise malformed("a float or simple value other than false, true, null")
        return major, 0, at + 1
    if major == type_tag:
        raise malformed("a tag")
    if info < 24:
        return major, info, at + 1
    if info > 27:
        raise malformed("an indefinite length or reserved head")
    width = 1 << (info - 24)
    end = at + 1 + width
    if end > len(data):
        raise Incomplete
    value = int.from_bytes(data[at + 1 : end], "big")
    if value < (24 if width == 1 else 1 << (4 * width)):
        raise malformed("a head that is not in its shortest form")
    return major, value, end


def _ordered(value: object, depth: int) -> object:
    """The value with every map in canonical key order, or TypeError for what has no encoding here."""
    if depth > DEPTH:
        raise TypeError(f"nested deeper than {DEPTH}")
    if value is None or isinstance(value, (bool, bytes, str)):
        return value
    if isinstance(value, int):
        if not -_INT_MAX - 1 <= value <= _INT_MAX:
            raise TypeError("an integer beyond 64 bits")
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_ordered(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: _ordered(value[key], depth + 1) for key in sorted(value, key=_key_bytes)}
    raise TypeError(f"no canonical encoding for {type(value).__name__}")


def _key_bytes(key: object) -> bytes:
    if isinstance(key, bool) or not isinstance(key, (int, str, bytes)):
        raise TypeError("a map key must be an integer, text or bytes")
    return cbor2.dumps(int(key) if isinstance(key, int) else key)


class SequenceReader:
    """Takes the bytes of a CBOR sequence as they arrive and yields whole items (docs/protocol.md §9).

    An item that can no longer be canonical, or grows beyond `item_limit` bytes, raises ProtocolError. Bytes
    of an unfinished item stay in `rest`.
    """

    def __init__(self, *, item_limit: int = REPLY_ITEM_BYTES) -> None:
        self._limit = item_limit
        self._pending = b""

    @property
    def rest(self) -> bytes:
        """The bytes of the item that is not whole yet."""
        return self._pending

    def feed(self, data: bytes) -> Iterator[tuple[object, bytes]]:
        """Yield (value, its bytes) for every item completed by `data`."""
        buffer = self._pending + data
        at = 0
        try:
            while at < len(buffer):
                try:
                    end = scan(buffer, at)
                except Incomplete:
                    break
                raw = buffer[at:end]
                at = end
                if len(raw) > self._limit:
                    raise malformed(f"expected an item of at most {self._limit} bytes, got {len(raw)}")
                yield _load(raw), raw
        finally:
            self._pending = buffer[at:]
        if len(self._pending) > self._limit:
            raise malformed(f"expected an item of at most {self._limit} bytes, got more")
