"""A long list of choices, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.forms.definition import Kind
from fieldkit.forms.views import Field, Option
from fieldkit.model.date_words import fold
from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.cells import in_line
from fieldkit.tui.messages import Told
from fieldkit.tui.widgets.fields.chosen import codes_of, parted
from fieldkit.tui.widgets.fields.few import Options
from fieldkit.tui.widgets.fields.field import FieldWidget, Meaning
from fieldkit.tui.widgets.fields.line_editor import LineEditor
from fieldkit.tui.widgets.fields.option_rows import OptionRows
from fieldkit.tui.widgets.fields.words import Note

NOT_LISTED = "is not in the list. It stays as you typed it; Down shows the list."
SHOWN_CHARS = 40
"""Of words that are not in the list, in the line that says so."""
GO_ON = "Enter goes on; letters look for one more."
NOTHING_FITS = "Nothing in the list fits. Down shows the whole list; Esc what was there before."


class FilterLine(LineEditor):
    """Letters that look for an entry. While it is empty, Space and Backspace act on the list."""

    @dataclass(eq=False)
    class Pressed(Told):
        """Space or Backspace in an empty line."""

        space: bool

    async def _on_key(self, event: events.Key) -> None:
        """Space chooses while nothing is typed."""
        if event.key == "space" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pressed(True))

    def action_delete_left(self) -> None:
        """Backspace takes the last entry out while nothing is typed."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.Pressed(False))


class PickEditor(Vertical):
    """What is chosen, the line to type in, the entries that fit."""

    DEFAULT_CSS = """
    PickEditor { height: auto; width: 1fr; }
    PickEditor > #chosen { height: auto; margin: 0 0 0 2; padding: 0 1; text-style: bold; display: none; }
    """

    def __init__(self, *, many: bool, count: int) -> None:
        super().__init__()
        self.line = FilterLine(
            placeholder=f"type to search {count} entries, or press Down", select_on_focus=not many
        )
        self.rows = OptionRows(many=many)
        self.chosen = Static("", id="chosen", markup=False)

    def compose(self) -> ComposeResult:
        """From above."""
        yield self.chosen
        yield self.line
        yield self.rows

    def call(self, labels: list[str]) -> None:
        """Say what is chosen, above the line."""
        self.chosen.display = bool(labels)
        self.chosen.update(Content(" · ").join(Content(in_line(label)) for label in labels))


