"""Small checks of decoded values; each raises ProtocolError (MALFORMED) when a value is not what it must be.

A check takes a value and returns it typed, so that a structure's table of fields is also its parser.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any, Final

from sync.protocol.errors import malformed
from sync.protocol.ids import is_lane

Check = Callable[[object], Any]

UINT_MAX: Final = 2**63 - 1
"""Largest integer a peer may name: fits the signed 64-bit columns of every database."""

TEXT_BYTES: Final = 255
"""A name or address."""

PORTS: Final = 65_535
"""The highest TCP port."""


def uint(value: object, lowest: int = 0, highest: int = UINT_MAX) -> int:
    """An integer from `lowest` to `highest`."""
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise malformed(f"expected an integer from {lowest} to {highest}, got {_short(value)}")
    return value


def between(lowest: int, highest: int = UINT_MAX) -> Check:
    """A check for an integer in a range."""
    return lambda value: uint(value, lowest, highest)


def lane_number(value: object) -> int:
    """A lane that frames may be in: none of the reserved numbers (§2)."""
    number = uint(value)
    if not is_lane(number):
        raise malformed(f"expected a lane that is not reserved, got {number}")
    return number


def address(value: object) -> str:
    """`host:port`, the port in decimal from 1 to 65535, no leading zeros; an IPv6 host in brackets (§6)."""
    found = text(value)
    host, colon, port = found.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]") and ":" in host
    name, forbidden = (host[1:-1], "[] ") if bracketed else (host, "[]: ")
    if not name or not colon or set(name) & set(forbidden) or not found.isprintable():
        raise malformed(f"expected HOST:PORT, got {_short(found)}")
    digits = port.isascii() and port.isdigit() and not port.startswith("0")
    if not digits or len(port) > len("65535") or int(port) > PORTS:
        raise malformed(f"expected a port from 1 to {PORTS}, got {_short(port)}")
    return found


def octets(length: int) -> Check:
    """A check for a byte string of exactly `length` bytes."""

    def check(value: object) -> bytes:
        if not isinstance(value, bytes) or len(value) != length:
            raise malformed(f"expected {length} bytes, got {_short(value)}")
        return value

    return check


def blob(highest: int) -> Check:
    """A check for a byte string of at most `highest` bytes."""

    def check(value: object) -> bytes:
        if not isinstance(value, bytes) or len(value) > highest:
            raise malformed(f"expected at most {highest} bytes, got {_short(value)}")
        return value

    return check


def text(value: object) -> str:
    """A text string of at most 255 bytes in UTF-8."""
    if not isinstance(value, str) or len(value.encode()) > TEXT_BYTES:
        raise malformed(f"expected text of at most {TEXT_BYTES} bytes, got {_short(value)}")
    return value


def boolean(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise malformed(f"expected true or false, got {_short(value)}")
    return value


def constant(expected: object) -> Check:
    """A check for one value only."""

    def check(value: object) -> object:
        if type(value) is not type(expected) or value != expected:
            raise malformed(f"expected {expected!r}, got {_short(value)}")
        return value

    return check


def row(*checks: Check) -> Check:
    """A check for an array with exactly one element a check; returns a tuple."""

    def check(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(checks):
            raise malformed(f"expected an array of {len(checks)}, got {_short(value)}")
        return tuple([one(item) for one, item in zip(checks, value, strict=True)])

    return check


def rows(element: Check, *, lowest: int = 0, highest: int) -> Check:
    """A check for an array of `lowest` to `highest` elements; returns a tuple."""

    def check(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or not lowest <= len(value) <= highest:
            raise malformed(f"expected an array of {lowest} to {highest}, got {_short(value)}")
        return tuple(element(item) for item in value)

    return check


def ascending(element: Check, *, lowest: int = 0, highest: int) -> Check:
    """As `rows`, the elements strictly ascending (tuples by their first element)."""
    plain = rows(element, lowest=lowest, highest=highest)

    def check(value: object) -> tuple[Any, ...]:
        items: tuple[Any, ...] = plain(value)
        order = [item[0] if isinstance(item, tuple) else item for item in items]
        if any(left >= right for left, right in itertools.pairwise(order)):
            raise malformed("expected an ascending array without repeats")
        return items

    return check


def fields(
    value: object, required: Mapping[int, Check], optional: Mapping[int, Check] | None = None
) -> dict[int, Any]:
    """A map with exactly the required keys and any of the optional ones; returns the checked values."""
    if not isinstance(value, dict):
        raise malformed(f"expected a map, got {_short(value)}")
    known = {**required, **optional} if optional else required
    missing = [key for key in required if key not in value]
    unknown = [key for key in value if key not in known or isinstance(key, bool)]
    if missing or unknown:
        raise malformed(f"expected the keys {sorted(required)}, missing {missing}, unknown {_short(unknown)}")
    return {key: known[key](item) for key, item in value.items()}


def _short(value: object) -> str:
    """A value for an error message: bounded, and bytes by length only."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    shown = ascii(value) if isinstance(value, (int, str, bool, type(None))) else type(value).__name__
    return shown if len(shown) <= 40 else shown[:37] + "..."
