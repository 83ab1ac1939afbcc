"""Drafts: saved as they are typed, nowhere but here, and never without a way back (threat model R6, R7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from fieldkit.model.draft import Draft, Unread
from fieldkit.model.ids import ID_BYTES, IncidentId, RevisionId
from fieldkit.model.values import Answers
from fieldkit.vault import incidents
from fieldkit.vault.db import Database, Row
from fieldkit.vault.errors import NoSuchRecord, Overtaken, VaultError
from fieldkit.vault.incidents import Headline
from fieldkit.vault.queries import load
from sync.protocol.encoding import decode, encode

SQL: Final = load("drafts")

STEPS_KEPT: Final = 100
"""Steps of undo: an afternoon's writing, a few hundred kilobytes."""

STEP_SECONDS: Final = 5
"""Saves within this time are one step, so that undo goes back by phrases and not by letters."""

ANSWERS_BYTES: Final = 1_048_576
"""A draft's answers encoded: what one record can carry (docs/protocol.md §4)."""

STEPS_BYTES: Final = 8 * ANSWERS_BYTES
"""Steps read at opening: more would make a long report slow to open, and few go back so far."""


Describe = Callable[[Draft], Headline]
"""What a list shows of a draft, and what finds it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """A draft as it is stored."""

    number: int
    """Local number of the incident it belongs to."""
    draft: Draft
    created: int
    updated: int
    can_undo: bool
    can_redo: bool
    edition: int = 1
    """Grows with every change, whoever makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One state of a draft to go back to, or forward."""

    answers: Answers = field(repr=False)
    unread: Unread = field(repr=False)


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
            self._db.run(SQL["add_step"], (place.row, 1, *_encode(draft), now))
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
            row, _ = incidents.row_of(self._db, number)
            if hand is None or self._may(row, number, hand):
                self._write(row, number, draft, now, hand)
                incidents.describe(self._db, row, headline or Headline(title=draft.title))
            return self.load(number)

    def _may(self, row: int, number: int, hand: Hand) -> bool:
        """Whether what a hand brings is newer than what is stored. Raises Overtaken."""
        found = self._db.row(SQL["hand"], (row,))
        if found is None:
            raise _no_draft(number)
        edition, last, stamp = found
        if bytes(last) == hand.id:
            return hand.stamp > int(stamp)
        if int(edition) != hand.based:
            raise Overtaken(
                f"report {number} was changed in another window since it was opened here",
                "open it again and look at both",
            )
        return True

    def _write(self, row: int, number: int, draft: Draft, now: int, hand: Hand | None) -> None:
        step, began, *held = self._step(row, number)
        said = _encode(draft)
        changed = said != (held[0], held[1])
        if changed:
            self._store(row, step, began, said, now, hand)
        base = b"".join(draft.base)
        described = (draft.form_id, draft.form_version, base, draft.language, draft.sensitivity)
        if changed or hand is not None:
            by = (hand.id, hand.stamp) if hand else (b"", 0)
            self._db.run(SQL["by"], (int(changed), *by, row))
        self._db.run(SQL["describe"], (*described, row, *described))

    def _store(
        self, row: int, step: int, began: int, said: tuple[bytes, bytes], now: int, hand: Hand | None
    ) -> None:
        turned, own = hand is not None and hand.turned, hand is not None and hand.fresh
        if turned and (found := self._db.row(SQL["same_step"], (row, *said, step))):
            self._db.run(SQL["move"], (int(found[0]), now, row))
            return
        self._db.run(SQL["drop_later_steps"], (row, step))
        if step > 1 and 0 <= now - began < STEP_SECONDS and not (turned or own):
            self._db.run(SQL["rewrite_step"], (*said, row, step))
        else:
            step += 1
            self._db.run(SQL["add_step"], (row, step, *said, now))
            self._db.run(SQL["drop_early_steps"], (row, step - STEPS_KEPT))
        self._db.run(SQL["move"], (step, now, row))

    def steps(self, number: int) -> tuple[list[Step], list[Step]]:
        """The states before and after the one the draft stands at, oldest first.

        Only the nearest are read where all of them together are long. Raises NoSuchRecord.
        """
        with self._db.transaction():
            row, _ = incidents.row_of(self._db, number)
            at, *_ = self._step(row, number)
            past, later, size = list[Step](), list[Step](), 0
            for step, answers, unread in self._db.rows(SQL["steps_near"], (row, at)):
                size += len(answers) + len(unread)
                if size > STEPS_BYTES:
                    break
                side = past if int(step) < at else later
                side.append(Step(answers=_answers(answers), unread=_unread(unread)))
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
            step, *_ = self._step(row, number)
            if self._db.value(SQL["has_step"], (row, step + by)):
                self._db.run(SQL["move"], (step + by, now, row))
                self._db.run(SQL["by"], (1, b"", 0, row))
            found = self.load(number)
            shown = Headline(title=found.draft.title) if describe is None else describe(found.draft)
            incidents.describe(self._db, row, shown)
            return found

    def _step(self, row: int, number: int) -> tuple[int, int, bytes, bytes]:
        found = self._db.row(SQL["step"], (row,))
        if found is None:
            raise _no_draft(number)
        return int(found[0]), int(found[1]), bytes(found[2]), bytes(found[3])

    def has(self, number: int) -> bool:
        """Whether that report has an open draft."""
        return self._db.row(SQL["load"], (number,)) is not None

    def load(self, number: int) -> StoredDraft:
        """One draft; raises NoSuchRecord."""
        found = self._db.row(SQL["load"], (number,))
        if found is None:
            raise _no_draft(number)
        return _stored(found)

    def all(self) -> list[StoredDraft]:
        """Every draft, the last changed first."""
        return [self.load(int(number)) for (number,) in self._db.rows(SQL["numbers"])]

    def discard(self, number: int) -> None:
        """Throw a draft away. The report's line goes too when nothing of it was ever finished."""
        with self._db.transaction():
            row, incident = incidents.row_of(self._db, number)
            self._step(row, number)
            self._db.run(SQL["discard"], (row,))
            if incident is None:
                self._db.run(incidents.SQL["remove"], (row,))


