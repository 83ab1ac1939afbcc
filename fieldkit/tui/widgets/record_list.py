"""The list of reports: draws only the lines that show, from pages that come as they are needed."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import Chosen, PageWanted
from fieldkit.tui.ports.reports import Cursor, Line, Page

AHEAD_LINES = 100
"""Lines left before the end of what is loaded when the next page is asked for: a few screens."""

EMPTY = " Nothing here yet. `fieldkit new` begins a report."
NOTHING_FOUND = " Nothing found. Esc shows all reports again."

# Cells of each column; the title takes what is left, and the place goes where there is no room for it.
GLYPH, STATE, NUMBER, DATE = 2, 9, 4, 14
LEAST_TITLE, LEAST_PLACE, MOST_PLACE = 12, 13, 24


class RecordList(ScrollView, can_focus=True):
    """A list of any length. It is shown pages and asks for the next one by a message; it never fetches."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.OPEN,
        keymap.UP,
        keymap.DOWN,
        keymap.PAGE_UP,
        keymap.PAGE_DOWN,
        keymap.FIRST,
        keymap.LAST,
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"record-list--cursor"}
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    RecordList {
        overflow-x: hidden;
        overflow-y: auto;
        height: 1fr;
        & > .record-list--cursor { text-style: reverse; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._following: Cursor | None = None
        self._complete = False
        self._asked = False
        self._cursor = 0
        self._empty = EMPTY

    def begin(self, page: Page, *, empty: str = EMPTY) -> None:
        """Show a page in the place of all that was there; `empty` is said when there is nothing."""
        self._lines = []
        self._empty = empty
        self._cursor = 0
        self.scroll_to(y=0, animate=False)
        self.show(page)

    def show(self, page: Page) -> None:
        """Add a page behind what is there."""
        self._lines.extend(page.lines)
        self._following = page.following
        self._complete = page.following is None
        self._asked = False
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()
        self._look_ahead()

    def on_unmount(self) -> None:
        """Drop every line: nothing of the vault stays in a widget that is gone."""
        self._lines.clear()
        self._following = None

    @property
    def count(self) -> int:
        """Lines loaded so far."""
        return len(self._lines)

    @property
    def cursor(self) -> int:
        """The line under the cursor, from 0."""
        return self._cursor

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if index >= len(self._lines):
            text = self._empty if self._complete and not self._lines and index == 0 else ""
            return _strip(Content(text), width, self)
        return _strip(row(self._lines[index], width), width, self, marked=index == self._cursor)

    def action_move(self, step: int) -> None:
        """Move the cursor by lines."""
        self._move_to(self._cursor + step)

    def action_page(self, step: int) -> None:
        """Move the cursor by screens."""
        self._move_to(self._cursor + step * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Move the cursor to the first line."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last line that is loaded; more may come."""
        self._move_to(len(self._lines) - 1)

    def action_choose(self) -> None:
        """Open the line under the cursor."""
        if self._lines:
            self.post_message(Chosen(self._lines[self._cursor].number))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one opens."""
        offset = event.get_content_offset(self)
        if offset is None or self.scroll_offset.y + offset.y >= len(self._lines):
            return
        self._move_to(self.scroll_offset.y + offset.y)
        if event.chain > 1:
            self.action_choose()

    def on_resize(self) -> None:
        """The width of the list is the width of the window."""
        self.virtual_size = Size(self.size.width, len(self._lines))
        self._keep_in_sight()

    def _move_to(self, index: int) -> None:
        before, self._cursor = self._cursor, max(0, min(index, len(self._lines) - 1))
        if before != self._cursor:
            # Two lines change, so two lines are drawn: a key costs little on a slow link.
            self.refresh_line(before)
            self.refresh_line(self._cursor)
            self._keep_in_sight()
        self._look_ahead()

    def _keep_in_sight(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def _look_ahead(self) -> None:
        near = self._cursor + AHEAD_LINES >= len(self._lines)
        if near and self._following is not None and not self._asked:
            self._asked = True
            self.post_message(PageWanted(self._following))


def row(line: Line, width: int) -> Content:
    """A report as one line of so many cells: sign, state, number, date, title, place. Never markup (R26)."""
    fixed = GLYPH + STATE + NUMBER + DATE + 4
    place = max(LEAST_PLACE, min(MOST_PLACE, width // 6))
    roomy = width >= fixed + LEAST_TITLE + place + 2
    title = max(LEAST_TITLE, width - fixed - 1 - (place + 1 if roomy else 0))
    number = f"{line.number:04d}"
    said = line.title or "(no title)"
    if line.missing:
        said = f"{said} · {line.missing} to answer"
    cells = [(line.glyph, GLYPH), (line.state, STATE), (number, NUMBER), (line.date, DATE), (said, title)]
    if roomy:
        cells.append((line.place, place))
    return Content(" ").join([Content(""), *(_cell(text, cells_wide) for text, cells_wide in cells)])


def _cell(text: str, width: int) -> Content:
    return Content(clean(text, one_line=True)).truncate(width, ellipsis=True, pad=True)


def _strip(content: Content, width: int, view: RecordList, *, marked: bool = False) -> Strip:
    style = view.get_visual_style("record-list--cursor") if marked else view.visual_style
    return Strip(content.truncate(width, pad=True).render_segments(style), width)
