"""One report to be read: as lines of a width, and as a pane beside the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui.appearance import LOW_BANDWIDTH
from fieldkit.tui.ports.reports import Reading
from fieldkit.tui.report_text import Passage

INDENT = 2
"""Cells a question stands to the right of its heading."""

LEAST_WIDTH = 20
"""Cells that text gets however deep it stands."""

MOST_LINES = 200
"""Lines of a pane: who wants more opens the report."""

HEAD_BYTES, FRUGAL_BYTES = 400, 480
"""What the beginning of a report may cost on its way to the terminal, with colours and without: together
with the list a key then costs less than a kilobyte."""

JUMP_BYTES, COLOUR_BYTES, FRUGAL_COLOUR_BYTES = 8, 20, 4
"""To begin a line; to draw with other colours, and without colours."""

STAY_SECONDS = 1.5
"""Who stays on a report for so long reads it, and is shown all of it."""

MORE = "… Enter shows the rest"


class Preview(VerticalScroll, can_focus=False):
    """The report under the cursor. Shown nothing while there is none."""

    DEFAULT_CSS = """
    Preview {
        width: 2fr; display: none; padding: 0 1;
        border-left: solid $panel; scrollbar-size-vertical: 0;
    }
    Preview Static { height: auto; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._reading: Reading | None = None
        self._whole = False
        self._staying: Timer | None = None

    def compose(self) -> Iterator[Static]:
        """One text."""
        yield Static("", markup=False)

    @property
    def reading(self) -> Reading | None:
        """What is shown."""
        return self._reading

    def show(self, reading: Reading | None) -> None:
        """Show the beginning of a report, all of it to who stays; or nothing."""
        if reading == self._reading:
            return
        self._reading, self._whole = reading, False
        if self._staying is not None:
            self._staying.stop()
        if reading is not None and not self._frugal:
            self._staying = self.set_timer(STAY_SECONDS, self._show_whole)
        self.scroll_home(animate=False)
        self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._reading = None
        for place in self.query(Static):
            place.update("")

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        lines: list[Content] = []
        if self._reading is not None:
            heading = Content(clean(self._reading.heading, one_line=True))
            lines = [*heading.stylize("bold").wrap(width), *report_lines(self._reading, width)]
        shown = lines[:MOST_LINES] if self._whole else beginning(lines, frugal=self._frugal)
        # None is there any more while the program closes.
        for place in self.query(Static):
            place.update(Content("\n").join(shown))

    @property
    def _frugal(self) -> bool:
        return self.app.has_class(LOW_BANDWIDTH)

    def _show_whole(self) -> None:
        if self._reading is not None:
            self._whole = True
            self._draw()


def beginning(lines: Sequence[Content], *, frugal: bool) -> list[Content]:
    """As many lines as cost little; where no more will follow by itself, the last says how to read on."""
    left = FRUGAL_BYTES if frugal else HEAD_BYTES
    for count, line in enumerate(lines):
        colours = 2 * len(line.spans) * (FRUGAL_COLOUR_BYTES if frugal else COLOUR_BYTES)
        left -= JUMP_BYTES + colours + len(line.plain.encode())
        if left < 0:
            return [*lines[:count], *([Content(MORE)] if frugal else [])]
    return list(lines)


def report_lines(reading: Reading, width: int) -> Iterator[Content]:
    """Notes, then the answers, broken to so many cells."""
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
