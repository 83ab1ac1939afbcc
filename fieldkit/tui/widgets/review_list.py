"""A draft looked over, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from fieldkit.model.values import Path
from fieldkit.tui import keymap
from fieldkit.tui.messages import Told
from fieldkit.tui.review_words import Line
from fieldkit.tui.widgets.line_list import LineList

Making = Callable[[int], Sequence[Line]]
"""The lines for so many cells."""


class ReviewList(LineList):
    """Scrolls; Enter on a line that tells of a problem asks for its place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.LINE_OPEN,
        keymap.LINE_UP,
        keymap.LINE_DOWN,
        keymap.PAGE_UP,
        keymap.PAGE_DOWN,
        keymap.FIRST,
        keymap.LAST,
    ]
    DEFAULT_CSS = """
    ReviewList { height: 1fr; padding: 0 1; }
    """

    @dataclass(eq=False)
    class Wanted(Told):
        """A place of the form."""

        place: Path

    def __init__(self) -> None:
        super().__init__()
        self._make: Making = _nothing
        self._made: Sequence[Line] = ()

    def show(self, make: Making) -> None:
        """Show these lines, with the cursor on the first problem or at the top."""
        self._make = make
        self.draw()
        self.refresh_bindings()
        self.put_cursor(next((at for at, line in enumerate(self._made) if line.place is not None), 0))

    def make_lines(self, width: int) -> Sequence[str]:
        """The lines as text."""
        self._made = tuple(self._make(width))
        return [line.text for line in self._made]

    def is_here(self, index: int) -> bool:
        """What decides stands out."""
        return index < len(self._made) and self._made[index].stands_out

    def choose(self, index: int) -> None:
        """Ask for the place of a problem."""
        place = self._made[index].place if index < len(self._made) else None
        if place is not None:
            self.post_message(self.Wanted(place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a problem there is nothing to open."""
        return action != "choose" or any(line.place is not None for line in self._made)

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._make, self._made = _nothing, ()

    def action_page(self, step: int) -> None:
        """A screenful on or back."""
        self.put_cursor(self.cursor + step * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the top."""
        self.put_cursor(0)

    def action_last(self) -> None:
        """To the end."""
        self.put_cursor(len(self._made) - 1)


def _nothing(width: int) -> Sequence[Line]:
    return ()
