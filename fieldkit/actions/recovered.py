"""What the next start tells after a program was stopped before it could close the vault."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field

from fieldkit.actions.contents import form_of
from fieldkit.actions.errors import ActionError, in_plain_words
from fieldkit.actions.session import Session
from fieldkit.forms.definition import Form, Kind
from fieldkit.model.values import Answers, Value
from fieldkit.vault.errors import VaultError
from fieldkit.vault.openings import Held, Opening

DRAFTS_TOLD = 20
"""Drafts named one by one; more than a person writes between two locks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredDraft:
    """A draft that was saved by a program that was stopped."""

    number: int
    title: str
    saved: int
    """When it was saved last, UTC seconds."""
    words: int
    """How many words its answers hold."""
    answers: int
    """How many answers it has, those of victims, sources and other items counted one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a program that was stopped left behind."""

    opened: int
    """When it opened the vault, UTC seconds; the earliest, when several were stopped."""
    drafts: tuple[RecoveredDraft, ...]
    """Saved since then, the last saved first; at most twenty of them."""
    more: int
    """How many drafts were saved beyond those."""
    openings: tuple[Opening, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A vault that somebody is going to write in."""

    held: Held | None = field(repr=False)
    left: Recovered | None
    """What a program that was stopped before has left."""


def begin(session: Session) -> Watched:
    """Look at what a stopped program left, then note that this one has the vault open.

    Where no report had been saved nothing was in danger: that is forgotten untold.
    """
    left = recovered(session)
    if left is not None and not left.drafts:
        with suppress(ActionError):
            told(session, left)
        left = None
    return Watched(held=watch(session), left=left)


def watch(session: Session) -> Held | None:
    """Note that this program has the vault open to write in it; None where that cannot be written down.

    A full disk must keep nobody from reading: then a later crash is not told, and nothing else is lost.
    """
    with suppress(VaultError, OSError):
        return session.vault.openings.begin(now=session.now(), random=os.urandom)
    return None


def close(session: Session, held: Held | None, *, orderly: bool = True) -> None:
    """Before the lock: the vault is closed in good order, or it is not and the next start tells so."""
    if held is None:
        return
    if not orderly or session.vault.locked:
        session.vault.openings.leave(held)
        return
    with suppress(VaultError, OSError):
        session.vault.hurry()
        session.vault.openings.end(held)


def recovered(session: Session) -> Recovered | None:
    """What a stopped program left behind, or None when every program closed the vault or still runs."""
    with in_plain_words():
        left = session.vault.openings.left()
        if not left:
            return None
        touched = session.vault.openings.touched(left)
        return Recovered(
            opened=left[0].began,
            drafts=tuple(_draft(session, number, saved) for number, saved in touched[:DRAFTS_TOLD]),
            more=max(0, len(touched) - DRAFTS_TOLD),
            openings=tuple(left),
        )


def told(session: Session, found: Recovered) -> None:
    """A person has read it: it is not told again."""
    with in_plain_words():
        session.vault.openings.forget(list(found.openings))


def count_words(form: Form | None, answers: Answers) -> int:
    """Words of what a person wrote: of every text answer, as spaces divide them; codes and dates are none."""
    return sum(_words(form, name, value) for name, value in answers.items())


def count_answers(answers: Answers) -> int:
    """Answers, those within items too. The items themselves are none."""
    return sum(_answers(value) for value in answers.values())


def _answers(value: Value) -> int:
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return sum(count_answers(item) for item in items) if items else 1


def _words(form: Form | None, name: str, value: Value) -> int:
    if isinstance(value, list):
        items = [item for item in value if isinstance(item, dict)]
        return sum(count_words(form, item) for item in items)
    placed = None if form is None else form.placed.get(name)
    written = placed is None or placed.question.kind is Kind.TEXT
    return len(value.split()) if written and isinstance(value, str) else 0


def _draft(session: Session, number: int, saved: int) -> RecoveredDraft:
    stored = session.vault.drafts.load(number)
    form = form_of(stored.draft.form_id)
    unread = sum(len(text.split()) for text in stored.draft.unread.values())
    words = count_words(form, stored.draft.answers) + unread
    return RecoveredDraft(
        number=number,
        title=stored.draft.title,
        saved=saved,
        words=words,
        answers=count_answers(stored.draft.answers) + len(stored.draft.unread),
    )
