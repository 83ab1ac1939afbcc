"""The list of reports: draws only the lines that show, from pages that come as they are needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fieldkit.tui import keymap
from fieldkit.tui.cells import in_line
from fieldkit.tui.messages import Chosen, PageWanted, Pointed
from fieldkit.tui.part_style import part_style
from fieldkit.tui.ports.reports import Cursor, Line, Page
from fieldkit.tui.record_line import row

AHEAD_LINES = 50
"""Lines left before the end of what is loaded when the next page is asked for: a few screens."""

EMPTY = " No reports yet. Press n to write the first one."
NOTHING_FOUND = " Nothing found. Esc shows all reports again."


class RecordList(ScrollView, can_focus=True):
    """A list of any length. It is shown pages and asks for the next one by a message; it never fetches."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.OPEN,
        keymap.SELECT,
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

    class Selected(Message):
        """What is selected has changed."""

    def __init__(self, leaving: Callable[[], None] = lambda: None) -> None:
        """`leaving` is called when the cursor goes to another report, before anything moves."""
        super().__init__()
        self._leaving = leaving
        self._lines: list[Line] = []
        self._following: Cursor | None = None
        self._complete = False
        self._asked = False
        self._cursor = 0
        self._empty = EMPTY
        self._selected: dict[int, Line] = {}
        self._pointed: int | None = None

    def begin(self, page: Page, *, empty: str = EMPTY, at: int | None = None) -> None:
        """Show a page in the place of all that was there, the cursor on report `at` if it is there; `empty`
        is said when there is nothing.
        """
        self._lines = []
        self._empty = in_line(empty)
        self._cursor = 0
        self._selected.clear()
        self.scroll_to(y=0, animate=False)
        self.show(page)
        if at is not None:
            self._move_to(self._place_of(at) or 0)
            # How far it can be scrolled is known when it is laid out.
            self.call_after_refresh(self._keep_in_sight)

    def renew(self, page: Page) -> None:
        """Show these lines in the place of all that was there; cursor and selection stay with reports."""
        now = {line.number: line for line in page.lines}
        self._selected = {number: now[number] for number in self._selected if number in now}
        self._pointed = None
        number = self._lines[self._cursor].number if self._lines else None
        top = self._cursor - self.scroll_offset.y
        # Who sees the first line sees what comes above it.
        at_top = self.scroll_offset.y == 0
        self._lines = []
        self.show(page)
        place = self._place_of(number)
        self._cursor = max(0, min(self._cursor, len(self._lines) - 1)) if place is None else place
        self.scroll_to(y=0 if at_top else max(0, self._cursor - top), animate=False)
        self._keep_in_sight()
        self._point()

    def show(self, page: Page) -> None:
        """Add a page behind what is there."""
        self._lines.extend(page.lines)
        self._following = page.following
        self._complete = page.following is None
        self._asked = False
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.refresh()
        self._look_ahead()
        self._point()

    def on_unmount(self) -> None:
        """Drop every line: nothing of the vault stays in a widget that is gone."""
        self._lines.clear()
        self._selected.clear()
        self._following = None

    @property
    def count(self) -> int:
        """Lines loaded so far."""
        return len(self._lines)

    @property
    def cursor(self) -> int:
        """The line under the cursor, from 0."""
        return self._cursor

    @property
    def here(self) -> Line | None:
        """The report under the cursor."""
        return self._lines[self._cursor] if self._cursor < len(self._lines) else None

    @property
    def selected(self) -> tuple[Line, ...]:
        """The reports that were selected, in the order in which they were."""
        return tuple(self._selected.values())

    @property
    def meant(self) -> tuple[Line, ...]:
        """What a key acts on: the selected reports, or else the one under the cursor."""
        return self.selected or (() if self.here is None else (self.here,))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if index >= len(self._lines):
            text = self._empty if self._complete and not self._lines and index == 0 else ""
            return _strip(Content(text), width, self)
        line = self._lines[index]
        content = row(line, width, selected=line.number in self._selected)
        return _strip(content, width, self, marked=index == self._cursor)

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

    def action_select(self) -> None:
        """Select the line under the cursor, or no longer; on to the next one."""
        line = self.here
        if line is None:
            return
        if self._selected.pop(line.number, None) is None:
            self._selected[line.number] = line
        self.refresh_line(self._cursor)
        self.post_message(self.Selected())
        self.action_move(1)

    def go_beside(self, number: int, step: int) -> int | None:
        """Move the cursor from a report to one before or behind it; its number, None where there is none."""
        place = self._place_of(number)
        if place is None or not 0 <= place + step < len(self._lines):
            return None
        self._move_to(place + step)
        return self._lines[self._cursor].number

    def _place_of(self, number: int | None) -> int | None:
        return next((place for place, line in enumerate(self._lines) if line.number == number), None)

    def select_none(self) -> None:
        """Select nothing."""
        if self._selected:
            self._selected.clear()
            self.refresh()
            self.post_message(self.Selected())

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
            self._leaving()
            self._keep_in_sight()
        self._look_ahead()
        self._point()

    def _point(self) -> None:
        """Say which report the cursor is on, when it is another one."""
        line = self.here
        number = None if line is None else line.number
        if number != self._pointed:
            self._pointed = number
            self.post_message(Pointed(number))

    def _keep_in_sight(self) -> None:
        """Move the window by as little as shows the cursor: a terminal moves lines by itself."""
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


def _strip(content: Content, width: int, view: RecordList, *, marked: bool = False) -> Strip:
    style = part_style(view, "record-list--cursor") if marked else view.visual_style
    return Strip(content.truncate(width, pad=True).render_segments(style), width)
