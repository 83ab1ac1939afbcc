"""Filling in a form: what is asked, what is still wrong, what will be sent.

Pure: each answer typed gives a new state of the filling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.defaults import default_answers
from fieldkit.forms.definition import Form
from fieldkit.forms.problems import AnswersError, BadAnswer, Fault, Problem
from fieldkit.forms.reading import read_answer
from fieldkit.forms.worked import Asked, Worked
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, copy_answers, items_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form and the answers so far."""

    form: Form
    answers: Answers = field(repr=False)
    lanes: frozenset[Lane] = REPORTER_LANES
    """Lanes whose questions are asked; others are neither asked nor judged."""

    def asked(self) -> Iterator[Asked]:
        """Every question that is relevant now, in the order of the form; in repeats once for each item."""
        yield from self._worked().asked.values()

    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands between these answers and a finished report, in the order of the form."""
        return tuple(self._worked().problems.values())

    def complete(self) -> Answers:
        """The answers with those that the form calculates from them."""
        return self._worked().complete()

    def required_left(self) -> tuple[int, int]:
        """Required questions still without an answer, and required questions in all."""
        required = [asked for asked in self.asked() if asked.question.required]
        return sum(asked.value is None for asked in required), len(required)

    def with_answer(self, place: Path, typed: object, today: date | None = None) -> Filling:
        """The filling with one answer typed in (or taken out: None or empty). Raises AnswersError.

        `place` is `(name,)`, or `(repeat, number, name)` with the number of an item that is there.
        """
        placed = self.form.placed.get(str(place[-1]))
        inside = (placed.repeat.name,) if placed and placed.repeat else ()
        if placed is None or place[:1] != (inside or place)[:1] or len(place) != (3 if inside else 1):
            raise _error(place, Fault.UNKNOWN, "no such question here")
        answers = copy_answers(self.answers)
        target = answers
        if inside:
            items = items_of(answers, inside[0])
            if not isinstance(place[1], int) or not 0 <= place[1] < len(items):
                raise _error(place, Fault.UNKNOWN, f"{inside[0]} has {len(items)} items")
            target = items[place[1]]
        try:
            value = read_answer(self.form, placed.question, typed, today)
        except BadAnswer as problem:
            raise _error(place, Fault.WRONG, problem.message, problem.hint) from None
        target.pop(placed.question.name, None)
        if value is not None:
            target[placed.question.name] = value
        return replace(self, answers=answers)

    def kept(self) -> Answers:
        """The answers that will be signed: those asked for now, in the order of the form.

        An answer to a question that a later answer made irrelevant stays in the draft and is not sent,
        because the reporter no longer sees it when reviewing.
        """
        return kept_of(self.asked())

    def _worked(self) -> Worked:
        return Worked(self.form, self.answers, lanes=self.lanes)


def begun(form: Form, answers: Answers, today: date) -> Answers:
    """The answers a new report begins with: those given, before what the form begins with, and what it
    calculates from both.
    """
    return Filling(form=form, answers={**default_answers(form, today), **answers}).complete()


def kept_of(asked: Iterable[Asked]) -> Answers:
    """The answers to what is asked, in the order of the form; items without any answer go."""
    kept: Answers = {}
    items: dict[str, dict[int, Answers]] = {}
    for one in asked:
        if one.value is None:
            continue
        if len(one.place) == 1:
            kept[one.question.name] = one.value
        else:
            repeat, number = str(one.place[0]), one.place[1]
            kept.setdefault(repeat, [])
            if isinstance(number, int):
                items.setdefault(repeat, {}).setdefault(number, {})[one.question.name] = one.value
    for repeat, numbered in items.items():
        kept[repeat] = [numbered[number] for number in sorted(numbered)]
    return copy_answers(kept)


def _error(place: Path, fault: Fault, message: str, hint: str = "") -> AnswersError:
    return AnswersError([Problem(place=place, fault=fault, message=message, hint=hint)])
