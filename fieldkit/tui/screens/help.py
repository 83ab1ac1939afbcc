"""What the screen behind it is for, what its signs mean, and which keys work there now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from fieldkit.tui import keymap
from fieldkit.tui.cells import cells, in_line
from fieldkit.tui.commands import Command, keys_of
from fieldkit.tui.help_texts import STATES, About, about
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.scrolling import Scrolling

GAP = 3
"""Cells between a key and what it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """What is told of one screen."""

    about: About
    keys: tuple[Command, ...]


def help_of(screen: Screen[Any]) -> HelpPage:
    """The page for a screen, with the keys that work on it at this moment."""
    return HelpPage(about=about([kind.__name__ for kind in type(screen).__mro__]), keys=keys_of(screen))


class HelpScreen(ModalScreen[None]):
    """One page that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.LEAVE_HELP]
    ALLOW_SELECT = False
    CSS = """
    HelpScreen { background: $background; }
    HelpScreen Scrolling { padding: 1 2; scrollbar-gutter: stable; }
    HelpScreen #help { height: auto; }
    """

    def __init__(self, page: HelpPage) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        """The page and the keys that leave it."""
        yield HeaderLine()
        with Scrolling(can_focus=True):
            yield Static("", id="help", markup=False)
        yield KeyBar()

    def on_resize(self) -> None:
        """Break the lines to the width there is."""
        room = self.query_one(Scrolling).scrollable_content_region.width
        if room > 0:
            self.query_one("#help", Static).update(Content("\n").join(lines(self._page, room)))

    def action_back(self) -> None:
        """Return to where one was."""
        self.app.pop_screen()


def lines(page: HelpPage, width: int) -> Iterator[Content]:
    """The page for so many cells."""
    yield Content.styled(in_line(page.about.title), "bold")
    for sentence in page.about.sentences:
        yield from Content(in_line(sentence)).wrap(width)
    if page.about.states:
        yield from _table("The signs", STATES, width)
    here = [(one.key, one.words) for one in page.keys if not one.everywhere and not one.moves]
    moving = [(one.key, one.words) for one in page.keys if not one.everywhere and one.moves]
    everywhere = [(one.key, one.words) for one in page.keys if one.everywhere]
    yield from _table("Keys that work here", here, width)
    yield from _table("Keys that work everywhere", everywhere, width)
    yield from _table("Keys that move", moving, width)


def _table(title: str, rows: list[tuple[str, str]], width: int) -> Iterator[Content]:
    if not rows:
        return
    yield Content("")
    yield Content.styled(title, "bold")
    # A key may be called anything in a file of one's own.
    rows = [(in_line(name), in_line(words)) for name, words in rows]
    left = max(cells(name) for name, _ in rows)
    for name, words in rows:
        beside = max(1, width - left - GAP - 2)
        for number, line in enumerate(Content(words).wrap(beside)):
            shown = name if number == 0 else ""
            yield Content("  " + shown + " " * (left - cells(shown) + GAP)) + line
