"""A form worked out over its answers: what is asked where, what is calculated, what is wrong.

After a change only what depends on it is worked out again, which comes to the same as all of it
(`tests/forms/test_worked.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import TypeVar

from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.checking import check_codes
from fieldkit.forms.definition import Form, Kind, Question
from fieldkit.forms.evaluation import holds
from fieldkit.forms.judging import judge
from fieldkit.forms.order import order_of
from fieldkit.forms.problems import Problem
from fieldkit.forms.scopes import as_answer, as_seen
from fieldkit.forms.spots import Spot, Spots
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, Value, items_of

_CODES = (Kind.CODE, Kind.CODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question at one place: `("title",)`, or `("victims", 0, "v_name")` in an item."""

    question: Question
    place: Path
    value: Value | None = field(repr=False)


class Worked:
    """The answers of one report worked out. What it gives is to be read, not changed."""

    def __init__(
        self,
        form: Form,
        answers: Answers,
        *,
        lanes: Collection[Lane] = REPORTER_LANES,
        language: str = "",
    ) -> None:
        self.form = form
        self._lanes = lanes
        self._language = language or form.default_language
        self._order = order_of(form)
        self.all_again(answers)

    def all_again(self, answers: Answers) -> None:
        """Work everything out: items came, went or moved."""
        self.answers = answers
        self.asked: dict[Path, Asked] = {}
        self.calculated: dict[Path, Value] = {}
        self._relevant: dict[str, bool] = {}
        self._items = {repeat.name: items_of(answers, repeat.name) for repeat in self.form.repeats()}
        counts = {name: len(items) for name, items in self._items.items()}
        self._spots = Spots(self.form, self._order, counts)
        self._wrong: dict[Path, Problem] = {}
        self._update(self._spots)
        self._update_codes()

    def some_again(self, answers: Answers, changed: Collection[Path]) -> frozenset[Path]:
        """Work out what depends on some answers, the items being the same as before; gives the places that
        are asked now and were not, or were and are not.
        """
        self.answers = answers
        for name in {place[0] for place in changed if len(place) == 3}:
            self._items[str(name)] = items_of(answers, str(name))
        spots = (self._spots.get(place) for place in changed)
        turned = self._update(spot for spot in spots if spot is not None)
        kinds = {self.form.placed[str(place[-1])].question.kind for place in changed}
        if turned or not kinds.isdisjoint(_CODES):
            self._update_codes()
        return turned

    @property
    def problems(self) -> dict[Path, Problem]:
        """What is wrong at the places that are asked, one problem each, in the order of the form."""
        found = {**self._code_problems, **self._wrong}
        return {place: found[place] for place in self.asked if place in found} if found else {}

    def scope(self, place: Path) -> Mapping[str, Value]:
        """What expressions at a place can see."""
        return self._spots.scope(place)

    def repeat_asked(self, repeat: str) -> bool:
        """Whether a repeat is relevant now, with items or without."""
        return self._relevant.get(repeat, False)

    def complete(self) -> Answers:
        """The answers as written, with those that are calculated."""
        whole = self.answers
        for place, value in self.calculated.items():
            whole = with_answer(whole, place, value)
        return whole

    # How it is done

    def _update(self, changed: Iterable[Spot]) -> frozenset[Path]:
        """The places that are asked now and were not before, or the other way round."""
        waiting = [(spot.rank, spot) for spot in changed]
        heapify(waiting)
        # Each comes after all it is worked out from, so that none has to be worked out twice.
        known, again = {spot for _, spot in waiting}, set[Spot]()
        conditions: dict[tuple[int, int], bool] = {}
        asked, gone, come = self.asked, list[Path](), list[Path]()
        while waiting:
            _, spot = heappop(waiting)
            was = spot.place in asked
            if self._work_out(spot, conditions):
                for other in self._spots.followers(spot):
                    if other not in known:
                        known.add(other)
                        heappush(waiting, (other.rank, other))
                again.update(self._spots.judged(spot))
            if was != (spot.place in asked):
                (gone if was else come).append(spot.place)
        if come:
            self.asked = {place: asked[place] for place in self._spots.places if place in asked}
        self._judge(known | again)
        return frozenset([*gone, *come])

    def _work_out(self, spot: Spot, conditions: dict[tuple[int, int], bool]) -> bool:
        """Whether what expressions see of it changed."""
        place, question = spot.place, spot.question
        relevant = _holds(spot, conditions)
        if question is None:
            self._relevant[spot.name] = relevant
            # Seen as how many items it has, which is what counting it comes to.
            return _put(spot.target, spot.name, len(self._items[spot.name]) or None if relevant else None)
        value = self._value(place, question, spot.scope) if relevant else None
        if question.calculation is not None:
            _put(self.calculated, place, value)
        if relevant and question.lane in self._lanes:
            self.asked[place] = Asked(question=question, place=place, value=value)
        else:
            self.asked.pop(place, None)
        return _put(spot.target, spot.name, as_seen(question, value))

    def _value(self, place: Path, question: Question, scope: Mapping[str, Value]) -> Value | None:
        if question.calculation is None:
            return answer_at(self.answers, self._items, place)
        return as_answer(question, question.calculation.worked(scope, None))

    def _judge(self, spots: Iterable[Spot]) -> None:
        for spot in spots:
            asked = self.asked.get(spot.place)
            if asked is None:
                self._wrong.pop(spot.place, None)
                continue
            found = judge(self.form, asked.question, spot.place, asked.value, spot.scope, self._language)
            _put(self._wrong, spot.place, found)

    def _update_codes(self) -> None:
        there = {name: value for name, value in self.answers.items() if self._relevant.get(name, True)}
        found = reversed([*check_codes(self.form, there, self._language)])
        self._code_problems = {problem.place: problem for problem in found}


def answer_at(answers: Answers, items: Mapping[str, list[Answers]], place: Path) -> Value | None:
    """The answer as written at a place."""
    if len(place) == 1:
        return answers.get(str(place[0]))
    number = place[1]
    here = items.get(str(place[0]), [])
    return here[number].get(str(place[2])) if isinstance(number, int) and number < len(here) else None


def with_answer(answers: Answers, place: Path, value: Value | None) -> Answers:
    """The answers with one of them set or taken out; what did not change is shared."""
    name = str(place[-1])
    if len(place) == 1:
        rest = {other: kept for other, kept in answers.items() if other != name} if value is None else answers
        return rest if value is None else {**rest, name: value}
    repeat, number = str(place[0]), place[1]
    items = items_of(answers, repeat)
    if isinstance(number, int):
        items[number] = with_answer(items[number], (name,), value)
    return {**answers, repeat: list[Value](items)}


def _holds(spot: Spot, conditions: dict[tuple[int, int], bool]) -> bool:
    """Whether all conditions of a place hold; those of a group are worked out but once in each item."""
    for rule in spot.around:
        key = (id(rule), id(spot.scope))
        if key not in conditions:
            conditions[key] = holds(rule, spot.scope)
        if not conditions[key]:
            return False
    return spot.own is None or holds(spot.own, spot.scope)


Key = TypeVar("Key")
Kept = TypeVar("Kept")


def _put(target: dict[Key, Kept], key: Key, value: Kept | None) -> bool:
    """Set, or take out where there is nothing; whether that changed something."""
    old = target.get(key)
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value
    return type(old) is not type(value) or old != value