def _no_draft(number: int) -> NoSuchRecord:
    return NoSuchRecord(f"report {number} has no open draft", f"begin one: fieldkit edit {number}")


def _encode(draft: Draft) -> tuple[bytes, bytes]:
    """The answers, and what could not be read as answers, as they are stored."""
    unread = encode([[*place, text] for place, text in sorted(draft.unread.items(), key=str)])
    raw = encode(draft.answers)
    size = len(raw) + (len(unread) if draft.unread else 0)
    if size > ANSWERS_BYTES:
        raise VaultError(
            f"expected at most {ANSWERS_BYTES} bytes of answers, got {size}", "split the report in two"
        )
    return raw, unread


def _answers(raw: bytes) -> Answers:
    return cast(Answers, decode(raw, limit=ANSWERS_BYTES))


def _unread(raw: bytes) -> Unread:
    listed = cast("list[list[str | int]]", decode(raw, limit=ANSWERS_BYTES))
    return {tuple(place): str(text) for *place, text in listed}


def _stored(row: Row) -> StoredDraft:
    (
        number,
        incident,
        form_id,
        form_version,
        base,
        language,
        sensitivity,
        answers,
        unread,
        created,
        updated,
        undo,
        redo,
        edition,
    ) = row
    draft = Draft(
        form_id=form_id,
        form_version=form_version,
        answers=_answers(answers),
        unread=_unread(unread),
        base=tuple(RevisionId(base[at : at + ID_BYTES]) for at in range(0, len(base), ID_BYTES)),
        incident=None if incident is None else IncidentId(incident),
        language=language,
        sensitivity=sensitivity,
    )
    return StoredDraft(
        number=number,
        draft=draft,
        created=created,
        updated=updated,
        can_undo=bool(undo),
        can_redo=bool(redo),
        edition=int(edition),
    )
