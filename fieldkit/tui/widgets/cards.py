"""The items of a repeat, a card of one line each, and a last line that adds one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from fieldkit.forms.views import Card
from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.cells import cells, fitted
from fieldkit.tui.messages import Told
from fieldkit.tui.widgets.line_list import LineList
from fieldkit.tui.widgets.outline import SIGNS, WORDS

ADD = "+ Add one"


class Cards(LineList):
    """Is shown cards; tells by messages what a person wants done with one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.LINE_OPEN,
        keymap.CARD_COPY,
        keymap.CARD_REMOVE,
        keymap.CARD_UP,
        keymap.CARD_DOWN,
        keymap.LINE_UP,
        keymap.LINE_DOWN,
    ]
    DEFAULT_CSS = """
    Cards { height: auto; max-height: 100%; padding: 0 1; }
    """

    @dataclass(eq=False)
    class Wanted(Told):
        """What is to be done with an item: `open`, `add`, `copy`, `remove`, `up` or `down`; `keys` when a
        letter was typed, which does nothing here.
        """

        act: str
        index: int

    def __init__(self) -> None:
        super().__init__()
        self._cards: tuple[Card, ...] = ()

    def show(self, cards: Sequence[Card], at: int | None = None) -> None:
        """Show the items as they stand, with the cursor on one of them or where it was."""
        self._cards = tuple(cards)
        self.draw()
        if at is not None:
            self.put_cursor(at)

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._cards = ()

    def get_content_height(self, *_: object) -> int:
        """A line for each, and the one that adds."""
        return len(self._cards) + 1

    def make_lines(self, width: int) -> Sequence[str]:
        """An item each."""
        return [*(line_of(card, width) for card in self._cards), fitted(f"  {ADD} ({ADD_KEY})", width)]

    def choose(self, index: int) -> None:
        """Open an item, or add one."""
        self._want("open" if index < len(self._cards) else "add")

    def on_key(self, event: events.Key) -> None:
        """Whoever types letters here is told what the keys are."""
        if event.is_printable:
            event.stop()
            self._want("keys")

    def action_want(self, act: str) -> None:
        """Tell what is to be done with the item under the cursor."""
        if self.cursor < len(self._cards):
            self._want(act)

    def _want(self, act: str) -> None:
        self.post_message(self.Wanted(act, self.cursor))


ADD_KEY = "^N"


def line_of(card: Card, width: int) -> str:
    """`! V2 · Example Name · person     mend`."""
    word = WORDS[card.mark]
    lead = f"{SIGNS[card.mark]} "
    name = clean(card.label, one_line=True) or str(card.index + 1)
    room = max(1, width - cells(lead) - cells(word) - 1)
    return fitted(f"{lead}{fitted(name, room)} {word}", width)
