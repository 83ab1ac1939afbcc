"""Frames addressed to this device: acknowledgements, certificates, grants (docs/protocol.md §9, item 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.evidence import Evidence, Finding
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

    def __init__(self, database: Database, identities: Identities, evidence: Evidence) -> None:
        self._db = database
        self._identities = identities
        self._evidence = evidence

    def cursor(self) -> int:
        """The next position wanted."""
        return self._identities.progress(CURSOR)

    def keep(self, items: Sequence[MailItem], *, at: int) -> int:
        """Store letters and advance the cursor past them in one transaction; returns how many were new."""
        with self._db.transaction():
            new = 0
            for item in items:
                place = (item.mail_index, item.lane, item.index, item.device, item.incarnation)
                if self._db.run(SQL["keep"], (*place, item.frame, at)):
                    new += 1
                elif self._db.value(SQL["at"], (item.mail_index,)) != item.frame:
                    told = f"another frame was given for mail position {item.mail_index} than before"
                    self._evidence.add(Finding.FEED, item.lane, item.device, told, item.frame, at=at)
            highest = max((item.mail_index + 1 for item in items), default=0)
            if highest > self.cursor():
                self._identities.set_progress(CURSOR, highest)
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
