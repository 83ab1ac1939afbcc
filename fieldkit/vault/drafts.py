"""Drafts: saved as they are typed, nowhere but here, and never without a way back (threat model R6, R7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fieldkit.model.draft import Draft
from fieldkit.model.ids import IncidentId
from fieldkit.vault import incidents
from fieldkit.vault.db import Database
from fieldkit.vault.draft_rows import Step, StoredDraft, encode_said, framed, step_of, stored_of
from fieldkit.vault.draft_steps import STEPS_BYTES, DraftSteps, Here, Said
from fieldkit.vault.errors import NoSuchRecord, Overtaken, VaultError
from fieldkit.vault.incidents import Headline
from fieldkit.vault.queries import load

SQL: Final = load("drafts")

STEP_SECONDS: Final = 5
"""Saves within this time are one step, so that undo goes back by phrases and not by letters."""

Describe = Callable[[Draft], Headline]
"""What a list shows of a draft, and what finds it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who saves: one window in which a draft is open."""

    id: bytes
    """Tells one window from every other."""
    based: int
    """The edition it opened."""
    stamp: int
    """Grows with every change made in it."""
    turned: bool = False
    """Whether its last change was an undo or redo: then the draft goes to that step instead of adding one."""
    fresh: bool = False
    """Whether it is a step of its own, however soon after the last: an item was taken out, say."""


class Drafts:
    """All drafts of a vault. What these methods return has been committed."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._steps = DraftSteps(database)

    def begin(self, draft: Draft, *, now: int, headline: Headline | None = None) -> StoredDraft:
        """Store a new draft: of a new incident, or of the one it names.

        Raises VaultError when that incident has an open draft already, NoSuchRecord when it is unknown.
        """
        with self._db.transaction():
            if draft.incident is None:
                shown = headline or Headline(title=draft.title)
                place = incidents.add(self._db, None, shown, created=now)
            else:
                place = self._place(draft.incident)
            base = b"".join(draft.base)
            row = (place.row, draft.form_id, draft.form_version, base, draft.language, draft.sensitivity)
            self._db.run(SQL["open"], (*row, now, now))
            self._steps.begin(place.row, encode_said(draft), now=now)
            return self.load(place.number)

    def _place(self, incident: IncidentId) -> incidents.Place:
        place = incidents.find(self._db, incident)
        if place is None:
            raise NoSuchRecord(f"there is no incident {incident.hex()} here", "pull or sync first")
        if self.has(place.number):
            raise VaultError(
                f"report {place.number} has an open draft already",
                f"go on with it: fieldkit edit {place.number}",
            )
        return place

    def save(
        self,
        number: int,
        draft: Draft,
        *,
        now: int,
        headline: Headline | None = None,
        hand: Hand | None = None,
    ) -> StoredDraft:
        """Store what the draft says now; durable when this returns. Saving the same again changes nothing.

        A `hand` stores nothing that is older than what it stored before. Raises Overtaken when the draft was
        changed by another since the hand opened it: nothing is written over.
        """
        with self._db.transaction():
            self.put(number, draft, now=now, headline=headline, hand=hand)
            return self.load(number)

    def put(
        self,
        number: int,
        draft: Draft,
        *,
        now: int,
        headline: Headline | None = None,
        hand: Hand | None = None,
    ) -> None:
        """The same for whoever saves often, and needs nothing back: the draft is not read again."""
        with self._db.transaction():
            row, *last = self._db.row(SQL["hand"], (number,)) or incidents.row_of(self._db, number)
            if hand is None or _may(number, hand, last):
                self._write(row, number, draft, now, hand)
                incidents.describe(self._db, row, headline or Headline(title=draft.title))

    def _write(self, row: int, number: int, draft: Draft, now: int, hand: Hand | None) -> None:
        here = self._here(row, number)
        said = encode_said(draft)
        frame = (draft.form_id, draft.form_version, b"".join(draft.base), draft.language, draft.sensitivity)
        if said != here.said:
            step = self._store(row, here, said, now, hand)
            by = (hand.id, hand.stamp) if hand else (b"", 0)
            self._db.run(SQL["save"], (step, now, *by, *frame, row))
            return
        if hand is not None:
            self._db.run(SQL["by"], (hand.id, hand.stamp, row))
        self._db.run(SQL["describe"], (*frame, row, *frame))

    def _store(self, row: int, here: Here, said: Said, now: int, hand: Hand | None) -> int:
        """The step at which the draft stands then."""
        turned, own = hand is not None and hand.turned, hand is not None and hand.fresh
        if turned and (found := self._steps.same(row, said, here.step)) is not None:
            return found
        if here.step > 1 and 0 <= now - here.began < STEP_SECONDS and not (turned or own):
            self._steps.rewrite(row, here, said)
            return here.step
        return self._steps.add(row, here, said, now=now)

    def steps(self, number: int) -> tuple[list[Step], list[Step]]:
        """The states before and after the one the draft stands at, oldest first.

        Only the nearest are read where all of them together are long. Raises NoSuchRecord.
        """
        with self._db.transaction():
            row, _ = incidents.row_of(self._db, number)
            at = self._here(row, number).step
            past, later, size = list[Step](), list[Step](), 0
            for step, (answers, unread) in self._steps.others(row, at):
                size += len(answers) + len(unread)
                if size > STEPS_BYTES:
                    break
                side = past if step < at else later
                side.append(step_of((answers, unread)))
        past.reverse()
        return past, later

    def undo(self, number: int, *, now: int, describe: Describe | None = None) -> StoredDraft:
        """Go back one step; stays where it is at the first."""
        return self._move(number, -1, now, describe)

    def redo(self, number: int, *, now: int, describe: Describe | None = None) -> StoredDraft:
        """Take back one undo; stays where it is at the last step."""
        return self._move(number, +1, now, describe)

    def _move(self, number: int, by: int, now: int, describe: Describe | None) -> StoredDraft:
        with self._db.transaction():
            row, _ = incidents.row_of(self._db, number)
            step = self._here(row, number).step
            if self._steps.has(row, step + by):
                self._db.run(SQL["move"], (step + by, now, b"", 0, row))
            found = self.load(number)
            shown = Headline(title=found.draft.title) if describe is None else describe(found.draft)
            incidents.describe(self._db, row, shown)
            return found

    def _here(self, row: int, number: int) -> Here:
        found = self._steps.here(row)
        if found is None:
            raise _no_draft(number)
        return found

    def has(self, number: int) -> bool:
        """Whether that report has an open draft."""
        return bool(self._db.value(SQL["has"], (number,)))

    def load(self, number: int) -> StoredDraft:
        """One draft; raises NoSuchRecord."""
        found = self._db.rows(SQL["load"], (number,))
        if not found:
            raise _no_draft(number)
        return stored_of(found)

    def frame(self, number: int) -> Draft:
        """What a draft is beside its answers, which are left out; raises NoSuchRecord."""
        found = self._db.row(SQL["frame"], (number,))
        if found is None:
            raise _no_draft(number)
        return framed(found, {}, {})

    def all(self) -> list[StoredDraft]:
        """Every draft, the last changed first."""
        return [self.load(int(number)) for (number,) in self._db.rows(SQL["numbers"])]

    def discard(self, number: int) -> None:
        """Throw a draft away. The report's line goes too when nothing of it was ever finished."""
        with self._db.transaction():
            row, incident = incidents.row_of(self._db, number)
            self._here(row, number)
            self._db.run(SQL["discard"], (row,))
            if incident is None:
                self._db.run(incidents.SQL["remove"], (row,))


def _no_draft(number: int) -> NoSuchRecord:
    return NoSuchRecord(f"report {number} has no open draft", f"begin one: fieldkit edit {number}")


def _may(number: int, hand: Hand, last: Sequence[Any]) -> bool:
    """Whether what a hand brings is newer than what is stored: `last` is the edition of that, whose, stamp.

    Raises Overtaken, and NoSuchRecord where there is no draft.
    """
    edition, whose, stamp = last
    if edition is None:
        raise _no_draft(number)
    if bytes(whose) == hand.id:
        return hand.stamp > int(stamp)
    if int(edition) != hand.based:
        raise Overtaken(
            f"report {number} was changed in another window since it was opened here",
            "open it again and look at both",
        )
    return True
