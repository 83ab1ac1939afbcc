"""The one exception of this package, and the small checks that raise it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

# A decoded CBOR item: int, bytes, str, bool, None, list or dict. Checked by hand wherever one is used.
Item = Any

# §9, refusal codes. `sealed` has no code there: it is what only a reader can meet, behind the encryption.
CODES = {
    1: "malformed",
    2: "signature",
    3: "kind",
    4: "not permitted",
    5: "size",
    6: "fork",
    7: "quota",
    8: "lane",
    9: "device unknown",
    10: "document",
    11: "invite",
    12: "organisation unknown",
    13: "nonce seen",
    14: "log key",
    15: "busy",
    16: "generation",
}
NAMES = (*CODES.values(), "sealed")

UINT_MAX = 2**63 - 1
TEXT_MAX_BYTES = 255


class Failure(Exception):
    """Input that breaks a rule of the specification; `name` is one of NAMES."""

    def __init__(self, name: str, why: str, *, cut: bool = False) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        # Only for a sequence (§9): the bytes end before the item does.
        self.cut = cut


def need(condition: bool, name: str, why: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Failure(name, why)


def uint(value: Item, least: int = 0, most: int = UINT_MAX, name: str = "malformed") -> int:
    """An unsigned integer within bounds; a boolean is none."""
    if type(value) is not int or not least <= value <= most:
        raise Failure(name, f"expected a uint from {least} to {most}, got {value!r}")
    return value


def bstr(value: Item, length: int | None = None, name: str = "malformed") -> bytes:
    """A byte string, of exactly so many bytes where a length is given."""
    if type(value) is not bytes or (length is not None and len(value) != length):
        raise Failure(name, f"expected {length} bytes")
    return value


def text(value: Item, name: str = "malformed") -> str:
    """A text of at most 255 bytes."""
    if type(value) is not str or len(value.encode()) > TEXT_MAX_BYTES:
        raise Failure(name, "expected a text of at most 255 bytes")
    return value


def array(
    value: Item,
    length: int | None = None,
    *,
    least: int = 0,
    most: int | None = None,
    name: str = "malformed",
) -> list[Item]:
    """An array, of a length or within bounds."""
    if type(value) is not list:
        raise Failure(name, "expected an array")
    if length is not None and len(value) != length:
        raise Failure(name, f"expected {length} elements, got {len(value)}")
    if len(value) < least or (most is not None and len(value) > most):
        raise Failure(name, f"expected {least} to {most} elements, got {len(value)}")
    return value


def keyed(value: Item, keys: set[int], name: str = "malformed") -> dict[int, Item]:
    """A map with exactly these integer keys."""
    if type(value) is not dict or {(type(key), key) for key in value} != {(int, key) for key in keys}:
        raise Failure(name, f"expected a map with the keys {sorted(keys)}")
    return value


def ascending(values: list[Any], what: str, name: str = "malformed") -> None:
    """Refuse values that are not strictly ascending."""
    need(all(a < b for a, b in pairwise(values)), name, f"{what} not ascending")


def ranges(value: Item, first: int, most: int, width: int, name: str = "malformed") -> list[list[Item]]:
    """Ranges `[first, last, …]`: ascending, disjoint, not adjacent, none before `first`."""
    found = array(value, most=most, name=name)
    lowest = first
    for entry in found:
        array(entry, width, name=name)
        uint(entry[0], lowest, name=name)
        uint(entry[1], entry[0], name=name)
        lowest = entry[1] + 2
    return found
