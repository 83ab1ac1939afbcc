"""A short list with a cursor, a line each; draws only the lines that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fieldkit.tui.cells import in_line
from fieldkit.tui.part_style import part_style


class LineList(ScrollView, can_focus=True):
    """Lines that are all in memory. What they say is made by whoever extends this."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--here", "line-list--cursor"}
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 0;
        & > .line-list--here { text-style: bold; }
        & > .line-list--cursor { text-style: reverse; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self._cursor = 0

    @property
    def cursor(self) -> int:
        """The line under the cursor, from 0."""
        return self._cursor

    def make_lines(self, width: int) -> Sequence[str]:
        """What the lines say now, each of so many cells at most."""
        raise NotImplementedError

    def is_here(self, index: int) -> bool:
        """Whether a line is to stand out although the cursor is elsewhere."""
        return False

    def choose(self, index: int) -> None:
        """A line was chosen."""
        raise NotImplementedError

    def draw(self) -> None:
        """Make the lines anew; only those that differ are drawn."""
        before, width = self._lines, self.scrollable_content_region.width
        self._lines = tuple(map(in_line, self.make_lines(width))) if width else ()
        if len(before) != len(self._lines):
            self._cursor = max(0, min(self._cursor, len(self._lines) - 1))
            self.virtual_size = Size(self.size.width, len(self._lines))
            self.refresh()
            return
        for index, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh_line(index)

    def put_cursor(self, index: int) -> None:
        """Move the cursor to a line, or as near as there is one; before there are lines, it is kept."""
        if not self._lines:
            self._cursor = max(0, index)
            return
        before, self._cursor = self._cursor, max(0, min(index, len(self._lines) - 1))
        if before != self._cursor:
            self.refresh_line(before)
            self.refresh_line(self._cursor)
            self._keep_in_sight()

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._lines = ()

    def on_resize(self) -> None:
        """The lines are as wide as the list."""
        self.draw()
        self._keep_in_sight()

    def on_focus(self) -> None:
        """The cursor shows only where keys go."""
        self.refresh_line(self._cursor)

    def on_blur(self) -> None:
        """And is not shown any more."""
        self.refresh_line(self._cursor)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y
        text = self._lines[index] if index < len(self._lines) else ""
        style = self.visual_style
        if text and self.has_focus and index == self._cursor:
            style = part_style(self, "line-list--cursor")
        elif text and self.is_here(index):
            style = part_style(self, "line-list--here")
        return Strip(Content(text).truncate(width, pad=True).render_segments(style), width)

    def action_move(self, step: int) -> None:
        """Move the cursor by lines."""
        self.put_cursor(self._cursor + step)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self._lines:
            self.choose(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        offset = event.get_content_offset(self)
        if offset is not None and self.scroll_offset.y + offset.y < len(self._lines):
            self.put_cursor(self.scroll_offset.y + offset.y)
            self.action_choose()

    def _keep_in_sight(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)
