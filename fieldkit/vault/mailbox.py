"""Frames addressed to this device: acknowledgements, certificates, grants (docs/protocol.md §9, item 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.identity import Identities
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.queries import load
from sync.protocol.ids import Device, Incarnation, Lane
from sync.protocol.messages import MailItem

SQL: Final = load("mailbox")

CURSOR: Final = "mail_cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A frame that came by mail; `device` and `incarnation` are its sender's."""

    position: int
    lane: Lane
    device: Device
    incarnation: Incarnation
    raw: bytes = field(repr=False)
    state: EntryState
    reason: str


class Mailbox:
    """This device's mail. Coordinators find the same frames in the feed too."""

    def __init__(self, database: Database, identities: Identities) -> None:
        self._db = database
        self._identities = identities

    def cursor(self) -> int:
        """The next position wanted."""
        return self._identities.progress(CURSOR)

    def keep(self, items: Sequence[MailItem], *, at: int) -> int:
        """Store letters and let the cursor follow them in one transaction; returns how many were new.

        Positions are the server's for one exchange only: a mailbox that was restored counts anew, so a
        position that is taken by another letter proves nothing, and the new one is put behind all others.
        """
        with self._db.transaction():
            new = 0
            for item in items:
                letter = (item.lane, item.index, item.device, item.incarnation, item.frame, at)
                if self._db.run(SQL["keep"], (item.mail_index, *letter)):
                    new += 1
                elif not self._db.value(SQL["known"], (item.frame, item.lane, item.device, item.incarnation)):
                    new += self._db.run(SQL["keep"], (self._db.value(SQL["next_position"]), *letter))
            if items:
                self._identities.set_progress(CURSOR, items[-1].mail_index + 1)
            return new

    def letters(self, state: EntryState = EntryState.NEW) -> list[Letter]:
        """Letters in one state, in the order they came."""
        return [
            Letter(
                position=position,
                lane=lane,
                device=device,
                incarnation=incarnation,
                raw=raw,
                state=EntryState(held),
                reason=reason,
            )
            for position, lane, device, incarnation, raw, held, reason in self._db.rows(
                SQL["letters"], (state,)
            )
        ]

    def settle(self, position: int, state: EntryState, reason: str = "") -> None:
        """Say what became of a letter."""
        self._db.run(SQL["settle"], (state, reason, position))
