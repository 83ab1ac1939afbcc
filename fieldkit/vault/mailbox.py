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
from sync.protocol.shapes import UINT_MAX

SQL: Final = load("mailbox")

CURSOR: Final = "mail_cursor"

DOUBTED, BEGUN_AGAIN, LOOKED = "mail_doubted", "mail_begun_again", "mail_looked"
"""Progress: 1 when a letter came that does not hold; UTC seconds when the mailbox was last read anew for such
a letter, and when it was last asked whether an acknowledgement is overdue.
"""

DOUBT_SECONDS: Final = 86_400
"""Once a day a letter that does not hold may have the mailbox read anew: it may stand in another's place."""

OVERDUE_SECONDS: Final = 7 * 86_400
"""So old may a received frame be before the mailbox is read anew for its acknowledgement, once in as long."""


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

        Positions are the server's for one exchange only: a mailbox that was restored counts anew, and whoever
        lies says what he likes. Letters are kept in the order in which they came.
        """
        with self._db.transaction():
            new, wanted = 0, self.cursor()
            known = set(self._db.rows(SQL["known"])) if items else set()
            for item in items:
                if item.mail_index not in (0, wanted):
                    self._identities.set_progress(DOUBTED, 1)
                wanted = item.mail_index + 1
                letter = (item.frame, item.lane, item.device, item.incarnation)
                if letter not in known:
                    known.add(letter)
                    new += self._db.run(SQL["keep"], (*letter, item.index, at))
            if items:
                self._identities.set_progress(CURSOR, min(wanted, UINT_MAX))
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
        if state is not EntryState.HANDLED and self._db.value(SQL["state"], (position,)) == EntryState.NEW:
            self._identities.set_progress(DOUBTED, 1)
        self._db.run(SQL["settle"], (state, reason, position))

    def begin_again(self, *, now: int) -> bool:
        """Ask for the whole mailbox next time, if letters may have been kept from us; whether that is so.

        A server that gave other letters in their place, or left some out, cannot be found out by positions.
        Reading a letter again changes nothing.
        """
        if self._identities.progress(DOUBTED) and self._due(BEGUN_AGAIN, DOUBT_SECONDS, now):
            return self._begin_again(BEGUN_AGAIN, now)
        if not self._due(LOOKED, OVERDUE_SECONDS, now):
            return False
        if self._db.value(SQL["overdue"], (now - OVERDUE_SECONDS,)):
            return self._begin_again(LOOKED, now)
        self._identities.set_progress(LOOKED, now)
        return False

    def _due(self, name: str, seconds: int, now: int) -> bool:
        """Whether something was last done so long ago; also after the clock was set back."""
        return not 0 <= now - self._identities.progress(name) < seconds

    def _begin_again(self, name: str, now: int) -> bool:
        with self._db.transaction():
            self._identities.set_progress(name, now)
            self._identities.set_progress(DOUBTED, 0)
            self._identities.set_progress(CURSOR, 0)
            return True
