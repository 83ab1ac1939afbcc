"""Names for the things a record points at, so that one kind of id is never passed for another."""

from __future__ import annotations

from enum import IntEnum
from typing import NewType

RevisionId = NewType("RevisionId", bytes)
"""16 bytes: the start of the SHA-256 over the canonical revision, computed by the protocol."""

IncidentId = NewType("IncidentId", bytes)
"""16 bytes: the id of the incident's first revision."""

DeviceId = NewType("DeviceId", bytes)
"""16 bytes naming the laptop that signed a revision."""

ID_BYTES = 16
"""Length of every id, bytes: short enough for a body, long enough that no two ever meet."""


class Lane(IntEnum):
    """A feed lane: its own inbox key, its own readers."""

    MAIN = 1
    """The report itself."""
    SOURCES = 2
    """Who supplied, filmed or consented: fewer readers."""
    ADMIN = 3
    """The coordinators' own chain."""


def parse_id(raw: bytes) -> bytes:
    """The 16 bytes of an id. Raises ValueError when the length is another one."""
    if len(raw) != ID_BYTES:
        raise ValueError(f"an id is {ID_BYTES} bytes, this one has {len(raw)}")
    return bytes(raw)


def parse_hex_id(text: str) -> bytes:
    """An id written as 32 hex digits. Raises ValueError, saying what was expected."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"an id is {2 * ID_BYTES} hex digits, got {text[:40]!r}") from None
    return parse_id(raw)
