"""How a stored draft stands: what is missing and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fieldkit.actions.session import Session
from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.definition import Form
from fieldkit.forms.judged import Judged
from fieldkit.forms.problems import Fault, Problem
from fieldkit.forms.steps import State
from fieldkit.model.ids import Lane
from fieldkit.vault.draft_rows import StoredDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft as it stands: what is missing and what is wrong with it."""

    number: int
    title: str
    missing: tuple[str, ...]
    """Names of required questions without an answer."""
    problems: tuple[str, ...]
    """Everything else that keeps it from being finished, in plain words."""


def judged(
    session: Session, form: Form, stored: StoredDraft, lanes: Collection[Lane] = REPORTER_LANES
) -> Judged:
    """A draft judged as it is stored; only the questions of some lanes, where said."""
    state = State(answers=stored.draft.answers, unread=stored.draft.unread)
    return Judged(form=form, state=state, today=session.today(), lanes=lanes)


def draft_problems(session: Session, form: Form, number: int, lanes: Collection[Lane]) -> tuple[Problem, ...]:
    """What keeps a draft from being finished, in the questions of some lanes. Raises NoSuchRecord."""
    now = judged(session, form, session.vault.drafts.load(number), lanes)
    return tuple(now.problems.values())


def draft_line_of(session: Session, form: Form, stored: StoredDraft) -> DraftLine:
    """What a person is told of a draft after writing in it."""
    problems = judged(session, form, stored).problems.values()
    missing = tuple(
        " ".join(str(part) for part in problem.place)
        for problem in problems
        if problem.fault is Fault.MISSING
    )
    return DraftLine(
        number=stored.number,
        title=stored.draft.title,
        missing=missing,
        problems=tuple(str(problem) for problem in problems if problem.fault is not Fault.MISSING),
    )
