"""A column that scrolls, and says in every look that more of it follows."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.containers import VerticalScroll
from textual.scrollbar import ScrollBarRender

from fieldkit.tui.appearance import LOW_BANDWIDTH

ABOVE, BELOW = "▲", "▼"
"""More stands above what is seen, or below it."""


class Scrolling(VerticalScroll):
    """With a bar beside it; while every byte counts, with a sign at either end and nothing between."""

    def on_mount(self) -> None:
        """Know how the screens look."""
        if self.app.has_class(LOW_BANDWIDTH):
            # Textual's documented way for one bar alone; its annotation knows only the way for all.
            self.vertical_scrollbar.renderer = MoreSigns  # type: ignore[misc]


class MoreSigns(ScrollBarRender):
    """One cell at an end behind which there is more. A bar is drawn anew with each line that moves."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color | None = None,
        bar_color: Color | None = None,
    ) -> Segments:
        """So many lines; `virtual_size`, `window_size` and `position` are lines of what scrolls.

        A `window_size` of 0 says that nothing does. A click on either half turns the page, as on a bar.
        """
        up, down = Style(meta={"@mouse.down": "scroll_up"}), Style(meta={"@mouse.down": "scroll_down"})
        half = size // 2
        cells = [Segment(" ", up)] * half + [Segment(" ", down)] * (size - half)
        if cells and window_size:
            if position > 0:
                cells[0] = Segment(ABOVE, up)
            if position + window_size < virtual_size:
                cells[-1] = Segment(BELOW, down)
        return Segments(cells, new_lines=True)
