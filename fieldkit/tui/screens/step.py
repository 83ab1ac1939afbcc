"""What the screens before and beside the list have in common: a title, some text, a line of talk."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.said import Said

T = TypeVar("T")


class StepScreen(Screen[T]):
    """A page one reads and answers. What is asked stands between the text and the line of talk."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    StepScreen #step { padding: 1 2 0 2; scrollbar-size-vertical: 0; }
    StepScreen #title { text-style: bold; padding-bottom: 1; }
    StepScreen #text { padding-bottom: 1; }
    StepScreen #said { padding-top: 1; height: auto; }
    StepScreen Input { border: none; height: 1; padding: 0 1; background: $surface; }
    StepScreen Input:focus { border: none; }
    """

    def compose(self) -> ComposeResult:
        """The first line, the page, the keys."""
        yield HeaderLine()
        with VerticalScroll(id="step", can_focus=False):
            yield Said(id="title")
            yield Said(id="text")
            yield from self.asked()
            yield Said(id="said")
        yield KeyBar()

    def asked(self) -> ComposeResult:
        """Fields and choices."""
        yield from ()

    def tell(self, title: str, text: str) -> None:
        """Show another page."""
        self.query_one("#title", Said).say(title)
        self.query_one("#text", Said).say(text)

    def say(self, words: str) -> None:
        """Say something below what is asked."""
        self.query_one("#said", Said).say(words)
