"""Text of many lines."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.document._document import Location
from textual.widgets import TextArea

from fieldkit.model.text import KEPT_FORMAT, clean

_GIVEN_UP = frozenset({"undo", "redo", "select_line", "select_all", "cursor_page_up", "cursor_page_down"})
"""Actions whose keys mean something else in a form: ^Z and ^Y, F6, F7, the page keys."""


def _kept() -> list[BindingType]:
    """Textual's keys of a text, without those of a form."""
    return [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and binding.action not in _GIVEN_UP
    ]


class LongEditor(TextArea, inherit_bindings=False):
    """Wraps at words, takes any script, and has no history of its own: undo is the form's."""

    DEFAULT_CSS = """
    LongEditor, LongEditor:focus { border: none; padding: 0 1; margin: 0 0 0 2; }
    LongEditor { height: auto; min-height: 3; max-height: 10; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = _kept()

    def __init__(self) -> None:
        super().__init__(
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
            max_checkpoints=0,
        )
        self._own = ""

    def hold(self, text: str) -> None:
        """Hold another text. Only what differs is replaced, so that the cursor and the view stay."""
        old, new = self.text, clean(text)
        if old == new:
            return
        head, tail = _same_ends(old, new)
        with self.prevent(TextArea.Changed):
            self.replace(
                new[head : len(new) - tail],
                _location(old, head),
                _location(old, len(old) - tail),
                maintain_selection_offset=True,
            )
        self.history.clear()

    def follow(self) -> None:
        """Bring the line one writes on into sight: a long text reaches below the page's last line."""
        page = next((node for node in self.ancestors if isinstance(node, VerticalScroll)), None)
        if page is None or not self.has_focus:
            return
        row, seen = self.cursor_screen_offset.y, page.content_region
        below, above = row - (seen.bottom - 1), row - seen.y
        if below > 0 or above < 0:
            page.scroll_relative(y=below if below > 0 else above, animate=False, immediate=True)

    def on_resize(self) -> None:
        """A line was added or taken away."""
        self.call_after_refresh(self.follow)

    def forget(self) -> None:
        """Drop every word."""
        self._own = ""
        with self.prevent(TextArea.Changed):
            self.load_text("")

    async def _on_key(self, event: events.Key) -> None:
        """Signs that join or part letters are typed too: Persian and Urdu need them."""
        if event.character in KEPT_FORMAT:
            event.stop()
            event.prevent_default()
            self._put(event.character or "")

    async def _on_paste(self, event: events.Paste) -> None:
        """Everything that is pasted, with its lines, and no control characters."""
        event.stop()
        event.prevent_default()
        self._put(clean(event.text))

    def action_cut(self) -> None:
        """Cut into this field's own memory, never into the system's clipboard (R7, R27)."""
        if self.selected_text:
            self._own = self.selected_text
            self._delete_via_keyboard(*self.selection)

    def action_copy(self) -> None:
        """Copy likewise."""
        self._own = self.selected_text or self._own

    def action_paste(self) -> None:
        """What was cut or copied in this field."""
        self._put(self._own)

    def _put(self, text: str) -> None:
        if text and (result := self._replace_via_keyboard(text, *self.selection)):
            self.move_cursor(result.end_location)


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """Characters that are the same at the beginning and, of the rest, at the end."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    rest = most - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return head, tail


def _location(text: str, index: int) -> Location:
    """The line and column of an index."""
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)
