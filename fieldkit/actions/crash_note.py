"""A note of each fault that ended the program, sealed in the vault: type, place and time, and no content."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.session import Session
from fieldkit.model.crash import crash_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashNote:
    """What is kept of one."""

    kind: str
    """The exception's class."""
    id: str
    """Names the place in the program."""
    at: int
    """UTC seconds of the last time."""


def note(session: Session, error: BaseException) -> CrashNote:
    """Keep a note, in place of an earlier one of the same fault. The exception's own words are not read."""
    made = CrashNote(kind=type(error).__name__, id=crash_id(error.__traceback__), at=session.now())
    with in_plain_words():
        session.vault.openings.note_crash(f"{made.kind}/{made.id}", now=made.at)
    return made


def notes(session: Session) -> list[CrashNote]:
    """All that are kept, the latest first."""
    with in_plain_words():
        found = session.vault.openings.crashes()
    split = [(name.partition("/"), at) for name, at in found]
    return [CrashNote(kind=kind, id=id_, at=at) for (kind, _, id_), at in split]
