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
from textual.widgets import Footer, Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import Refused, ReportRead
from fieldkit.tui.ports import Desk, Reading, Trouble
from fieldkit.tui.report_text import Passage

INDENT = "  "


class RecordScreen(Screen[None]):
    """A heading, the answers in the order of the form, the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BACK, keymap.LOCK, keymap.QUIT]
    ALLOW_SELECT = False
    CSS = """
    RecordScreen #heading { height: auto; background: $panel; text-style: bold; }
    RecordScreen #text { padding: 0 1; }
    """

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__()
        self._desk = desk
        self._number = number

    def compose(self) -> ComposeResult:
        """One column that scrolls."""
        yield Static(" …", id="heading", markup=False)
        with VerticalScroll(can_focus=True):
            yield Static("", id="text", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Ask for the report."""
        self._read()

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        for place in self.query(Static):
            place.update("")

    def on_report_read(self, event: ReportRead) -> None:
        """Show it."""
        self.query_one("#heading", Static).update(" " + clean(event.reading.heading, one_line=True))
        self.query_one("#text", Static).update(Content("\n").join(list(_lines(event.reading))))

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self.query_one("#text", Static).update(clean(f"{event.message}\n{event.hint}"))

    def action_back(self) -> None:
        """Return to the list."""
        self.app.pop_screen()

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        try:
            self.post_message(ReportRead(self._desk.read(self._number)))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))


def _lines(reading: Reading) -> Iterator[Content]:
    for note in reading.notes:
        yield Content(f"! {clean(note, one_line=True)}")
    for passage in reading.passages:
        yield from _passage(passage)


def _passage(passage: Passage) -> Iterator[Content]:
    """Text and style are put together here, never parsed out of the text (R26)."""
    indent = INDENT * passage.depth
    if not passage.is_heading:
        yield Content.assemble(indent, (f"{passage.label}: ", "dim"), passage.text)
        return
    if passage.depth == 0:
        yield Content("")
    yield Content.assemble(indent, (passage.label, "bold"))
