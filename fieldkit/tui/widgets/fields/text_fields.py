"""Fields one types into: a line, or many lines."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input, TextArea

from fieldkit.forms.views import Field
from fieldkit.tui import keymap
from fieldkit.tui.widgets.fields.field import FieldWidget, Meaning
from fieldkit.tui.widgets.fields.line_editor import LineEditor
from fieldkit.tui.widgets.fields.long_editor import LongEditor


class LineField(FieldWidget):
    """One line: text, dates, numbers, codes."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.FIELD_DONE]

    def __init__(self, field: Field, meaning: Meaning) -> None:
        super().__init__(field, meaning)
        self._editor = LineEditor()

    def make_editor(self) -> LineEditor:
        """One line."""
        return self._editor

    def show_answer(self, field: Field) -> None:
        """Hold the text."""
        if field.typed != self._editor.value:
            self._editor.hold(field.typed)

    def typed_now(self) -> str:
        """The line."""
        return self._editor.value

    def has_untold(self) -> bool:
        """Letters of the line."""
        return self._editor.is_untold

    def unwritten(self) -> str | None:
        """The line, while its newest letters are on their way."""
        return self._editor.value if self.is_ahead else None

    def focus_end(self) -> None:
        """Behind the last character."""
        self.take_focus(self._editor)
        self._editor.cursor_position = len(self._editor.value)

    def forget(self) -> None:
        """Drop every word."""
        self._editor.forget()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A key, or many of them."""
        event.stop()
        self.write(self._editor.tell())
        self.draw_note()

    async def action_done(self) -> None:
        """Enter: on to the next one."""
        await self.leave()


class LongField(FieldWidget):
    """Many lines."""

    def __init__(self, field: Field, meaning: Meaning) -> None:
        super().__init__(field, meaning)
        self._editor = LongEditor()

    def make_editor(self) -> LongEditor:
        """Several lines."""
        return self._editor

    def show_answer(self, field: Field) -> None:
        """Hold the text."""
        self._editor.hold(field.typed)

    def typed_now(self) -> str:
        """All lines."""
        return self._editor.text

    def has_untold(self) -> bool:
        """Letters of the text."""
        return self._editor.is_untold

    def unwritten(self) -> str | None:
        """The text, while its newest letters are on their way."""
        return self._editor.text if self.is_ahead else None

    def focus_end(self) -> None:
        """Behind the last character."""
        self.take_focus(self._editor)
        self._editor.move_cursor(self._editor.document.end)

    def forget(self) -> None:
        """Drop every word."""
        self._editor.forget()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """The cursor went somewhere."""
        event.stop()
        self._editor.call_after_refresh(self._editor.follow)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """A key, or many of them."""
        event.stop()
        self.write(self._editor.tell())
        self.draw_note()
