"""What is wrong with one answer."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.forms.definition import Form, Question
from fieldkit.forms.evaluation import holds
from fieldkit.forms.problems import BadAnswer, Fault, Problem
from fieldkit.forms.reading import check_answer
from fieldkit.forms.scopes import offered
from fieldkit.model.values import Path, Value


def judge(
    form: Form, question: Question, place: Path, value: Value | None, seen: Mapping[str, Value], language: str
) -> Problem | None:
    """The problem of an answer that is asked for, in the words of the form; None when it is right."""
    if value is None:
        if not question.required:
            return None
        message = form.words(question.required_message, language) or "an answer is required"
        return Problem(
            place=place, fault=Fault.MISSING, message=message, hint=form.words(question.label, language)
        )
    if question.calculation is None:
        try:
            check_answer(form, question, value)
        except BadAnswer as problem:
            return Problem(place=place, fault=Fault.WRONG, message=problem.message, hint=problem.hint)
    outside = _not_offered(form, question, value, seen, language)
    if outside:
        message = f"{outside} does not go with the other answers"
        hint = "choose another, or mend what the list depends on"
        return Problem(place=place, fault=Fault.WRONG, message=message, hint=hint)
    if question.constraint and not holds(question.constraint, seen, value):
        message = form.words(question.constraint_message, language) or question.constraint.text
        return Problem(place=place, fault=Fault.CONSTRAINT, message=message)
    return None


def _not_offered(
    form: Form, question: Question, value: Value, seen: Mapping[str, Value], language: str
) -> str:
    """Those of the chosen entries that the filter of the list leaves out, in words."""
    if question.choice_filter is None:
        return ""
    found = []
    for code in value if isinstance(value, list) else [value]:
        choice = form.choice(question, str(code))
        if choice and not offered(question.choice_filter, seen, choice.code, choice.columns):
            found.append(form.words(choice.label, language))
    return ", ".join(found)
