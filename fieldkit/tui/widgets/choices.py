"""A few things to choose from, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from fieldkit.tui import keymap
from fieldkit.tui.cells import fitted
from fieldkit.tui.messages import Told
from fieldkit.tui.widgets.line_list import LineList

HERE = "›"


class Choices(LineList):
    """Is given the lines once; tells by a message which one was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.LINE_OPEN, keymap.LINE_UP, keymap.LINE_DOWN]
    DEFAULT_CSS = """
    Choices { height: auto; }
    """

    @dataclass(eq=False)
    class Picked(Told):
        """The line at this place was chosen."""

        index: int

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._offered = tuple(lines)
        self.styles.height = len(self._offered)

    def make_lines(self, width: int) -> Sequence[str]:
        """What was given, each to the full width; a sign shows the cursor where colours do not."""
        return [
            fitted(f"{HERE if index == self.cursor else ' '} {line}", width)
            for index, line in enumerate(self._offered)
        ]

    def put_cursor(self, index: int) -> None:
        """Move the cursor, and its sign."""
        super().put_cursor(index)
        self.draw()

    def choose(self, index: int) -> None:
        """Tell."""
        self.post_message(self.Picked(index))
