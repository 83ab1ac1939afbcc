"""What a form begins with, and what it works out by itself: answers nobody typed."""

from __future__ import annotations

from datetime import date

from fieldkit.forms.definition import Form, Repeat
from fieldkit.forms.problems import BadAnswer
from fieldkit.forms.reading import read_answer
from fieldkit.model.values import Answers, Value, items_of


def default_answers(form: Form, today: date, repeat: Repeat | None = None) -> Answers:
    """The answers a new report begins with, or a new item of a repeat."""
    found: Answers = {}
    for name, placed in form.placed.items():
        if placed.repeat is not repeat or not placed.question.default:
            continue
        try:
            value = read_answer(form, placed.question, placed.question.default, today)
        except BadAnswer:  # `loading` has read it on another day: then the question simply begins empty
            continue
        if value is not None:
            found[name] = value
    return found


def as_written(form: Form, answers: Answers) -> Answers:
    """The answers without those the form works out by itself."""
    worked_out = {name for name, placed in form.placed.items() if placed.question.calculation is not None}
    if not worked_out:
        return answers
    written: Answers = {}
    for name, value in answers.items():
        if form.repeat(name) is not None:
            items = (
                {key: kept for key, kept in item.items() if key not in worked_out}
                for item in items_of(answers, name)
            )
            written[name] = list[Value](items)
        elif name not in worked_out:
            written[name] = value
    return written
