"""Drafts thrown away: out of the list at once, brought back with all their steps for a while, then erased."""

from __future__ import annotations

from typing import Final

from fieldkit.vault import drafts, incidents
from fieldkit.vault.db import Database
from fieldkit.vault.errors import NoSuchRecord, VaultError
from fieldkit.vault.queries import load

SQL: Final = load("discarded")

UNDO_SECONDS: Final = 3_600
"""How long a discarded draft can be brought back: an hour, also after a lock or a crash."""


class Discarded:
    """The drafts of a vault that were thrown away within the last hour."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def discard(self, number: int, *, now: int) -> None:
        """Take a draft out of the list. The line goes too when nothing of it was ever finished.

        Raises NoSuchRecord without a draft. Erases what was discarded too long ago.
        """
        with self._db.transaction():
            self.forget_old(now=now)
            row, incident = incidents.row_of(self._db, number)
            before = self._db.row(SQL["load"], (number,))
            if before is not None:
                self._forget(number, int(before[0]))
            self._make_room(row)
            self._db.run(SQL["note"], (row, now))
            kept = self._db.run(SQL["keep_draft"], (row,))
            self._db.run(SQL["keep_steps"], (row,))
            if not kept:
                raise NoSuchRecord(
                    f"report {number} has no open draft", "only drafts are discarded; take a sent report back"
                )
            self._db.run(drafts.SQL["discard"], (row,))
            if incident is None:
                self._db.run(incidents.SQL["remove"], (row,))

    def restore(self, number: int, *, now: int) -> None:
        """Bring a draft back with its number; what a list shows of it is the caller's to say.

        Raises NoSuchRecord when it is not there any more, VaultError when the report has a new draft.
        """
        with self._db.transaction():
            self.forget_old(now=now)
            found = self._db.row(SQL["load"], (number,))
            if found is None:
                raise NoSuchRecord(
                    f"no draft {number} was discarded within the last hour", "what is older was erased"
                )
            before, incident, created = found
            row = self._line(number, incident, created, before)
            self._db.run(SQL["give_draft"], (row, before))
            self._db.run(SQL["give_steps"], (row, before))
            self._forget(number, before)

    def _line(self, number: int, incident: bytes | None, created: int, before: int) -> int:
        """The row of the line it goes back to: its own, made anew when it went with the draft."""
        if incident is None:
            return incidents.put_back(self._db, number, before if before > 0 else None, created=created).row
        held = self._db.row(SQL["same_line"], (number,))
        if held is None:
            raise NoSuchRecord(f"report {number} has become part of another one", "see `fieldkit list`")
        if self._db.value(SQL["has_draft"], (held[0],)):
            raise VaultError(f"report {number} has a new draft already", "finish or discard that one first")
        return int(held[0])

    def newest(self, *, now: int) -> int | None:
        """The number of the draft thrown away last; None when none can be brought back."""
        with self._db.transaction():
            self.forget_old(now=now)
            found = self._db.row(SQL["newest"])
        return None if found is None else int(found[0])

    def forget_old(self, *, now: int) -> None:
        """Erase what was discarded too long ago. Where the clock was set back the hour begins again: a moment
        that lies in the future is no reason to take a way back away.
        """
        self._db.run(SQL["from_now"], (now,))
        for number, row in self._db.rows(SQL["old"], (now - UNDO_SECONDS,)):
            self._forget(int(number), int(row))

    def _make_room(self, row: int) -> None:
        """The row of a line that went is given again: a draft kept under it moves out of the way."""
        held = self._db.row(SQL["held_at"], (row,))
        if held is not None:
            apart = -int(held[0])
            for name in ("move", "move_draft", "move_steps"):
                self._db.run(SQL[name], (apart, row))

    def _forget(self, number: int, row: int) -> None:
        self._db.run(SQL["forget_draft"], (row,))
        self._db.run(SQL["forget_steps"], (row,))
        self._db.run(SQL["forget"], (number,))
