"""What a screen asks while somebody writes: begin, open, store, look over, finish.

`store` is durable when it returns. A draft may be open in two windows, or be changed by the command line
meanwhile: then nothing is written over, and what was written here goes on as a report of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldkit.actions import capture
from fieldkit.actions.capture import Finished
from fieldkit.actions.contents import load_form
from fieldkit.actions.draft_lines import judged
from fieldkit.actions.errors import InputProblem, in_plain_words
from fieldkit.actions.following import as_stored, following, unchanged
from fieldkit.actions.listing import draft_line
from fieldkit.actions.records import relist
from fieldkit.actions.reviewing import LaneReview, Review, review
from fieldkit.actions.session import Session
from fieldkit.actions.storing import store
from fieldkit.forms.defaults import default_answers
from fieldkit.forms.definition import Form
from fieldkit.forms.filling import begun
from fieldkit.forms.steps import History, State
from fieldkit.forms.writer import Writer
from fieldkit.model.draft import Draft
from fieldkit.vault.draft_rows import StoredDraft

__all__ = [
    "Finished",
    "LaneReview",
    "Review",
    "Written",
    "abandon",
    "begin",
    "finish",
    "open_report",
    "review",
    "store",
]

HAND_BYTES = 8
"""Random bytes that tell one window from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A draft that is being written."""

    number: int
    """Local number of its report."""
    writer: Writer = field(repr=False)
    follows: bool = False
    """Whether it changes a report that was finished."""


def begin(session: Session, answers: Mapping[str, object] | None = None, *, language: str = "en") -> Written:
    """A new draft, stored already, with answers as they would be typed; what cannot be read stays as typed.

    Raises InputProblem for a name that is no question outside a repeat.
    """
    form = load_form()
    defaults = default_answers(form, session.today())
    first = Writer(form, defaults, language=language, today=session.today)
    for name, typed in (answers or {}).items():
        if not first.can_write((name,)):
            raise InputProblem(f"the form has no question {name[:40]!r}", "docs/cli.md lists the questions")
        first.write((name,), typed)
    said = first.snapshot()
    draft = Draft(form_id=form.id, form_version=form.version, answers=said.answers, unread=dict(said.unread))
    with in_plain_words():
        shown = draft_line(form, said.answers, left=said.left)
        stored = session.vault.drafts.begin(draft, now=session.now(), headline=shown)
    return _written(session, form, stored, History(), language)


def open_report(session: Session, ref: str, *, language: str = "en") -> Written:
    """The open draft of a report, with its way back. A finished report is opened on its newest revision:
    that is stored as a draft with the first change, so that looking leaves nothing behind.
    """
    with in_plain_words(), session.vault.transaction():
        vault = session.vault
        found = vault.records.find(ref)
        if not vault.drafts.has(found.number):
            opened = following(session, found)
            form = load_form(opened.form_id)
            written = _written(session, form, as_stored(found.number, opened), History(), language)
            session.open_hands.following[written.writer.hand] = opened
            return written
        stored = vault.drafts.load(found.number)
        past, future = vault.drafts.steps(stored.number)
        form = load_form(stored.draft.form_id)
    history = History(
        past=[State(answers=step.answers, unread=step.unread) for step in past],
        future=[State(answers=step.answers, unread=step.unread) for step in future],
    )
    return _written(session, form, stored, history, language)


def _written(session: Session, form: Form, stored: StoredDraft, history: History, language: str) -> Written:
    writer = Writer(
        form,
        stored.draft.answers,
        unread=stored.draft.unread,
        history=history,
        language=language,
        today=session.today,
        hand=session.random(HAND_BYTES),
        based=stored.edition,
    )
    return Written(number=stored.number, writer=writer, follows=bool(stored.draft.base))


def abandon(session: Session, number: int) -> bool:
    """Throw away a draft in which nothing was ever written, or one that says what the finished report says.

    The latter can be brought back for a while: something may have been written and taken back. Returns
    whether there was nothing to keep, and so is no draft now.
    """
    with in_plain_words(), session.vault.transaction():
        vault = session.vault
        if not vault.drafts.has(number):
            return False
        stored = vault.drafts.load(number)
        form = load_form(stored.draft.form_id)
        if stored.draft.base:
            if not unchanged(session, stored.draft, judged(session, form, stored).kept()):
                return False
            vault.discarded.discard(number, now=session.now())
            relist(session, number)
            return True
        fresh = not (stored.can_undo or stored.can_redo or stored.draft.unread)
        if fresh and stored.draft.answers in ({}, begun(form, {}, session.today())):
            vault.drafts.discard(number)
            return True
        return False


def finish(session: Session, number: int, *, edition: int | None = None) -> Finished:
    """Sign what is stored and queue it for sending; raises InputProblem naming all that is missing or wrong.

    With the `edition` of a review nothing else is signed than was looked over: InputProblem where the draft
    was changed since.
    """
    with in_plain_words(), session.vault.transaction():
        drafts = session.vault.drafts
        if edition == 0 and not drafts.has(number):
            # A withdrawn report that is brought back as it was: nothing of it was stored before.
            capture.open_draft(session, str(number))
        elif edition is not None and drafts.load(number).edition != edition:
            raise InputProblem(
                f"report {number} was changed since it was looked over; nothing was signed",
                "look it over again, then finish it",
            )
        # The review says so where this brings a withdrawn report back; without one nobody was told.
        return capture.finish(session, str(number), bring_back=edition is not None)
