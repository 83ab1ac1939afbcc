"""§1: the one form of CBOR (RFC 8949) that is written and accepted."""

from __future__ import annotations

from .failure import Failure, Item

DEPTH = 8
ITEM_MAX_BYTES = 131_072
ARGUMENT_END = 2**64

SIMPLE = {0xF4: False, 0xF5: True, 0xF6: None}


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    for code, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * width):
            return bytes([major << 5 | code]) + argument.to_bytes(width, "big")
    raise Failure("malformed", "an integer beyond 64 bits")


def encode(item: Item, depth: int = 1) -> bytes:
    """The encoding E(item); refuses what §1 does not know."""
    if depth > DEPTH:
        raise Failure("malformed", "nested too deep")
    if item is None or type(item) is bool:
        return bytes([{False: 0xF4, True: 0xF5, None: 0xF6}[item]])
    if type(item) is int:
        return _head(0, item) if item >= 0 else _head(1, -1 - item)
    if type(item) is bytes:
        return _head(2, len(item)) + item
    if type(item) is str:
        try:
            octets = item.encode("utf-8")
        except UnicodeEncodeError:
            raise Failure("malformed", "text that is no Unicode") from None
        return _head(3, len(octets)) + octets
    if type(item) is list:
        return _head(4, len(item)) + b"".join(encode(one, depth + 1) for one in item)
    if type(item) is dict:
        return _map(item, depth)
    raise Failure("malformed", f"a {type(item).__name__} has no encoding here")


def _map(item: dict[Item, Item], depth: int) -> bytes:
    if any(type(key) not in (int, str, bytes) for key in item):
        raise Failure("malformed", "a map key that is no integer, text or byte string")
    pairs = sorted((encode(key, depth + 1), encode(value, depth + 1)) for key, value in item.items())
    return _head(5, len(pairs)) + b"".join(key + value for key, value in pairs)


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument, place after the head."""
    if at >= len(data):
        raise Failure("malformed", "the bytes end before the item", cut=True)
    major, code = data[at] >> 5, data[at] & 31
    if code < 24:
        return major, code, at + 1
    if code > 27:
        raise Failure("malformed", "an indefinite length or a reserved head")
    width = 1 << (code - 24)
    end = at + 1 + width
    if end > len(data):
        raise Failure("malformed", "the bytes end within a head", cut=True)
    argument = int.from_bytes(data[at + 1 : end], "big")
    if argument < (24, 1 << 8, 1 << 16, 1 << 32)[code - 24]:
        raise Failure("malformed", "a head longer than needed")
    return major, argument, end


def _string(data: bytes, at: int, length: int, major: int) -> tuple[Item, int]:
    if length > len(data) - at:
        raise Failure("malformed", "a length beyond the end", cut=True)
    octets = data[at : at + length]
    if major == 2:
        return octets, at + length
    try:
        return octets.decode("utf-8"), at + length
    except UnicodeDecodeError:
        raise Failure("malformed", "text that is not UTF-8") from None


def decode_at(data: bytes, at: int = 0, depth: int = 1) -> tuple[Item, int]:
    """The item that begins at a place, and the place after it."""
    if depth > DEPTH:
        raise Failure("malformed", "nested too deep")
    if data[at : at + 1] and data[at] in SIMPLE:
        return SIMPLE[data[at]], at + 1
    major, argument, at = _read_head(data, at)
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major in (2, 3):
        return _string(data, at, argument, major)
    if major in (6, 7):
        raise Failure("malformed", "a tag, a float or an unknown simple value")
    # Every element is a byte at least, so this bounds the work before any is read.
    if argument * (major - 3) > len(data) - at:
        raise Failure("malformed", "a length beyond the end", cut=True)
    return _array(data, at, argument, depth) if major == 4 else _map_at(data, at, argument, depth)


def _array(data: bytes, at: int, count: int, depth: int) -> tuple[Item, int]:
    items = []
    for _ in range(count):
        item, at = decode_at(data, at, depth + 1)
        items.append(item)
    return items, at


def _map_at(data: bytes, at: int, count: int, depth: int) -> tuple[Item, int]:
    found: dict[Item, Item] = {}
    before = b""
    for _ in range(count):
        start = at
        key, at = decode_at(data, start, depth + 1)
        if type(key) not in (int, str, bytes):
            raise Failure("malformed", "a map key that is no integer, text or byte string")
        if data[start:at] <= before:
            raise Failure("malformed", "map keys not ascending")
        before = data[start:at]
        found[key], at = decode_at(data, at, depth + 1)
    return found, at


def decode(data: bytes) -> Item:
    """The one item these bytes are."""
    item, end = decode_at(data)
    if end != len(data):
        raise Failure("malformed", f"{len(data) - end} bytes after the item")
    return item


def decode_sequence(data: bytes) -> tuple[list[bytes], bool]:
    """§9: the items of a body, each as its bytes, and whether the last one was whole."""
    items: list[bytes] = []
    at = 0
    while at < len(data):
        try:
            _, end = decode_at(data[at : at + ITEM_MAX_BYTES])
        except Failure as failure:
            if failure.cut and len(data) - at > ITEM_MAX_BYTES:
                raise Failure("size", "an item beyond 131,072 bytes") from None
            if failure.cut:
                return items, False
            raise
        items.append(data[at : at + end])
        at += end
    return items, True
