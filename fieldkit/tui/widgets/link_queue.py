"""What is on its way, a line each: what waits in sending order, then what was confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from fieldkit.model.text import clean
from fieldkit.tui import keymap, link_words
from fieldkit.tui.cells import fitted
from fieldkit.tui.messages import Chosen
from fieldkit.tui.ports.link import QueueLine
from fieldkit.tui.widgets.line_list import LineList

GLYPH, NUMBER, AMOUNT, STAGE = 2, 4, 13, 25
"""Cells of each column; the title takes what is left."""

LEAST_TITLE = 8


class LinkQueue(LineList):
    """Is shown lines; the one under the cursor is `here`."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.QUEUE_OPEN, keymap.LINE_UP, keymap.LINE_DOWN]
    DEFAULT_CSS = """
    LinkQueue { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[QueueLine, ...] = ()

    @property
    def here(self) -> QueueLine | None:
        """The line under the cursor."""
        return self._shown[self.cursor] if self.cursor < len(self._shown) else None

    def show(self, lines: Sequence[QueueLine]) -> None:
        """Show what is on its way; the cursor stays with its report."""
        before = self.here
        self._shown = tuple(lines)
        self.draw()
        if before is not None:
            places = [place for place, line in enumerate(self._shown) if line.number == before.number]
            self.put_cursor(places[0] if places else self.cursor)

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._shown = ()

    def make_lines(self, width: int) -> Sequence[str]:
        """Sign, number, title, bytes, how far."""
        return [row(line, width) for line in self._shown]

    def choose(self, index: int) -> None:
        """Open the report."""
        number = self._shown[index].number
        if number is not None:
            self.post_message(Chosen(number))


def row(line: QueueLine, width: int) -> str:
    """One line of so many cells."""
    number = "" if line.number is None else f"{line.number:04d}"
    title = max(LEAST_TITLE, width - GLYPH - NUMBER - AMOUNT - STAGE - 5)
    cells = [
        (link_words.glyph(line), GLYPH),
        (number, NUMBER),
        (clean(link_words.name(line), one_line=True), title),
        (link_words.amount(line), AMOUNT),
        (line.stage.value, STAGE),
    ]
    return " " + " ".join(fitted(text, width_of) for text, width_of in cells)
