"""A form worked out over its answers: what is asked where, what is calculated, what is wrong.

After a change only what depends on it is worked out again, which comes to the same as all of it
(`tests/forms/test_worked.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import TypeVar

from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.checking import check_codes
from fieldkit.forms.definition import Form, Kind, Placed, Question, Repeat
from fieldkit.forms.evaluation import evaluate, holds
from fieldkit.forms.judging import judge
from fieldkit.forms.order import order_of
from fieldkit.forms.problems import Problem
from fieldkit.forms.scopes import Item, Scope, as_answer, as_seen
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, Value, items_of

_OUTSIDE: Item = ("", 0)
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
        self._outside = Scope({})
        self._inside = {
            (name, number): Scope(self._outside.outer)
            for name, items in self._items.items()
            for number in range(len(items))
        }
        self._places = list(self._all_places())
        self._wrong: dict[Path, Problem] = {}
        self._update([*self._places, *((repeat,) for repeat in self._items)])
        self._update_codes()

    def some_again(self, answers: Answers, changed: Collection[Path]) -> None:
        """Work out what depends on some answers, the items being the same as before."""
        self.answers = answers
        for name in {place[0] for place in changed if len(place) == 3}:
            self._items[str(name)] = items_of(answers, str(name))
        reshaped = self._update(changed)
        kinds = {self.form.placed[str(place[-1])].question.kind for place in changed}
        if reshaped or not kinds.isdisjoint(_CODES):
            self._update_codes()

    @property
    def problems(self) -> dict[Path, Problem]:
        """What is wrong at the places that are asked, one problem each, in the order of the form."""
        found = {**self._code_problems, **self._wrong}
        return {place: found[place] for place in self.asked if place in found} if found else {}

    def scope(self, place: Path) -> Mapping[str, Value]:
        """What expressions at a place can see."""
        return self._scope(_item(place))

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

    def _all_places(self) -> Iterator[Path]:
        """Every place of the form, asked for or not, in its order."""
        told: set[str] = set()
        for name, placed in self.form.placed.items():
            if placed.repeat is None:
                yield (name,)
            elif placed.repeat.name not in told:
                told.add(placed.repeat.name)
                yield from self._item_places(placed.repeat)

    def _item_places(self, repeat: Repeat) -> Iterator[Path]:
        names = [name for name, placed in self.form.placed.items() if placed.repeat is repeat]
        for number in range(len(self._items[repeat.name])):
            yield from ((repeat.name, number, name) for name in names)

    def _update(self, changed: Iterable[Path]) -> bool:
        """Whether something is asked now that was not before, or the other way round."""
        rank = self._order.rank
        waiting = [(rank[str(place[-1])], place) for place in changed]
        heapify(waiting)
        known: dict[tuple[int, Item], bool] = {}
        done: set[Path] = set()
        again: set[Path] = set()
        before = len(self.asked)
        reshaped = False
        while waiting:
            _, place = heappop(waiting)
            if place in done:
                continue
            done.add(place)
            was = place in self.asked
            if self._work_out(place, known):
                for other in self._following(self._order.followers, place):
                    heappush(waiting, (rank[str(other[-1])], other))
                again.update(self._following(self._order.judged, place))
            reshaped = reshaped or was != (place in self.asked)
        if reshaped or before != len(self.asked):
            self.asked = {place: self.asked[place] for place in self._places if place in self.asked}
        self._judge(done | again)
        return reshaped

    def _following(self, table: Mapping[str, tuple[str, ...]], place: Path) -> Iterator[Path]:
        """The places that see an answer, of the questions that ask for it."""
        for name in table.get(str(place[-1]), ()):
            placed = self.form.placed.get(name)
            repeat = placed.repeat if placed else None
            if repeat is None:
                if len(place) == 1:
                    yield (name,)
            elif len(place) == 1:
                yield from ((repeat.name, number, name) for number in range(len(self._items[repeat.name])))
            elif place[0] == repeat.name:
                yield (repeat.name, place[1], name)

    def _work_out(self, place: Path, known: dict[tuple[int, Item], bool]) -> bool:
        """Whether what expressions see of it changed."""
        name = str(place[-1])
        placed = self.form.placed.get(name)
        if placed is None:
            return self._work_out_repeat(name, known)
        item = _item(place)
        scope = self._scope(item)
        relevant = self._holds(placed, item, scope, known)
        value = self._value(place, placed.question, scope) if relevant else None
        if placed.question.calculation is not None:
            _put(self.calculated, place, value)
        if relevant and placed.question.lane in self._lanes:
            self.asked[place] = Asked(question=placed.question, place=place, value=value)
        else:
            self.asked.pop(place, None)
        target = scope.outer if item is _OUTSIDE else scope.inner
        return _put(target, name, as_seen(placed.question, value))

    def _work_out_repeat(self, name: str, known: dict[tuple[int, Item], bool]) -> bool:
        rules = self._order.around[name]
        relevant = all(holds(rule, self._outside) for rule in rules)
        self._relevant[name] = relevant
        # Seen as how many items it has, which is what counting it comes to.
        return _put(self._outside.outer, name, len(self._items[name]) or None if relevant else None)

    def _holds(self, placed: Placed, item: Item, scope: Scope, known: dict[tuple[int, Item], bool]) -> bool:
        """Whether all conditions hold; the condition of a group is worked out but once."""
        for rule in placed.conditions:
            key = (id(rule), item)
            if key not in known:
                known[key] = holds(rule, scope)
            if not known[key]:
                return False
        return True

    def _value(self, place: Path, question: Question, scope: Scope) -> Value | None:
        if question.calculation is None:
            return answer_at(self.answers, self._items, place)
        return as_answer(question, evaluate(question.calculation.tree, scope))

    def _scope(self, item: Item) -> Scope:
        return self._outside if item is _OUTSIDE else self._inside[item]

    def _judge(self, places: Iterable[Path]) -> None:
        for place in places:
            asked = self.asked.get(place)
            found = None
            if asked is not None:
                scope = self._scope(_item(place))
                found = judge(self.form, asked.question, place, asked.value, scope, self._language)
            _put(self._wrong, place, found)

    def _update_codes(self) -> None:
        there = {name: value for name, value in self.answers.items() if self._relevant.get(name, True)}
        found = reversed([*check_codes(self.form, there)])
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


def _item(place: Path) -> Item:
    number = place[1] if len(place) == 3 else 0
    return _OUTSIDE if len(place) == 1 or not isinstance(number, int) else (str(place[0]), number)


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
