"""What waits to be sent, as a person is shown it: which report, how large, in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.queries import load

SQL: Final = load("sending")

Place = tuple[int, bytes, int]
"""Where a frame belongs: (lane, incarnation, sequence)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPart:
    """A frame that no receipt covers yet."""

    number: int | None
    """Local number of its report; None for what the program itself has to tell."""
    title: str = field(repr=False)
    urgency: int
    """0 normal, 1 within days, 2 life at risk."""
    place: Place
    size: int
    """Bytes."""
    tried: bool
    """Whether something of it may have left this laptop; if not, nothing has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsealedPart:
    """A record that is sealed with the next exchange."""

    number: int | None
    title: str = field(repr=False)
    urgency: int
    lane: int
    content: int
    """Bytes of its content, before packing."""


class Sending:
    """The queue, read only."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sealed(self, limit: int) -> list[SealedPart]:
        """Frames that wait, in sending order, the first `limit` of them."""
        return [
            SealedPart(
                number=number,
                title=title or "",
                urgency=urgency or 0,
                place=(lane, bytes(incarnation), sequence),
                size=size,
                tried=bool(tried),
            )
            for number, title, urgency, lane, incarnation, sequence, size, tried in self._db.rows(
                SQL["sealed"], (limit,)
            )
        ]

    def unsealed(self, limit: int) -> list[UnsealedPart]:
        """Records still to be sealed, in the order of sealing, the first `limit` of them."""
        return [
            UnsealedPart(
                number=number, title=title or "", urgency=urgency or 0, lane=lane, content=content or 0
            )
            for number, title, urgency, lane, content in self._db.rows(SQL["unsealed"], (limit,))
        ]

    def reports(self) -> int:
        """How many reports wait."""
        return int(self._db.value(SQL["reports"]))
