"""Stands in place of everything while the vault closes and its disk takes long over it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar

TITLE = "Locking. The disk is slow."
TEXT = (
    "What was written last is being stored, then the vault closes. Nothing of it is shown any more."
    "\nF12 twice erases the vault, as everywhere."
)


class LockingScreen(Screen[None]):
    """Says what goes on. It goes by itself."""

    ALLOW_SELECT = False
    CSS = """
    LockingScreen Vertical { padding: 1 2; }
    LockingScreen #title { text-style: bold; height: auto; }
    LockingScreen #text { height: auto; padding-top: 1; }
    """

    def compose(self) -> ComposeResult:
        """Two sentences."""
        yield HeaderLine()
        with Vertical():
            yield Static(TITLE, id="title", markup=False)
            yield Static(TEXT, id="text", markup=False)
        yield KeyBar()
