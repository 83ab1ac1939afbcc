"""Reads one canonical CBOR item in one pass, and nothing else (docs/protocol.md §1).

Every rule is looked at where the byte stands: what is read here has no other encoding, so nothing is encoded
again to find out. Nothing is reserved by a length that the bytes only claim.
"""

from __future__ import annotations

from typing import Final

from sync.protocol.errors import malformed
from sync.protocol.limits import DEPTH

type_uint, type_nint, type_bytes, type_text, type_array, type_map, type_tag, type_simple = range(8)

NAMES_KNOWN: Final = 2_048
"""Different short map keys that are remembered, so that the names of a form are read once."""

_NULL: Final = 0xF6
_TEXT, _LONG_TEXT = 0x60, 0x78
_ARRAY, _LONG_ARRAY = 0x80, 0x98
_MAP, _LONG_MAP = 0xA0, 0xB8
_TAG = 0xC0
"""From the first of a kind to before the long one of it: heads of one byte, their argument told by it."""

_names: dict[bytes, str] = {}


def _small(first: int) -> int | bool | None:
    """The value of an item that is one byte, None for all others and for null."""
    if first >> 5 <= type_nint and first & 31 < 24:
        return -1 - (first & 31) if first >> 5 else first
    return {0xF4: False, 0xF5: True}.get(first)


_SMALL: Final = tuple(_small(first) for first in range(256))

_SHORT: Final = tuple(first - _TEXT + 1 if _TEXT <= first < _LONG_TEXT else 0 for first in range(256))
"""Bytes of a text with a head of one byte, that head counted; 0 for all other items."""


def read_item(data: bytes) -> object:
    """The one canonical item that these bytes are; raise ProtocolError (MALFORMED) for anything else."""
    try:
        value, end = _item(data, 0, 1)
    except IndexError:
        raise malformed("the item is cut short") from None
    except UnicodeDecodeError:
        raise malformed("text that is not UTF-8") from None
    if end > len(data):
        raise malformed("the item is cut short")
    if end < len(data):
        raise malformed(f"{len(data) - end} bytes follow the item")
    return value


# The readers take where an item starts and give its value and where it ends. That end may lie beyond the
# bytes: then the next look at them raises IndexError, or `read_item` sees it.


def _item(data: bytes, at: int, depth: int) -> tuple[object, int]:
    first = data[at]
    small = _SMALL[first]
    if small is not None:
        return small, at + 1
    if _ARRAY <= first < _MAP:
        count, at = (first - _ARRAY, at + 1) if first < _LONG_ARRAY else head(data, at)
        return _array(data, at, count, depth)
    if _MAP <= first < _TAG:
        count, at = (first - _MAP, at + 1) if first < _LONG_MAP else head(data, at)
        return _map(data, at, count, depth)
    if first == _NULL:
        return None, at + 1
    value, start = head(data, at)
    major = first >> 5
    if major == type_uint:
        return value, start
    if major == type_nint:
        return -1 - value, start
    end = start + value
    return (data[start:end] if major == type_bytes else data[start:end].decode()), end


# A report is mostly short names, short texts and small containers: below those are read without a call more.


def _array(data: bytes, at: int, count: int, depth: int) -> tuple[list[object], int]:
    """The `count` items at `at`."""
    if depth == DEPTH:
        _bound(count)
    found: list[object] = []
    depth += 1
    for _ in range(count):
        first = data[at]
        if size := _SHORT[first]:
            end = at + size
            value: object = data[at + 1 : end].decode()
        elif _MAP <= first < _LONG_MAP:
            value, end = _map(data, at + 1, first - _MAP, depth)
        else:
            value, end = _item(data, at, depth)
        found.append(value)
        at = end
    return found, at


def _map(data: bytes, at: int, count: int, depth: int) -> tuple[dict[object, object], int]:
    """The `count` pairs at `at`."""
    if depth == DEPTH:
        _bound(count)
    found: dict[object, object] = {}
    last = b""
    depth += 1
    for _ in range(count):
        first = data[at]
        if size := _SHORT[first]:
            end = at + size
            raw = data[at:end]
            key: object = _names.get(raw)
            if key is None:
                key = _name(raw)
        elif first < _ARRAY:
            key, end = _item(data, at, depth)
            raw = data[at:end]
        else:
            raise malformed("a map key is not an integer, text or bytes")
        if raw <= last:
            raise malformed("map keys are not in ascending order")
        last, first = raw, data[end]
        if size := _SHORT[first]:
            at = end + size
            found[key] = data[end + 1 : at].decode()
        elif _ARRAY <= first < _LONG_ARRAY:
            found[key], at = _array(data, end + 1, first - _ARRAY, depth)
        elif _MAP <= first < _LONG_MAP:
            found[key], at = _map(data, end + 1, first - _MAP, depth)
        else:
            found[key], at = _item(data, end, depth)
    return found, at


def _name(raw: bytes) -> str:
    """A text of one head byte, remembered as long as there is room."""
    name = raw[1:].decode()
    if len(_names) < NAMES_KNOWN:
        _names[raw] = name
    return name


def _bound(count: int) -> None:
    """What stands at the greatest depth may hold nothing."""
    if count:
        raise malformed(f"nested deeper than {DEPTH}")


def head(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """The argument of the head at `at`, and where what follows it starts.

    Raises ProtocolError for a head that is never canonical, IndexError where the bytes end within it.
    """
    major, info = data[at] >> 5, data[at] & 31
    if major == type_simple:
        raise malformed("a float or simple value other than false, true, null")
    if major == type_tag:
        raise malformed("a tag")
    if info < 24:
        return info, at + 1
    if info > 27:
        raise malformed("an indefinite length or reserved head")
    size = 1 << (info - 24)
    end = at + 1 + size
    if end > len(data):
        raise IndexError
    value = int.from_bytes(data[at + 1 : end], "big")
    if value < (24 if size == 1 else 1 << (4 * size)):
        raise malformed("a head that is not in its shortest form")
    return value, end
