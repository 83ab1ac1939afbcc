"""A window onto a list of choices, however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from fieldkit.forms.views import Option
from fieldkit.tui.messages import Told
from fieldkit.tui.widgets.fields.flow import entry_words

MOST_ROWS = 6
"""Entries in sight at once."""


class OptionRows(Widget):
    """A line each; only what is in sight is drawn. It has a cursor and never the focus."""

    DEFAULT_CSS = """
    OptionRows { height: auto; width: 1fr; margin: 0 0 0 2; padding: 0 1; display: none; }
    OptionRows.-open { display: block; }
    """
    ALLOW_SELECT = False

    @dataclass(eq=False)
    class Clicked(Told):
        """An entry was clicked."""

        code: str

    def __init__(self, *, many: bool) -> None:
        super().__init__()
        self._many = many
        self._options: Sequence[Option] = ()
        self._cursor = 0
        self._first = 0

    @property
    def is_open(self) -> bool:
        """Whether it shows."""
        return self.has_class("-open")

    @property
    def count(self) -> int:
        """Entries, in sight or not."""
        return len(self._options)

    @property
    def here(self) -> Option | None:
        """The entry under the cursor."""
        return self._options[self._cursor] if self._options else None

    def open(self, options: Sequence[Option], at: int = 0) -> None:
        """Show these entries, with the cursor on one of them."""
        height = min(MOST_ROWS, len(self._options)) if self.is_open else -1
        self._options = options
        self._cursor = max(0, min(at, len(options) - 1))
        self._keep_in_sight()
        self.add_class("-open")
        self.refresh(layout=height != min(MOST_ROWS, len(options)))

    def close(self) -> None:
        """Show nothing."""
        self._options = ()
        self.remove_class("-open")

    def move(self, step: int) -> None:
        """Move the cursor."""
        self._cursor = max(0, min(self._cursor + step, len(self._options) - 1))
        self._keep_in_sight()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are entries, up to a few."""
        return min(MOST_ROWS, len(self._options))

    def render_line(self, y: int) -> Strip:
        """One entry."""
        width, at = self.content_size.width, self._first + y
        if at >= len(self._options):
            return Strip.blank(width, self.rich_style)
        option = self._options[at]
        text = entry_words(option, many=self._many)
        style = self.visual_style
        content = Content.styled(text, "reverse") if at == self._cursor else Content(text)
        return Strip(content.truncate(width, ellipsis=True, pad=True).render_segments(style), width)

    def on_click(self, event: events.Click) -> None:
        """Take what was clicked."""
        place = event.get_content_offset(self)
        if place is not None and self._first + place.y < len(self._options):
            self.post_message(self.Clicked(self._options[self._first + place.y].code))

    def _keep_in_sight(self) -> None:
        least = self._cursor - MOST_ROWS + 1
        self._first = max(least, min(self._first, self._cursor), 0)
