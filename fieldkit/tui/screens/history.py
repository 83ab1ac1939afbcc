"""How one report came to be: each step, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import PastRead, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import Past, PastStep
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.report_changes import SIGNS, Changed, Kind, Piece
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.scrolling import Scrolling

STYLES = {Kind.SAME: "dim", Kind.GONE: "$error", Kind.COME: "$success"}
NOTHING = "nothing in the answers changed"
LEGEND = "- what it said before   + what it says now"


class HistoryScreen(Screen[None]):
    """One text that scrolls, the latest step first."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BACK]
    ALLOW_SELECT = False
    CSS = """
    HistoryScreen #heading { height: auto; background: $panel; text-style: bold; }
    HistoryScreen Scrolling { scrollbar-gutter: stable; }
    HistoryScreen #text { padding: 0 1; height: auto; }
    """

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__()
        self._desk = desk
        self._number = number
        self._past: Past | None = None

    def compose(self) -> ComposeResult:
        """One column that scrolls."""
        yield HeaderLine()
        yield Static(" …", id="heading", markup=False)
        with Scrolling(can_focus=True):
            yield Static("", id="text", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for it."""
        self._read()

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._past = None
        for place in self.query(Static):
            place.update("")

    def on_past_read(self, event: PastRead) -> None:
        """Show it."""
        self._past = event.past
        self.query_one("#heading", Static).update(" " + clean(event.past.heading, one_line=True))
        self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self.query_one("#text", Static).update(clean(event.said))

    def action_back(self) -> None:
        """Return to where one was."""
        self.app.pop_screen()

    def _draw(self) -> None:
        width = self.query_one(Scrolling).scrollable_content_region.width - 2
        if self._past is not None and width > 0:
            lines = [Content.styled(LEGEND, "dim")]
            for step in self._past.steps:
                lines += _step(step, width)
            self.query_one("#text", Static).update(Content("\n").join(lines))

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        try:
            self.post_message(PastRead(self._desk.reports.past(self._number)))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))


def _step(step: PastStep, width: int) -> Iterator[Content]:
    yield Content("")
    yield from Content.styled(clean(step.heading, one_line=True), "bold").wrap(width)
    for note in step.notes:
        yield from Content(f"! {clean(note, one_line=True)}").wrap(width)
    if not step.changes and not step.notes:
        yield Content.styled(NOTHING, "dim")
    for changed in step.changes:
        yield from _changed(changed, width)


def _changed(changed: Changed, width: int) -> Iterator[Content]:
    yield from Content(clean(changed.label, one_line=True)).wrap(width)
    for piece in changed.pieces:
        yield from _piece(piece, width)


def _piece(piece: Piece, width: int) -> Iterator[Content]:
    """Text and style are put together here, never parsed out of the text (R26)."""
    for line in Content.styled(clean(piece.text), STYLES[piece.kind]).wrap(max(1, width - 4)):
        yield Content(f"  {SIGNS[piece.kind]}") + line
