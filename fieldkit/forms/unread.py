"""Text that could not be read as an answer: kept as typed, a problem, never sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fieldkit.forms.definition import Form, Question
from fieldkit.forms.problems import BadAnswer, Fault, Problem
from fieldkit.forms.reading import read_answer
from fieldkit.model.values import Path


def as_text(typed: object) -> str:
    """What was given for an answer, as text to keep."""
    if isinstance(typed, str):
        return typed
    return ", ".join(str(one) for one in typed) if isinstance(typed, list | tuple) else str(typed)


def unread_problem(form: Form, question: Question, place: Path, text: str, today: date) -> Problem:
    """What is wrong with text that could not be read."""
    try:
        read_answer(form, question, text, today)
    except BadAnswer as problem:
        return Problem(place=place, fault=Fault.UNREAD, message=problem.message, hint=problem.hint)
    # It can be read today: `3 August` could not before there was a calendar, or the form allows more now.
    return Problem(
        place=place, fault=Fault.UNREAD, message="this was not taken as an answer", hint="type it again"
    )


def unread_problems(form: Form, unread: Mapping[Path, str], today: date) -> list[Problem]:
    """A problem for every text that was not read, whether its question is asked now or not."""
    found = []
    for place, text in unread.items():
        placed = form.placed.get(str(place[-1]))
        if placed is not None:
            found.append(unread_problem(form, placed.question, place, text, today))
    return found
