"""Writing a report: what a person types, and what a screen shows of it. Pure; one person, one thread.

Nothing typed is ever refused or lost: what cannot be read as an answer is kept as typed, counts as a problem,
and is never sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from fieldkit.forms import items, outline, showing
from fieldkit.forms.defaults import as_written
from fieldkit.forms.definition import Form, Kind, Placed
from fieldkit.forms.differences import differing, same_items
from fieldkit.forms.items import Rearranged
from fieldkit.forms.judged import Judged
from fieldkit.forms.meaning import meaning
from fieldkit.forms.outline import Sheet, sheets
from fieldkit.forms.problems import BadAnswer, Problem
from fieldkit.forms.reading import read_answer
from fieldkit.forms.steps import History, State, Steps, ends, leaps
from fieldkit.forms.unread import as_text
from fieldkit.forms.views import Card, Change, Field, Mark, Option, Page, Snapshot
from fieldkit.forms.worked import with_answer
from fieldkit.model.meters import Meters, meters
from fieldkit.model.values import Answers, Path, copy_answers, items_of

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
        self._sheets = {sheet.name: sheet for sheet in sheets(form)}
        self._sheet_of = {name: sheet for sheet in self._sheets.values() for name in sheet.names}
        self._orders = {
            name: (number, at)
            for number, sheet in enumerate(self._sheets.values())
            for at, name in enumerate(sheet.names)
        }
        now = State(answers=copy_answers(as_written(form, answers)), unread=dict(unread or {}))
        self._steps = Steps(now, _written(form, history))
        self._judged = Judged(form=form, state=now, today=today(), language=language)
        self._typing: showing.Typing | None = None
        self._pages: dict[str, tuple[bool, Page | None]] = {}
        """Pages as counted last, with whether their repeat was asked for; none that was touched since."""
        self._stamp = 0
        self._turned = False
        self._hand, self._based = hand, based

    @property
    def hand(self) -> bytes:
        """Tells this writer from another that has the same draft open."""
        return self._hand

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
        return tuple(page for sheet in self._sheets.values() if (page := self._page(sheet)) is not None)

    def _page(self, sheet: Sheet) -> Page | None:
        """Counted anew only where something of it changed: a form may have a thousand questions."""
        asked = sheet.repeat is not None and self._judged.worked.repeat_asked(sheet.name)
        kept = self._pages.get(sheet.name)
        if kept is None or kept[0] != asked:
            kept = self._pages[sheet.name] = asked, outline.page(self._judged, sheet, self.language)
        return kept[1]

    def fields(self, page: str, item: int | None = None) -> tuple[Field, ...]:
        """What is asked on a page now; of a repeat, in one item (the first one unless said)."""
        sheet = self._sheets.get(page)
        if sheet is None:
            return ()
        return tuple(showing.fields(self._judged, sheet, item or 0, self.language, self._typing))

    def field(self, place: Path) -> Field | None:
        """One question at one place; None when it is not asked there now."""
        sheet = self._sheet_of.get(str(place[-1])) if place in self._judged.asked else None
        if sheet is None:
            return None
        item = place[1] if len(place) == 3 and isinstance(place[1], int) else None
        return next((shown for shown in self.fields(sheet.name, item) if shown.place == place), None)

    def cards(self, repeat: str) -> tuple[Card, ...]:
        """A line for each item of a repeat."""
        sheet, node = self._sheets.get(repeat), self.form.repeat(repeat)
        return (
            () if sheet is None or node is None else showing.cards(self._judged, sheet, node, self.language)
        )

    def options(self, place: Path, typed: str = "") -> tuple[Option, ...]:
        """The choices of a question that are offered and fit what is typed, in any language and script."""
        return showing.options(self._judged, place, typed, self.language)

    def meaning(self, place: Path, typed: str) -> str:
        """How typed text would be read, in words, or what is expected."""
        placed = self.form.placed.get(str(place[-1]))
        if placed is None:
            return ""
        return meaning(self.form, placed.question, typed, self.language, self._today())

    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands between this and a finished report, in the order of the form."""
        return tuple(self._judged.problems.values())

    def next_problem(self, place: Path | None, back: bool = False) -> Path | None:
        """The place of the next problem after a place, or the one before it; goes round. None without any."""
        there = sorted(self._judged.problems, key=self._order)
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
        return meters(self._judged.kept())

    def snapshot(self) -> Snapshot:
        """Everything written, for the vault, with what the form calculates from it."""
        return Snapshot(
            answers=copy_answers(self._judged.worked.complete()),
            unread=MappingProxyType(dict(self._state.unread)),
            stamp=self._stamp,
            step=self._steps.count,
            turned=self._turned,
            hand=self._hand,
            based=self._based,
            left=outline.required_left(self._judged),
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
            given = typed if text.strip() else None
            value = read_answer(self.form, placed.question, given, self._today())
        except BadAnswer:
            value = None
            unread[place] = text
        before = self._typed_at(place)
        self._typing = (place, text)
        told = placed.question.kind is Kind.TEXT
        if told and leaps(before, text):
            self._steps.pause()
        state = State(answers=with_answer(self._state.answers, place, value), unread=unread)
        changed = state.answers != self._state.answers or unread != self._state.unread
        if changed:
            self._steps.take(state, ("write", place))
        if told and (leaps(before, text) or ends(before, text)):
            self._steps.pause()
        if not changed:
            return Change(places=frozenset({place}))
        self._turned = False
        return self._changed({place})

    def _typed_at(self, place: Path) -> str:
        """The text that stands at a place, as far as it is text."""
        if self._typing is not None and self._typing[0] == place:
            return self._typing[1]
        asked = self._judged.asked.get(place)
        value = asked.value if asked is not None else None
        return self._state.unread.get(place) or (value if isinstance(value, str) else "")

    def add(self, repeat: str, at: int | None = None) -> Change:
        """A new item of a repeat with the next free code, at the end unless said."""
        return self._rearrange(items.added(self.form, self._state, repeat, at, self._today()), repeat)

    def duplicate(self, repeat: str, index: int) -> Change:
        """The same item again after itself, with a code of its own."""
        return self._rearrange(items.duplicated(self.form, self._state, repeat, index), repeat)

    def move(self, repeat: str, index: int, to: int) -> Change:
        """An item of a repeat to another place in it."""
        return self._rearrange(items.moved(self.form, self._state, repeat, index, to), repeat)

    def delete(self, repeat: str, index: int) -> Change:
        """Take an item of a repeat out; undo brings it back."""
        return self._rearrange(items.deleted(self.form, self._state, repeat, index), repeat)

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

    def _turn(self, turn: Callable[[], State | None]) -> Change | None:
        old = self._state
        if turn() is None:
            return None
        self._turned = True
        self._typing = None
        places = differing(self.form, old, self._state)
        return self._changed(places, same=same_items(self.form, old, self._state))

    def _rearrange(self, done: Rearranged, repeat: str) -> Change:
        if done.state is None:
            return Change(said=done.said)
        self.pause()
        self._steps.take(done.state)
        self._turned = False
        change = self._changed(set(), same=False)
        touched = {place for place in self._judged.asked if place[0] == repeat}
        return Change(places=change.places | touched, reshaped=True, said=done.said)

    def _changed(self, places: set[Path], *, same: bool = True) -> Change:
        """Judge what is written now. `same`: each repeat has as many items as before, in the same order."""
        self._stamp += 1
        wrong, worked_out = self._judged.problems, dict(self._judged.worked.calculated)
        turned = self._judged.take(self._state, places if same else None, self._today())
        touched = places | turned | _unlike(wrong, self._judged.problems)
        touched |= _unlike(worked_out, self._judged.worked.calculated)
        if not same:
            self._pages.clear()
        for name in {str(place[-1]) for place in touched}:
            if name in self._sheet_of:
                self._pages.pop(self._sheet_of[name].name, None)
        return Change(places=frozenset(touched), reshaped=bool(turned) or not same)

    def _place(self, place: Path) -> Placed | None:
        """The question at a place, where there is one that a person may answer."""
        placed = self.form.placed.get(str(place[-1])) if place else None
        if placed is None or placed.question.calculation is not None:
            return None
        if placed.repeat is None:
            return placed if len(place) == 1 else None
        if len(place) != 3 or place[0] != placed.repeat.name or not isinstance(place[1], int):
            return None
        return placed if 0 <= place[1] < len(items_of(self._state.answers, placed.repeat.name)) else None

    def _order(self, place: Path) -> tuple[int, int, int]:
        """Where a place stands in the order of the pages."""
        number, at = self._orders.get(str(place[-1]), (len(self._sheets), 0))
        item = place[1] if len(place) == 3 and isinstance(place[1], int) else -1
        return number, item, at


def _written(form: Form, history: History | None) -> History | None:
    """The way back without what the form calculates."""
    if history is None:
        return None
    return History(
        past=[State(answers=as_written(form, one.answers), unread=one.unread) for one in history.past],
        future=[State(answers=as_written(form, one.answers), unread=one.unread) for one in history.future],
    )


def _unlike(old: Mapping[Path, object], new: Mapping[Path, object]) -> set[Path]:
    """Places at which two tables say different things."""
    return {
        place
        for place in {*old, *new}
        if (one := old.get(place)) is not (other := new.get(place)) and one != other
    }
