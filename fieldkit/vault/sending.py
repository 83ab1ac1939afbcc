"""What waits to be sent, as a person is shown it: which report, how large, in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.queries import load
from sync.protocol.records import RecordType

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
    hurried: bool
    """Whether its owner wants it sent before all others."""
    withdraws: bool
    """Whether it takes the report back."""
    place: Place
    size: int
    """Bytes."""
    tried: bool
    """Whether something of it may have left this laptop; if not, nothing has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsealedPart:
    """A record that is sealed with the next exchange."""

    id: int
    """Its number in the queue."""
    type: RecordType
    number: int | None
    title: str = field(repr=False)
    urgency: int
    hurried: bool
    withdraws: bool
    lane: int
    content: bytes = field(repr=False)
    """Before packing."""


class Sending:
    """The queue as it is shown, and the one thing of it that is chosen: what goes first."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sealed(self, limit: int) -> list[SealedPart]:
        """Frames that wait, in sending order, the first `limit` of them."""
        return [
            SealedPart(
                number=number,
                title=title or "",
                urgency=urgency or 0,
                hurried=bool(hurried),
                withdraws=bool(withdraws),
                place=(lane, bytes(incarnation), sequence),
                size=size,
                tried=bool(tried),
            )
            for number, title, urgency, hurried, withdraws, lane, incarnation, sequence, size, tried in (
                self._db.rows(SQL["sealed"], (limit,))
            )
        ]

    def unsealed(self, limit: int) -> list[UnsealedPart]:
        """Records still to be sealed, in the order of sealing, the first `limit` of them."""
        return [
            UnsealedPart(
                id=id_,
                type=RecordType(type_),
                number=number,
                title=title or "",
                urgency=urgency or 0,
                hurried=bool(hurried),
                withdraws=bool(withdraws),
                lane=lane,
                content=content or b"",
            )
            for id_, type_, number, title, urgency, hurried, withdraws, lane, content in self._db.rows(
                SQL["unsealed"], (limit,)
            )
        ]

    def own_bytes(self) -> int:
        """Bytes of waiting frames that belong to no report: keys, receipts, what the program has to tell."""
        return int(self._db.value(SQL["own_bytes"]))

    def reports(self) -> int:
        """How many reports wait."""
        return int(self._db.value(SQL["reports"]))

    def hurry(self, number: int, yes: bool) -> bool:
        """Let all that waits of a report go before everything else, or no more; whether that changes a thing.

        What is finished of it later is not hurried.
        """
        return self._db.run(SQL["hurry"], (number, int(yes))) > 0
