"""One report, to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import Acted, Begun, Refused, ReportRead
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import Line, Reading
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.list_acts import ActsOnReports
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.preview import report_lines
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.scrolling import Scrolling

PADDING = 1
"""Cells left free on either side."""

OPENING = " …"
LETTERS = "Nothing is written here: e changes this report, n begins a new one, F1 lists the keys."
"""Said to somebody who types."""
NO_NEXT = "This is the last report of the list."
NO_PREVIOUS = "This is the first report of the list."


class RecordScreen(ActsOnReports):
    """A heading, the answers in the order of the form, the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(keymap.EDIT, show=True),
        replace(keymap.NEXT_REPORT, show=True),
        keymap.PREVIOUS_REPORT,
        keymap.BACK,
        keymap.NEW,
        replace(keymap.HISTORY, show=True),
        keymap.LOCK,
        keymap.QUIT,
    ]
    ALLOW_SELECT = False
    CSS = """
    RecordScreen #heading { height: auto; background: $panel; text-style: bold; }
    RecordScreen Scrolling { scrollbar-gutter: stable; }
    RecordScreen #said { height: auto; max-height: 4; padding: 0 1; display: none; }
    RecordScreen #text { padding: 0 1; height: auto; }
    """

    def __init__(
        self, desk: Desk, number: int, *, beside: Callable[[int, int], int | None] | None = None
    ) -> None:
        """`beside` goes on in the list it was chosen from, by so many lines; None at its end."""
        super().__init__()
        self._desk = desk
        self._beside = beside
        self._number = number
        self._reading: Reading | None = None
        self._shown_before = False

    def compose(self) -> ComposeResult:
        """One column that scrolls."""
        yield HeaderLine()
        yield Static(OPENING, id="heading", markup=False)
        with Scrolling(can_focus=True):
            yield Static("", id="text", markup=False)
        yield Said(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for the report."""
        self._read(self._number)

    def on_screen_resume(self) -> None:
        """Another screen was left: what it changed shows."""
        if self._shown_before:
            self.reread()
        self._shown_before = True

    def reread(self) -> None:
        """Show it as it is now."""
        self._read(self._number)

    def meant(self) -> tuple[Line, ...]:
        """This one."""
        line = self.one_meant()
        return () if line is None else (line,)

    def one_meant(self) -> Line | None:
        """This one, once it has come."""
        return None if self._reading is None else self._reading.line

    def say(self, words: str) -> None:
        """A line below the report."""
        place = self.query_one("#said", Said)
        place.say(words)
        place.display = bool(words)

    def on_acted(self, event: Acted) -> None:
        """Where nothing is left to read, go back to the list, which says how to undo."""
        line = self.one_meant()
        gone = line is not None and line.state == "draft" and line.number in event.outcome.done
        if gone and event.discarded:
            event.prevent_default()
            self._leave_word(event.said)

    def _leave_word(self, words: str) -> None:
        """Go back, and let the screen there say what was done."""
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, ActsOnReports):
            below.say(words)

    def on_begun(self, event: Begun) -> None:
        """The new draft takes this screen's place: back leads to the list."""
        self._number = event.number

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._reading = None
        for place in self.query(Static):
            place.update("")

    def on_report_read(self, event: ReportRead) -> None:
        """Show it, unless another one is wanted since."""
        if event.number != self._number:
            return
        self.query_one("#heading", Static).update(" " + clean(event.reading.heading, one_line=True))
        self._reading = event.reading
        self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do; a report that is shown stays."""
        if self._reading is None:
            self.query_one("#text", Static).update(clean(event.said))
        else:
            self.say(event.said)

    def on_key(self, event: events.Key) -> None:
        """A letter that does nothing is answered: who types it wants something."""
        if event.is_printable and event.key not in self.active_bindings:
            self.say(LETTERS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Beside a report there is another where it was chosen from a list."""
        return action != "beside" or self._beside is not None

    def action_beside(self, step: int) -> None:
        """Read another report of the list, from its beginning."""
        number = None if self._beside is None else self._beside(self._number, step)
        if number is None:
            self.say(NO_NEXT if step > 0 else NO_PREVIOUS)
            return
        self._number, self._reading = number, None
        self.say("")
        self.query_one(Scrolling).scroll_home(animate=False)
        self._read(self._number)

    def action_new(self) -> None:
        """Write a new report; coming back, this one is here again."""
        from fieldkit.tui.screens.capture import CaptureScreen  # not before it is needed

        self.app.push_screen(CaptureScreen(self._desk))

    def action_back(self) -> None:
        """Return to the list."""
        self.app.pop_screen()

    def _draw(self) -> None:
        width = self.query_one(Scrolling).scrollable_content_region.width - 2 * PADDING
        if self._reading is not None and width > 0:
            lines = list(report_lines(self._reading, width))
            self.query_one("#text", Static).update(Content("\n").join(lines))

    @work(thread=True, exclusive=True)
    def _read(self, number: int) -> None:
        try:
            self.post_message(ReportRead(self._desk.reports.read(number), number))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
