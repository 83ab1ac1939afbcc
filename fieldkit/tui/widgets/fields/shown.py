"""An answer the form works out: shown, not typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from fieldkit.forms.views import Field
from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.widgets.fields.field import FieldWidget, Meaning

NOTHING_YET = "(nothing yet)"


class ShownLine(Static, can_focus=True):
    """Can be gone to and read, like a field."""

    DEFAULT_CSS = """
    ShownLine { height: auto; margin: 0 0 0 2; padding: 0 1; }
    ShownLine:focus { text-style: reverse; }
    """
    ALLOW_SELECT = False

    def say(self, words: str) -> None:
        """Show these words, which are data."""
        self.update(Content(clean(words)))

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor stands."""
        return self.content_region.offset


class ShownField(FieldWidget):
    """What the form works out from other answers."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.FIELD_DONE]

    def __init__(self, field: Field, meaning: Meaning) -> None:
        super().__init__(field, meaning)
        self._line = ShownLine("", markup=False)

    def make_editor(self) -> ShownLine:
        """One line to read."""
        return self._line

    def show_answer(self, field: Field) -> None:
        """Show the answer."""
        self._line.say(clean(field.typed) or NOTHING_YET)

    def focus_end(self) -> None:
        """Go to it."""
        self.take_focus(self._line)

    def forget(self) -> None:
        """Drop it."""
        self._line.update("")

    async def action_done(self) -> None:
        """On to the next one."""
        await self.leave()
