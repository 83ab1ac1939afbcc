"""Says something before the first screen: what of the home's own files was not used."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.scrolling import Scrolling


class NoticeScreen(ModalScreen[None]):
    """A title and sentences; Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.NOTICE_ON]
    ALLOW_SELECT = False
    CSS = """
    NoticeScreen { background: $background; }
    NoticeScreen Scrolling { padding: 1 2; }
    NoticeScreen #title { text-style: bold; }
    NoticeScreen Static { height: auto; padding-bottom: 1; }
    """

    def __init__(self, title: str, sentences: tuple[str, ...]) -> None:
        super().__init__()
        self._title = title
        self._sentences = sentences

    def compose(self) -> ComposeResult:
        """Everything, one below the other."""
        yield HeaderLine()
        with Scrolling(can_focus=True):
            yield Static(clean(self._title), id="title", markup=False)
            for sentence in self._sentences:
                yield Static(clean(sentence), markup=False)
        yield KeyBar()

    def action_on(self) -> None:
        """Go on to what is behind it."""
        self.dismiss()
