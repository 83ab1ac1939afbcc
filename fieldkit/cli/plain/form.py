"""A report in lines: every page of the form in its order, back and forth, saved after each answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from fieldkit.cli.plain.asking import TURNS, Asking, Turn
from fieldkit.cli.plain.items import CARD_SIGNS, Act, Wish, card_line, read_act
from fieldkit.cli.plain.keeping import Keeping
from fieldkit.cli.plain.lines import Lines
from fieldkit.forms.views import Change, Page
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Path

BEGIN = (
    "Type the answer, then Enter; each is saved at once. Enter alone goes on, < goes back, ? helps, "
    ". leaves the report as a draft."
)
"""Said before the first question."""


@dataclass(slots=True)
class FormTalk:
    """One report being written."""

    lines: Lines = field(repr=False)
    keeping: Keeping = field(repr=False)
    _asking: Asking = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._asking = Asking(self.lines, self.keeping)

    @property
    def writer(self) -> Writer:
        """The report."""
        return self.keeping.writer

    def run(self, start: Path | None = None) -> bool:
        """Ask until the last page is left; False when the person leaves before that.

        Begins at a place, else at the first question. Raises Ended, Idle, KeyboardInterrupt.
        """
        self.lines.say(BEGIN)
        self._asking.wanted = start
        at = self._page_of(start) if start else 0
        while True:
            turn = self._page(at)
            if turn is Turn.LEAVE:
                return False
            self._asking.from_behind = turn is Turn.BACK
            if turn is Turn.JUMP and self._asking.wanted is not None:
                at = self._page_of(self._asking.wanted)
            elif turn in (Turn.BACK, Turn.PAGE_BACK):
                at = max(0, at - 1)
            else:
                at += 1
                if at >= len(self.writer.pages()):
                    return True

    def _page_of(self, place: Path) -> int:
        """The page a place stands on, by its number."""
        for number, page in enumerate(self.writer.pages()):
            fields = () if page.repeat else self.writer.fields(page.name)
            if (page.repeat and page.name == place[0]) or any(one.place == place for one in fields):
                return number
        return 0

    def _page(self, at: int) -> Turn:
        pages = self.writer.pages()
        page = pages[min(at, len(pages) - 1)]
        self.lines.say("", f"Page {at + 1} of {len(pages)}: {page.label}")
        if page.hint:
            self.lines.say(page.hint)
        if page.repeat:
            return self._cards(page)
        return self._asking.walk(partial(self.writer.fields, page.name))

    def _cards(self, page: Page) -> Turn:
        """The items of a repeat, until they are left."""
        wanted = self._asking.wanted
        self._asking.from_behind = False
        if wanted is not None and len(wanted) == 3 and isinstance(wanted[1], int):
            turn = self._item(page.name, wanted[1])
            if turn in (Turn.LEAVE, Turn.JUMP):
                return turn
        self._asking.wanted = None
        while True:
            self.lines.say(*(card_line(card) for card in self.writer.cards(page.name)))
            typed = self._asking.typed(f"{page.label}: a adds one, Enter goes on, ? says what else:")
            turn = self._line(page, typed)
            if turn is not Turn.STAY:
                return turn

    def _line(self, page: Page, typed: str) -> Turn:
        if typed in TURNS:
            return TURNS[typed]
        if typed == "?":
            self.lines.say(*CARD_SIGNS)
            return Turn.STAY
        signed = self._asking.sign((page.name, -1, ""), typed)
        if signed is not None:
            return signed
        wish = read_act(typed, len(self.writer.cards(page.name)))
        if isinstance(wish, str):
            self.lines.say(wish)
            return Turn.STAY
        turn = self._do(page.name, wish)
        return turn if turn in (Turn.LEAVE, Turn.JUMP) else Turn.STAY

    def _do(self, repeat: str, wish: Wish) -> Turn:
        acts: dict[Act, Callable[[], Change]] = {
            Act.ADD: lambda: self.writer.add(repeat),
            Act.COPY: lambda: self.writer.duplicate(repeat, wish.item),
            Act.MOVE: lambda: self.writer.move(repeat, wish.item, wish.to),
            Act.TAKE_OUT: lambda: self.writer.delete(repeat, wish.item),
        }
        before = len(self.writer.cards(repeat))
        if wish.verb is not Act.OPEN:
            self._asking.changed(acts[wish.verb]())
        there = len(self.writer.cards(repeat))
        if wish.verb is Act.OPEN:
            return self._item(repeat, wish.item)
        return self._item(repeat, there - 1) if wish.verb is Act.ADD and there > before else Turn.STAY

    def _item(self, repeat: str, index: int) -> Turn:
        """The questions of one item; behind the last one come the items again."""
        cards = self.writer.cards(repeat)
        if not 0 <= index < len(cards):
            return Turn.STAY
        self.lines.say("", cards[index].label)
        return self._asking.walk(partial(self.writer.fields, repeat, index))
