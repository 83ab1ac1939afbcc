"""Filling in a form: what is asked, what is still wrong, what will be sent.

Pure: each answer typed gives a new state of the filling.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.checking import check_codes
from fieldkit.forms.definition import Form, Kind, Placed, Question
from fieldkit.forms.evaluation import holds
from fieldkit.forms.problems import AnswersError, BadAnswer, Fault, Problem
from fieldkit.forms.reading import check_answer, read_answer
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, Value, copy_answers, items_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question at one place: `("title",)`, or `("victims", 0, "v_name")` in an item."""

    question: Question
    place: Path
    value: Value | None = field(repr=False)
    seen: Answers = field(repr=False)
    """What expressions at this place can ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A form and the answers so far."""

    form: Form
    answers: Answers = field(repr=False)
    lanes: frozenset[Lane] = REPORTER_LANES
    """Lanes whose questions are asked; others are neither asked nor judged."""

    def asked(self) -> Iterator[Asked]:
        """Every question that is relevant now, in the order of the form; in repeats once for each item."""
        outside = self._seen(self.answers)
        placed = [place for place in self.form.placed.values() if place.question.lane in self.lanes]
        for repeat, together in groupby(placed, key=lambda place: place.repeat.name if place.repeat else ""):
            if not repeat:
                for place in together:
                    yield from self._if_relevant(place, self.answers, outside, ())
                continue
            questions = tuple(together)
            for number, item in enumerate(items_of(self.answers, repeat)):
                inside = {**outside, **self._seen(item)}
                for place in questions:
                    yield from self._if_relevant(place, item, inside, (repeat, number))

    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands between these answers and a finished report, in the order of the form."""
        found = [problem for asked in self.asked() for problem in self._judge(asked)]
        return (*found, *check_codes(self.form, self.answers))

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
        kept: Answers = {}
        items: dict[str, dict[int, Answers]] = {}
        for asked in self.asked():
            if asked.value is None:
                continue
            if len(asked.place) == 1:
                kept[asked.question.name] = asked.value
            else:
                repeat, number = str(asked.place[0]), asked.place[1]
                kept.setdefault(repeat, [])
                if isinstance(number, int):
                    items.setdefault(repeat, {}).setdefault(number, {})[asked.question.name] = asked.value
        for repeat, numbered in items.items():
            kept[repeat] = [numbered[number] for number in sorted(numbered)]
        return copy_answers(kept)

    def _if_relevant(self, placed: Placed, here: Answers, seen: Answers, place: Path) -> Iterator[Asked]:
        if all(holds(condition, seen) for condition in placed.conditions):
            name = placed.question.name
            yield Asked(question=placed.question, place=(*place, name), value=here.get(name), seen=seen)

    def _seen(self, answers: Answers) -> Answers:
        """Answers as expressions see them: a date is its EDTF alone."""
        seen: Answers = {}
        for name, value in answers.items():
            placed = self.form.placed.get(name)
            dated = placed is not None and placed.question.kind is Kind.DATE
            seen[name] = value[0] if dated and isinstance(value, list) and value else value
        return seen

    def _judge(self, asked: Asked) -> Iterator[Problem]:
        question = asked.question
        if asked.value is None:
            if question.required:
                hint = self.form.words(question.label, self.form.default_language)
                yield Problem(
                    place=asked.place, fault=Fault.MISSING, message="an answer is required", hint=hint
                )
            return
        try:
            check_answer(self.form, question, asked.value)
        except BadAnswer as problem:
            yield Problem(place=asked.place, fault=Fault.WRONG, message=problem.message, hint=problem.hint)
            return
        if question.constraint and not holds(question.constraint, asked.seen, asked.value):
            message = self.form.words(question.constraint_message, self.form.default_language)
            yield Problem(
                place=asked.place, fault=Fault.CONSTRAINT, message=message or question.constraint.text
            )


def _error(place: Path, fault: Fault, message: str, hint: str = "") -> AnswersError:
    return AnswersError([Problem(place=place, fault=fault, message=message, hint=hint)])
