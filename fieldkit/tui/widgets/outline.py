"""The pages of a form, a line each: a sign and a word for how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from fieldkit.forms.views import Mark, Page
from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.cells import cells, fitted
from fieldkit.tui.form_place import index_of
from fieldkit.tui.messages import Told
from fieldkit.tui.widgets.line_list import LineList

SIGNS = {Mark.EMPTY: " ", Mark.BEGUN: "…", Mark.DONE: "✓", Mark.PROBLEM: "!"}

WORDS = {Mark.EMPTY: "empty", Mark.BEGUN: "begun", Mark.DONE: "done", Mark.PROBLEM: "mend"}
"""One word each: a sign or a colour alone is not read aloud."""

HERE = "›"


class Outline(LineList):
    """Is shown pages; tells by a message which one was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.LINE_OPEN,
        keymap.LINE_UP,
        keymap.LINE_DOWN,
    ]
    DEFAULT_CSS = """
    Outline { width: 30; padding: 0 1 0 0; }
    """

    @dataclass(eq=False)
    class Picked(Told):
        """A page was chosen, by name."""

        page: str

    def __init__(self) -> None:
        super().__init__()
        self._pages: tuple[Page, ...] = ()
        self._here = ""

    def show(self, pages: Sequence[Page], here: str) -> None:
        """Show the pages as they stand, and which one is open."""
        self._pages = tuple(pages)
        moved, self._here = here != self._here, here
        self.draw()
        if moved or not self.has_focus:
            self.put_cursor(index_of(self._pages, here) or 0)

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._pages = ()

    def make_lines(self, width: int) -> Sequence[str]:
        """A page each."""
        return [line_of(page, width, here=page.name == self._here) for page in self._pages]

    def is_here(self, index: int) -> bool:
        """The page that is open stands out."""
        return self._pages[index].name == self._here

    def choose(self, index: int) -> None:
        """Tell it."""
        self.post_message(self.Picked(self._pages[index].name))


def line_of(page: Page, width: int, *, here: bool) -> str:
    """`›! Victims (2)     mend`: where one is, sign, name, number of items, how far it has come."""
    name = clean(page.label or page.name, one_line=True)
    if page.repeat and page.items:
        name = f"{name} ({page.items})"
    word = state_of(page)
    lead = f"{HERE if here else ' '}{SIGNS[page.mark]} "
    room = max(1, width - cells(lead) - cells(word) - 1)
    return fitted(f"{lead}{fitted(name, room)} {word}", width)


def state_of(page: Page) -> str:
    """How far a page has come, in a word; required answers that are missing are counted."""
    if page.mark is not Mark.PROBLEM and page.required_left:
        return f"{page.required_left} left"
    return WORDS[page.mark]
