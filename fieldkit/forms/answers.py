"""Reads a whole set of answers keyed by question name: what `new --from` takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from fieldkit.forms.definition import Form, Placed, Repeat
from fieldkit.forms.problems import AnswersError, BadAnswer, Fault, Problem
from fieldkit.forms.reading import read_answer
from fieldkit.model import limits
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, Value

SHOWN_NAMES = 6
"""Names an error message offers when none is close to what was typed."""

REPORTER_LANES = frozenset({Lane.MAIN, Lane.SOURCES})
"""What a reporter fills in; the admin lane is the coordinators' own."""


def read_answers(
    form: Form,
    data: object,
    *,
    today: date | None = None,
    lanes: frozenset[Lane] = REPORTER_LANES,
) -> Answers:
    """Answers in their stored form from a JSON object keyed by question name, repeats as lists of such
    objects.

    Checks types, choices and names, not completeness: a draft may lack anything (`filling.problems` tells
    what a finished report still needs). Answers come out in the order of the form. Raises AnswersError with
    every problem.
    """
    reader = _Reader(form, today, lanes)
    answers = reader.answers(data, None, ())
    if reader.problems:
        raise AnswersError(reader.problems)
    return answers


class _Reader:
    """Goes through the tree once and collects problems instead of stopping at the first."""

    def __init__(self, form: Form, today: date | None, lanes: frozenset[Lane]) -> None:
        self._form = form
        self._today = today
        self._lanes = lanes
        self.problems: list[Problem] = []

    def answers(self, data: object, repeat: Repeat | None, place: Path) -> Answers:
        if not isinstance(data, dict):
            self._wrong(place or ("answers",), f"expected an object of answers, got {type(data).__name__}")
            return {}
        known = self._known(repeat)
        found: dict[str, Value] = {}
        for name, typed in list(data.items())[: limits.MAX_NAMES]:
            value = self._one(str(name), typed, known, place)
            if value is not None:
                found[str(name)] = value
        return {name: found[name] for name in known if name in found}

    def _known(self, repeat: Repeat | None) -> dict[str, Placed | Repeat]:
        """What may stand here, in the order of the form."""
        known: dict[str, Placed | Repeat] = {}
        for placed in self._form.placed.values():
            if placed.question.lane not in self._lanes:
                continue
            if placed.repeat is repeat:
                known[placed.question.name] = placed
            elif placed.repeat and repeat is None:
                known[placed.repeat.name] = placed.repeat
        return known

    def _one(self, name: str, typed: object, known: dict[str, Placed | Repeat], place: Path) -> Value | None:
        here = known.get(name)
        if here is None:
            self._unknown(name, known, place)
            return None
        if isinstance(here, Repeat):
            return self._items(here, typed)
        if here.question.calculation is not None:
            self._wrong((*place, name), "the form works this answer out by itself", "leave it out")
            return None
        try:
            return read_answer(self._form, here.question, typed, self._today)
        except BadAnswer as problem:
            self._wrong((*place, name), problem.message, problem.hint)
            return None

    def _items(self, repeat: Repeat, typed: object) -> Value | None:
        if not isinstance(typed, list) or len(typed) > limits.MAX_ITEMS:
            self._wrong((repeat.name,), f"expected a list of at most {limits.MAX_ITEMS} objects")
            return None
        items: list[Value] = []
        for number, item in enumerate(typed):
            answers = self.answers(item, repeat, (repeat.name, number))
            if answers:
                items.append(answers)
        return items or None

    def _unknown(self, name: str, known: Iterable[str], place: Path) -> None:
        placed = self._form.placed.get(name)
        if placed and placed.repeat:
            hint = f"it belongs inside {placed.repeat.name}"
        elif placed or self._form.repeat(name):
            hint = "it belongs elsewhere in the form"
        else:
            close = get_close_matches(name, list(known), n=3)
            some = ", ".join(list(known)[:SHOWN_NAMES])
            hint = f"did you mean {' or '.join(close)}?" if close else f"names here are {some}…"
        self.problems.append(
            Problem(
                place=(*place, name[:40]), fault=Fault.UNKNOWN, message="no such question here", hint=hint
            )
        )

    def _wrong(self, place: Path, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, fault=Fault.WRONG, message=message, hint=hint))