class PickField(FieldWidget):
    """One or several entries of a list that is too long to show."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.FIELD_DONE,
        keymap.PICK_ON,
        keymap.PICK_BACK,
        keymap.PICK_CLOSE,
    ]

    def __init__(self, field: Field, options: Options, meaning: Meaning) -> None:
        super().__init__(field, meaning)
        self._many = field.question.kind is Kind.MANY
        self._find = options
        self._labels = _labels(options(""))
        self._codes: tuple[str, ...] = ()
        self._rest = ""
        self._editor = PickEditor(many=self._many, count=len(self._labels))

    # What every field does

    def make_editor(self) -> PickEditor:
        """The line and its list."""
        return self._editor

    def show_answer(self, field: Field) -> None:
        """Name what is chosen. What is being looked for stays, as long as the answer is the same."""
        self._learn()
        codes, rest = codes_of(field), ""
        if field.value is None and field.typed:
            codes, rest = parted(field, self._labels, fold) if self._many else ((), field.typed)
        if (codes, rest) != (self._codes, self._rest):
            self._codes, self._rest = codes, rest
            if not self._editor.line.is_untold:
                self._close()
        self._say_chosen()

    def typed_now(self) -> str:
        """What stands in the answer."""
        return self.field.typed

    def make_note(self) -> Note:
        """While the list is open, how to choose from it."""
        rows = self._editor.rows
        if not rows.is_open and self._rest:
            rest = clean(self._rest, one_line=True)
            return Note(words=f"! '{_short(rest)}' {NOT_LISTED}", wrong=True)
        if not rows.is_open:
            note = super().make_note()
            here = self._writing and self._many and self._codes and not self.field.problem
            return Note(words=GO_ON) if here else note
        if not rows.count:
            return Note(words=NOTHING_FITS)
        space = "Space or Enter chooses" if self._many and not self._editor.line.value else "Enter chooses"
        return Note(words=f"{rows.count} of {len(self._labels)} · Up and Down, {space}, Esc closes")

    def focus_end(self) -> None:
        """In the line."""
        self.take_focus(self._editor.line)
        self._editor.line.cursor_position = len(self._editor.line.value)

    def unwritten(self) -> object | None:
        """In the middle of a search: what fits alone, or is written out, is meant; else it is kept as typed,
        and is a problem.
        """
        line = self._editor.line.value
        text = line.strip()
        if not text or line == self._resting():
            return None
        found = self._find(text)
        exact = [one for one in found if fold(one.label) == fold(text)]
        meant = exact or (found if len(found) == 1 else [])
        if not meant:
            return ", ".join((*self._codes, text)) if self._many else text
        if meant[0].code in self._codes:
            return None
        return [*self._codes, meant[0].code] if self._many else meant[0].code

    def forget(self) -> None:
        """Drop everything."""
        self._codes, self._labels, self._rest = (), {}, ""
        self._find = lambda typed: ()
        self._editor.rows.close()
        self._editor.call([])
        self._editor.line.forget()

    # What a person does

    def on_input_changed(self, event: Input.Changed) -> None:
        """Letters: look for them. An emptied line takes a single answer out."""
        event.stop()
        text = self._editor.line.tell()
        if text == self._resting():
            self._editor.rows.close()
        elif text.strip():
            self._open(text)
        else:
            self._editor.rows.close()
            if self._rest or (self._codes and not self._many):
                self._answer(self._codes if self._many else ())
        self.draw_note()

    async def action_done(self) -> None:
        """Enter: choose what the cursor is on, or go on."""
        await self.typed_ahead()
        here = self._editor.rows.here
        if here is not None:
            self._take(here.code)
        if not self._editor.rows.is_open and (here is None or not self._many):
            await self.leave()

    def on_filter_line_pressed(self, event: FilterLine.Pressed) -> None:
        """Space chooses and goes on choosing; Backspace takes the last one out."""
        event.stop()
        rows = self._editor.rows
        if not event.space:
            self._answer(self._codes[:-1])
        elif not rows.is_open:
            self._open("")
        elif rows.here is not None:
            if self._many:
                self._toggle(rows.here.code)
                self._open("", keep=True)
            else:
                self._take(rows.here.code)
        self.draw_note()

    def on_option_rows_clicked(self, event: OptionRows.Clicked) -> None:
        """Choose what was clicked."""
        event.stop()
        self._take(event.code)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Left in the middle of a search: what was looked for is no answer less."""
        typed = self.unwritten()
        if typed is not None:
            self._keep(typed)
        self._close()
        super().on_descendant_blur(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc closes the list where it is open, and is the screen's otherwise."""
        return action != "close" or self._editor.rows.is_open

    async def action_move(self, step: int) -> None:
        """Open the list, or move in it."""
        await self.typed_ahead()
        line, rows = self._editor.line, self._editor.rows
        if rows.is_open and rows.count:
            rows.move(step)
            return
        # Where nothing fits the whole list helps; what was typed stays until an entry is chosen.
        searching = line.value != self._resting() and not rows.is_open
        self._open(line.value if searching else "")
        self.draw_note()

    def action_close(self) -> None:
        """Close the list; the line says again what is chosen."""
        self._close()
        self.draw_note()

    # How it is done

    def _resting(self) -> str:
        """What stands in the line while nobody searches."""
        if self._rest or self._many:
            return self._rest
        return next((self._labels.get(code, code) for code in self._codes), "")

    def _open(self, typed: str, *, keep: bool = False) -> None:
        self._learn()
        found = self._find(typed)
        here = self._editor.rows.here
        wanted = here.code if keep and here is not None else next(iter(self._codes), "")
        at = 0 if typed else next((at for at, one in enumerate(found) if one.code == wanted), 0)
        marked = [replace(one, chosen=one.code in self._codes) for one in found]
        self._editor.rows.open(marked, at)
        self.call_after_refresh(self.scroll_visible, animate=False, immediate=True)

    def _learn(self) -> None:
        """Other answers may have changed which entries there are."""
        if self.field.question.choice_filter is not None:
            self._labels = _labels(self._find(""))

    def _close(self) -> None:
        self._editor.rows.close()
        self._editor.line.hold(self._resting())

    def _take(self, code: str) -> None:
        self._rest = ""
        if self._many:
            self._toggle(code)
        else:
            self._answer((code,))
        self._close()
        self.draw_note()

    def _toggle(self, code: str) -> None:
        left = tuple(one for one in self._codes if one != code)
        self._answer(left if code in self._codes else (*left, code))

    def _answer(self, codes: tuple[str, ...]) -> None:
        if codes == self._codes and not self._rest:
            return
        self._codes, self._rest = codes, ""
        self.write(list(codes) if self._many else next(iter(codes), ""))
        self._say_chosen()

    def _keep(self, typed: object) -> None:
        """Tell what `unwritten` said, and stand as it will be shown."""
        named = typed if isinstance(typed, list) else [typed]
        if all(code in self._labels for code in named):
            self._codes, self._rest = tuple(map(str, named)), ""
        else:
            self._rest = self._editor.line.value.strip()
            self._codes = self._codes if self._many else ()
        self.write(typed)

    def _say_chosen(self) -> None:
        if self._many:
            self._editor.call([self._labels.get(code, code) for code in self._codes])
        line = self._editor.line
        if not (self._editor.rows.is_open or line.is_untold or line.value == self._resting()):
            line.hold(self._resting())


def _short(words: str) -> str:
    """Words cut to what a line has room for."""
    return words if len(words) <= SHOWN_CHARS else f"{words[: SHOWN_CHARS - 1]}…"


def _labels(options: Sequence[Option]) -> dict[str, str]:
    return {one.code: clean(one.label, one_line=True) or one.code for one in options}
