"""How typed text would be read, said in words under a field while it is typed."""

from __future__ import annotations

from datetime import date

from fieldkit.forms.counts import describe_count
from fieldkit.forms.definition import Form, Kind, Question
from fieldkit.forms.positions import degrees_text
from fieldkit.forms.problems import BadAnswer
from fieldkit.forms.reading import read_answer
from fieldkit.model.dates import describe, read_date
from fieldkit.model.limits import MAX_TEXT_CHARS
from fieldkit.model.values import Value

_UNFINISHED = ("cannot read", "no date", "expected", "the date")
"""How messages begin that only say that something is not there yet."""


def meaning(form: Form, question: Question, typed: str, language: str, today: date) -> str:
    """How it would be read, in words, or what is expected; empty where nothing need be said."""
    if question.kind is Kind.TEXT and len(typed) <= MAX_TEXT_CHARS:
        return ""  # it is what it says; reading a long one over at every letter would take its time
    try:
        value = read_answer(form, question, typed, today)
    except BadAnswer as problem:
        # While `3 Au` is typed only what is expected helps; that `3/8/2026` is two days must be said itself.
        said = problem.message
        if problem.hint and said.startswith(_UNFINISHED):
            return _capital(problem.hint)
        return _capital(f"{said}: {problem.hint}" if problem.hint else said)
    return "" if value is None else _said(form, question, value, language)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _said(form: Form, question: Question, value: Value, language: str) -> str:
    match question.kind:
        case Kind.DATE:
            return describe(read_date(value).date)
        case Kind.RANGE if isinstance(value, dict):
            return describe_count(value)
        case Kind.LAT | Kind.LON if type(value) is int:
            return f"{degrees_text(value)}°"
        case Kind.ONE | Kind.MANY:
            codes = value if isinstance(value, list) else [value]
            chosen = [form.choice(question, str(code)) for code in codes]
            return ", ".join(form.words(choice.label, language) for choice in chosen if choice)
    return ""
