"""A stored answer as a person would type it again.

Whatever this returns, `reading.read_answer` reads back to the same stored answer, in every language.
"""

from __future__ import annotations

from datetime import date

from fieldkit.forms.counts import describe_count
from fieldkit.forms.definition import Form, Kind, Question
from fieldkit.forms.positions import degrees_text
from fieldkit.forms.problems import BadAnswer
from fieldkit.forms.reading import read_answer
from fieldkit.model.values import Value


def typed(
    form: Form, question: Question, value: Value | None, language: str = "", today: date | None = None
) -> str:
    """The text an editor shows for an answer; empty where there is none.

    Choices are written by their labels in `language` where these say which entry is meant, else by their
    codes. A date keeps its words where they still mean the same day; `yesterday` does only on the day it was
    written, and without a calendar never: then it is written `2026-11-22 (yesterday)`.
    """
    if value is None:
        return ""
    return next(
        (
            text
            for text in _ways(form, question, value, language)
            if _reads_back(form, question, text, value, today)
        ),
        _plain(value),
    )


def _ways(form: Form, question: Question, value: Value, language: str) -> list[str]:
    match question.kind:
        case Kind.ONE:
            return [_label(form, question, value, language)]
        case Kind.MANY if isinstance(value, list):
            return [", ".join(_label(form, question, one, language) for one in value)]
        case Kind.DATE if isinstance(value, list) and len(value) == 2:
            return [str(value[1]), f"{value[0]} ({value[1]})", str(value[0])]
        case Kind.RANGE if isinstance(value, dict):
            return [describe_count(value)]
        case Kind.LAT | Kind.LON if type(value) is int:
            return [degrees_text(value)]
        case Kind.LINKS if isinstance(value, list):
            return ["\n".join(map(str, value))]
    return []


def _label(form: Form, question: Question, code: Value, language: str) -> str:
    choice = form.choice(question, str(code))
    return str(code) if choice is None else form.words(choice.label, language)


def _reads_back(form: Form, question: Question, text: str, value: Value, today: date | None) -> bool:
    try:
        return read_answer(form, question, text, today) == value
    except BadAnswer:
        return False


def _plain(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
