"""One line of text."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from fieldkit.model.text import KEPT_FORMAT, clean
from fieldkit.tui.widgets.clean_input import CleanInput


class LineEditor(CleanInput):
    """Takes printable text in any script. What is cut or copied stays in this field and goes with it."""

    DEFAULT_CSS = """
    LineEditor, LineEditor:focus { border: none; height: 1; padding: 0 1; margin: 0 0 0 2; }
    LineEditor { background: $surface; }
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """Not a reason for a new layout, as it is elsewhere: each letter would place the whole page anew."""

    def __init__(self, *, placeholder: str = "", select_on_focus: bool = False) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=select_on_focus)
        self._own = ""
        self._told = ""

    def hold(self, text: str) -> None:
        """Hold another text; the cursor stays as near to where it is as it can."""
        with self.prevent(Input.Changed):
            self.value = clean(text)
        self._told = self.value

    def tell(self) -> str:
        """The line, told from now on."""
        self._told = self.value
        return self._told

    @property
    def is_untold(self) -> bool:
        """Whether letters stand here that nobody has asked for yet: their message still waits in a queue."""
        return self.value != self._told

    def forget(self) -> None:
        """Drop every word."""
        self._own = ""
        self.hold("")

    async def _on_key(self, event: events.Key) -> None:
        """Signs that join or part letters are typed too: Persian and Urdu need them."""
        if event.character in KEPT_FORMAT:
            event.stop()
            event.prevent_default()
            self.replace(event.character or "", *self.selection)

    def _on_paste(self, event: events.Paste) -> None:
        """Everything that is pasted, in one line, and no control characters."""
        event.stop()
        event.prevent_default()
        self._put(clean(event.text, one_line=True))

    def action_cut(self) -> None:
        """Cut into this field's own memory, never into the system's clipboard (R7, R27)."""
        if self.selected_text:
            self._own = self.selected_text
            self.delete_selection()

    def action_copy(self) -> None:
        """Copy likewise."""
        self._own = self.selected_text or self._own

    def action_paste(self) -> None:
        """What was cut or copied in this field."""
        self._put(self._own)

    def _put(self, text: str) -> None:
        start, end = sorted(self.selection)
        self.replace(text, start, end)
