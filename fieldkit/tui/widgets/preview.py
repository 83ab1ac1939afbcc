"""One report to be read: as lines of a width, and as a pane beside the list."""

from __future__ import annotations

from collections.abc import Iterator

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui.ports.reports import Reading
from fieldkit.tui.report_text import Passage

INDENT = 2
"""Cells a question stands to the right of its heading."""

LEAST_WIDTH = 20
"""Cells that text gets however deep it stands."""

MOST_LINES = 200
"""Lines of a pane: who wants more opens the report."""


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

    def compose(self) -> Iterator[Static]:
        """One text."""
        yield Static("", markup=False)

    @property
    def reading(self) -> Reading | None:
        """What is shown."""
        return self._reading

    def show(self, reading: Reading | None) -> None:
        """Show a report from its beginning, or nothing."""
        self._reading = reading
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
        self.query_one(Static).update(Content("\n").join(lines[:MOST_LINES]))


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
