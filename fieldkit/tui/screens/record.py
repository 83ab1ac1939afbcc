"""One report, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import Refused, ReportRead
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import Reading
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.report_text import Passage
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar

INDENT = 2
"""Cells a question stands to the right of its heading."""

PADDING = 1
"""Cells left free on either side."""

LEAST_WIDTH = 20
"""Cells that text gets however deep it stands."""


class RecordScreen(Screen[None]):
    """A heading, the answers in the order of the form, the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BACK, keymap.LOCK, keymap.QUIT]
    ALLOW_SELECT = False
    CSS = """
    RecordScreen #heading { height: auto; background: $panel; text-style: bold; }
    RecordScreen VerticalScroll { scrollbar-gutter: stable; }
    RecordScreen #text { padding: 0 1; height: auto; }
    """

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__()
        self._desk = desk
        self._number = number
        self._reading: Reading | None = None

    def compose(self) -> ComposeResult:
        """One column that scrolls."""
        yield HeaderLine()
        yield Static(" …", id="heading", markup=False)
        with VerticalScroll(can_focus=True):
            yield Static("", id="text", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for the report."""
        self._read()

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._reading = None
        for place in self.query(Static):
            place.update("")

    def on_report_read(self, event: ReportRead) -> None:
        """Show it."""
        self.query_one("#heading", Static).update(" " + clean(event.reading.heading, one_line=True))
        self._reading = event.reading
        self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self.query_one("#text", Static).update(clean(f"{event.message}\n{event.hint}"))

    def action_back(self) -> None:
        """Return to the list."""
        self.app.pop_screen()

    def _draw(self) -> None:
        width = self.query_one(VerticalScroll).scrollable_content_region.width - 2 * PADDING
        if self._reading is not None and width > 0:
            lines = list(_lines(self._reading, width))
            self.query_one("#text", Static).update(Content("\n").join(lines))

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        try:
            self.post_message(ReportRead(self._desk.reports.read(self._number)))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))


def _lines(reading: Reading, width: int) -> Iterator[Content]:
    for note in reading.notes:
        yield from Content(f"! {clean(note, one_line=True)}").wrap(width)
    for passage in reading.passages:
        yield from _passage(passage, width)


def _passage(passage: Passage, width: int) -> Iterator[Content]:
    """Text and style are put together here, never parsed out of the text (R26)."""
    if passage.is_heading and passage.depth == 0:
        yield Content("")
    # Cleaned when the passage was made, and again here: what draws does not rely on what wrote (R25).
    said = clean(passage.label, one_line=True)
    label = (said, "bold") if passage.is_heading else (f"{said}: ", "dim")
    indent = INDENT * passage.depth
    broken = Content.assemble(label, clean(passage.text)).wrap(max(LEAST_WIDTH, width - indent - INDENT))
    # Behind the first line the text hangs, so that labels stay easy to find.
    yield from (line.pad_left(indent + (INDENT if number else 0)) for number, line in enumerate(broken))
