"""Writing a report: what a person types, and what a screen shows of it. Pure; one person, one thread.

Nothing typed is ever refused or lost: what cannot be read as an answer is kept as typed, counts as a problem,
and is never sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from fieldkit.forms import outline
from fieldkit.forms.cards import card_label, next_code
from fieldkit.forms.definition import Form, Placed, Repeat
from fieldkit.forms.judged import Judged
from fieldkit.forms.meaning import meaning
from fieldkit.forms.options import matching
from fieldkit.forms.outline import Sheet, sheets
from fieldkit.forms.problems import BadAnswer, Problem
from fieldkit.forms.reading import read_answer
from fieldkit.forms.steps import History, Move, State, Steps, moved_unread
from fieldkit.forms.typed import typed as typed_again
from fieldkit.forms.unread import as_text
from fieldkit.forms.views import Card, Change, Field, Mark, Option, Page, Snapshot
from fieldkit.model.ids import Lane
from fieldkit.model.limits import MAX_ITEMS
from fieldkit.model.meters import Meters, meters
from fieldkit.model.values import Answers, Path, Value, copy_answers, copy_value, items_of, text_of

__all__ = [
    "Card",
    "Change",
    "Field",
    "History",
    "Mark",
    "Meters",
    "Option",
    "Page",
    "Problem",
    "Snapshot",
    "State",
    "Writer",
]


class Writer:
    """One report being written in one form."""

    def __init__(
        self,
        form: Form,
        answers: Answers,
        *,
        unread: Mapping[Path, str] | None = None,
        history: History | None = None,
        language: str = "en",
        today: Callable[[], date] = date.today,
        hand: bytes = b"",
        based: int = 0,
    ) -> None:
        self.form = form
        self.language = language
        self._today = today
        self._sheets = sheets(form)
        self._steps = Steps(State(answers=copy_answers(answers), unread=dict(unread or {})), history)
        self._judged: Judged | None = None
        self._typing: tuple[Path, str] | None = None
        self._stamp = 0
        self._turned = False
        self._hand, self._based = hand, based

    @property
    def stamp(self) -> int:
        """Grows with every change."""
        return self._stamp

    @property
    def can_undo(self) -> bool:
        """Whether something can be taken back."""
        return self._steps.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether an undo can be taken back."""
        return self._steps.can_redo

    # What is shown

    def pages(self) -> tuple[Page, ...]:
        """The pages asked for now, in the order of the form. A repeat is there as long as it is relevant."""
        judged = self._now()
        shown = (outline.page(judged, sheet, self.language) for sheet in self._sheets)
        return tuple(
            page
            for page in shown
            if page.asked or (page.repeat and self._repeat_asked(self.form.repeat(page.name)))
        )

    def fields(self, page: str, item: int | None = None) -> tuple[Field, ...]:
        """What is asked on a page now; of a repeat, in one item (the first one unless said)."""
        sheet = self._sheet(page)
        if sheet is None:
            return ()
        number = item or 0
        shown: list[Field] = []
        group = None
        for place in outline.places(self._now(), sheet, number if sheet.repeat else None):
            inner = sheet.inner.get(str(place[-1]))
            heading = self.form.words(inner.label, self.language) if inner and inner is not group else ""
            shown.append(self._field(place, heading))
            group = inner
        return tuple(shown)

    def field(self, place: Path) -> Field | None:
        """One question at one place; None when it is not asked there now."""
        if place not in self._now().asked:
            return None
        item = place[1] if len(place) == 3 and isinstance(place[1], int) else None
        page = next((sheet.name for sheet in self._sheets if place[-1] in sheet.names), "")
        return next((shown for shown in self.fields(page, item) if shown.place == place), None)

    def cards(self, repeat: str) -> tuple[Card, ...]:
        """A line for each item of a repeat."""
        sheet, node = self._sheet(repeat), self.form.repeat(repeat)
        if sheet is None or node is None:
            return ()
        items = items_of(self._state.answers, repeat)
        return tuple(self._card(sheet, node, index, item) for index, item in enumerate(items))

    def options(self, place: Path, typed: str = "") -> tuple[Option, ...]:
        """The choices of a question that fit what is typed, in any language and script."""
        placed = self.form.placed.get(str(place[-1]))
        if placed is None or not placed.question.choices:
            return ()
        value = self._value(place)
        chosen = frozenset(
            str(code) for code in (value if isinstance(value, list) else [value] if value else [])
        )
        return matching(self.form, self.form.choices[placed.question.choices], typed, chosen, self.language)

    def meaning(self, place: Path, typed: str) -> str:
        """How typed text would be read, in words, or what is expected."""
        placed = self.form.placed.get(str(place[-1]))
        if placed is None:
            return ""
        return meaning(self.form, placed.question, typed, self.language, self._today())

    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands between this and a finished report, in the order of the form."""
        return tuple(self._now().problems.values())

    def next_problem(self, place: Path | None, back: bool = False) -> Path | None:
        """The place of the next problem after a place, or the one before it; goes round. None without any."""
        there = list(self._now().problems)
        if not there:
            return None
        if place is None:
            return there[-1 if back else 0]
        here = self._order(place)
        if back:
            return next((one for one in reversed(there) if self._order(one) < here), there[-1])
        return next((one for one in there if self._order(one) > here), there[0])

    def meters(self) -> Meters:
        """Whether it can be counted and published, and what is missing."""
        return meters(self._state.answers)

    def snapshot(self) -> Snapshot:
        """Everything written, for the vault."""
        return Snapshot(
            answers=copy_answers(self._state.answers),
            unread=MappingProxyType(dict(self._state.unread)),
            stamp=self._stamp,
            turned=self._turned,
            hand=self._hand,
            based=self._based,
            left=outline.required_left(self._now()),
        )

    # What a person does

    def can_write(self, place: Path) -> bool:
        """Whether there is a question at a place that a person may answer."""
        return self._place(place) is not None

    def write(self, place: Path, typed: object) -> Change:
        """Take what was typed for a question: text, a code, or a list of codes; empty takes the answer out.

        Changes nothing where there is no such question. Never raises for what a person types.
        """
        placed = self._place(place)
        if placed is None:
            return Change()
        text = as_text(typed) if typed is not None else ""
        unread = {other: kept for other, kept in self._state.unread.items() if other != place}
        try:
            value = read_answer(self.form, placed.question, typed, self._today())
        except BadAnswer:
            value = None
            unread[place] = text
        self._typing = (place, text)
        if value == self._value(place) and unread == dict(self._state.unread):
            return Change(places=frozenset({place}))
        state = State(answers=_with(self._state.answers, place, value), unread=unread)
        return self._take(state, going=("write", place), places={place})

    def add(self, repeat: str, at: int | None = None) -> Change:
        """A new item of a repeat with the next free code, at the end unless said."""
        node = self.form.repeat(repeat)
        if node is None:
            return Change()
        code = next_code(self.form, self._state.answers, node)
        return self._insert(node, {node.key: code} if code else {}, at, "added")

    def duplicate(self, repeat: str, index: int) -> Change:
        """The same item again after itself, with a code of its own."""
        node, items = self.form.repeat(repeat), items_of(self._state.answers, repeat)
        if node is None or not 0 <= index < len(items):
            return Change()
        code = next_code(self.form, self._state.answers, node)
        copied = copy_answers({**items[index], **({node.key: code} if code else {})})
        more: dict[Path, str] = {
            (repeat, index + 1, place[2]): text
            for place, text in self._state.unread.items()
            if place[:2] == (repeat, index) and place[2] != node.key
        }
        return self._insert(node, copied, index + 1, "added", more)

    def move(self, repeat: str, index: int, to: int) -> Change:
        """An item of a repeat to another place in it."""
        items = items_of(self._state.answers, repeat)
        to = max(0, min(to, len(items) - 1))
        if self.form.repeat(repeat) is None or not 0 <= index < len(items) or to == index:
            return Change()
        order = list(range(len(items)))
        order.insert(to, order.pop(index))
        back = {old: new for new, old in enumerate(order)}
        name = self._name(repeat, index)
        return self._reorder(repeat, [items[old] for old in order], back.get, f"{name} moved to {to + 1}")

    def delete(self, repeat: str, index: int) -> Change:
        """Take an item of a repeat out; undo brings it back."""
        items = items_of(self._state.answers, repeat)
        if self.form.repeat(repeat) is None or not 0 <= index < len(items):
            return Change()
        name = self._name(repeat, index)
        left = items[:index] + items[index + 1 :]
        return self._reorder(
            repeat,
            left,
            lambda old: None if old == index else old - (old > index),
            f"{name} taken out; undo brings it back",
        )

    def undo(self) -> Change | None:
        """Take the last step back; None at the beginning."""
        return self._turn(self._steps.undo)

    def redo(self) -> Change | None:
        """Take an undo back; None when there is none."""
        return self._turn(self._steps.redo)

    def pause(self) -> None:
        """End the step that typing goes into: a field was left."""
        self._steps.pause()
        self._typing = None

    # How it is done

    @property
    def _state(self) -> State:
        return self._steps.now

    def _now(self) -> Judged:
        if self._judged is None:
            self._judged = Judged(form=self.form, state=self._state, today=self._today())
        return self._judged

    def _take(self, state: State, *, going: object = None, places: set[Path], said: str = "") -> Change:
        before = set(self._now().asked)
        self._steps.take(state, going)
        self._turned = False
        return self._changed(before, places, said)

    def _turn(self, turn: Callable[[], State | None]) -> Change | None:
        before = set(self._now().asked)
        old = self._state
        if turn() is None:
            return None
        self._turned = True
        self._typing = None
        return self._changed(before, _differing(old, self._state), "")

    def _changed(self, before: set[Path], places: set[Path], said: str) -> Change:
        self._stamp += 1
        self._judged = None
        asked = set(self._now().asked)
        return Change(places=frozenset(places | (before ^ asked)), reshaped=before != asked, said=said)

    def _insert(
        self, node: Repeat, item: Answers, at: int | None, done: str, unread: Mapping[Path, str] | None = None
    ) -> Change:
        items = items_of(self._state.answers, node.name)
        if len(items) >= MAX_ITEMS:
            return Change(said=f"there are {MAX_ITEMS} already, and no more fit")
        where = len(items) if at is None else max(0, min(at, len(items)))
        items.insert(where, item)
        said = f"{text_of(item, node.key) or where + 1} {done}"
        return self._reorder(node.name, items, lambda old: old + (old >= where), said, unread)

    def _reorder(
        self, repeat: str, items: list[Answers], move: Move, said: str, more: Mapping[Path, str] | None = None
    ) -> Change:
        answers = {name: value for name, value in self._state.answers.items() if name != repeat}
        if items:
            answers[repeat] = list[Value](items)
        unread = {**moved_unread(self._state.unread, repeat, move), **(more or {})}
        self.pause()
        change = self._take(State(answers=answers, unread=unread), places=set(), said=said)
        touched = {place for place in self._now().asked if place[0] == repeat}
        return Change(places=change.places | touched, reshaped=True, said=said)

    def _place(self, place: Path) -> Placed | None:
        """The question at a place, where there is one that a person may answer."""
        placed = self.form.placed.get(str(place[-1])) if place else None
        if placed is None:
            return None
        if placed.repeat is None:
            return placed if len(place) == 1 else None
        if len(place) != 3 or place[0] != placed.repeat.name or not isinstance(place[1], int):
            return None
        return placed if 0 <= place[1] < len(items_of(self._state.answers, placed.repeat.name)) else None

    def _value(self, place: Path) -> Value | None:
        if len(place) == 1:
            return self._state.answers.get(str(place[0]))
        items = items_of(self._state.answers, str(place[0]))
        number = place[1]
        inside = isinstance(number, int) and 0 <= number < len(items)
        return items[number].get(str(place[2])) if inside and isinstance(number, int) else None

    def _field(self, place: Path, heading: str) -> Field:
        judged = self._now()
        question = judged.asked[place].question
        problem = judged.problems.get(place)
        return Field(
            place=place,
            question=question,
            label=self.form.words(question.label, self.language),
            hint=self.form.words(question.hint, self.language),
            heading=heading,
            value=copy_value(value) if (value := judged.asked[place].value) is not None else None,
            typed=self._typed(place),
            problem=problem.message if problem else "",
            tip=problem.hint if problem else "",
            required=question.required,
            protected=question.lane is Lane.SOURCES,
            calculated=False,
        )

    def _typed(self, place: Path) -> str:
        if self._typing and self._typing[0] == place:
            return self._typing[1]
        if place in self._state.unread:
            return self._state.unread[place]
        question = self.form.placed[str(place[-1])].question
        return typed_again(self.form, question, self._value(place), self.language)

    def _sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self._sheets if sheet.name == name), None)

    def _repeat_asked(self, repeat: Repeat | None) -> bool:
        return repeat is not None

    def _card(self, sheet: Sheet, node: Repeat, index: int, item: Answers) -> Card:
        code = text_of(item, node.key)
        asked = outline.places(self._now(), sheet, index)
        mark = outline.mark(self._now(), asked)
        only_code = all(self._value(place) is None for place in asked if place[-1] != node.key)
        if mark is not Mark.PROBLEM and only_code:
            mark = Mark.EMPTY
        label = card_label(self.form, node, item, self.language) or str(index + 1)
        return Card(repeat=sheet.name, index=index, code=code, label=label, mark=mark)

    def _name(self, repeat: str, index: int) -> str:
        node = self.form.repeat(repeat)
        item = items_of(self._state.answers, repeat)[index]
        return (text_of(item, node.key) if node else "") or str(index + 1)

    def _order(self, place: Path) -> tuple[int, int, int]:
        """Where a place stands in the order of the form."""
        name = str(place[-1])
        for number, sheet in enumerate(self._sheets):
            if name in sheet.names:
                item = place[1] if len(place) == 3 and isinstance(place[1], int) else -1
                return number, item, sheet.names.index(name)
        return len(self._sheets), 0, 0


def _with(answers: Answers, place: Path, value: Value | None) -> Answers:
    """The answers with one of them set or taken out; what did not change is shared."""
    name = str(place[-1])
    if len(place) == 1:
        rest = {other: kept for other, kept in answers.items() if other != name} if value is None else answers
        return rest if value is None else {**rest, name: value}
    repeat, number = str(place[0]), place[1]
    items = items_of(answers, repeat)
    if isinstance(number, int):
        items[number] = _with(items[number], (name,), value)
    return {**answers, repeat: list[Value](items)}


def _differing(old: State, new: State) -> set[Path]:
    """Places whose answer or unread text differs between two states."""
    found: set[Path] = {
        place for place in {*old.unread, *new.unread} if old.unread.get(place) != new.unread.get(place)
    }
    for name in {*old.answers, *new.answers}:
        before, after = old.answers.get(name), new.answers.get(name)
        if before is after or before == after:
            continue
        here, there = items_of(old.answers, name), items_of(new.answers, name)
        if not here and not there:
            found.add((name,))
        for index in range(max(len(here), len(there))):
            one = here[index] if index < len(here) else {}
            other = there[index] if index < len(there) else {}
            found |= {(name, index, inner) for inner in {*one, *other} if one.get(inner) != other.get(inner)}
    return found
