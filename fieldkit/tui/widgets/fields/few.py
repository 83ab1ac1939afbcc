"""A short list of choices, all of them in sight: yes and no, and others of a few entries.

Nothing is chosen by accident: a sentence may be typed by somebody who believes to be in another field, and
one of these entries says that a life is at risk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset, Size
from textual.widget import Widget

from fieldkit.forms.definition import Kind
from fieldkit.forms.views import Field, Option
from fieldkit.tui import keymap
from fieldkit.tui.messages import Told
from fieldkit.tui.widgets.fields.chosen import codes_of
from fieldkit.tui.widgets.fields.field import FieldWidget, Meaning
from fieldkit.tui.widgets.fields.flow import SIGN_CHARS, flow, rows
from fieldkit.tui.widgets.fields.words import Note

Options = Callable[[str], Sequence[Option]]
"""The choices that fit what is typed; all of them for nothing."""


HOW = "Arrows move, then Space or Enter chooses."
NO_LETTERS = f"Letters write nothing here. {HOW}"


class FewEntries(Widget, can_focus=True):
    """Arrows go from entry to entry, Space or Enter chooses the one they went to. Letters do nothing, and a
    Space among them chooses nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.ENTRY_TAKE,
        keymap.ENTRY_CLEAR,
        keymap.ENTRY_ON,
        keymap.ENTRY_BACK,
    ]
    DEFAULT_CSS = """
    FewEntries { height: auto; width: 1fr; margin: 0 0 0 2; padding: 0 1; }
    """
    ALLOW_SELECT = False

    @dataclass(eq=False)
    class Taken(Told):
        """An entry was chosen, or chosen no more."""

        code: str

    @dataclass(eq=False)
    class Cleared(Told):
        """Nothing is to be chosen."""

    @dataclass(eq=False)
    class Astray(Told):
        """Something was pressed that chooses nothing here."""

        letters: bool

    def __init__(self, *, many: bool) -> None:
        super().__init__()
        self._many = many
        self._options: tuple[Option, ...] = ()
        self._cursor = 0
        self._aimed = False
        """Whether an arrow or a click went to an entry, and nothing was typed since."""
        self._moved = False
        """Whether it went to one that Enter has not chosen yet."""

    def show(self, options: Sequence[Option]) -> None:
        """Show these entries as they are chosen now."""
        if tuple(options) != self._options:
            shape = [option.label for option in self._options]
            self._options = tuple(options)
            self._cursor = max(0, min(self._cursor, len(options) - 1))
            self.refresh(layout=shape != [option.label for option in options])

    def rest(self) -> None:
        """Put the cursor on what is chosen, else on the first entry."""
        at = next((at for at, option in enumerate(self._options) if option.chosen), 0)
        self._cursor, self._aimed, self._moved = at, False, False
        self.refresh()

    def forget(self) -> None:
        """Drop everything."""
        self._options = ()

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor stands."""
        inside = self.content_region
        spots = flow(self._options, many=self._many, width=max(1, inside.width))
        spot = spots[self._cursor] if spots else None
        return Offset(inside.x + (spot.column + 1 if spot else 0), inside.y + (spot.row if spot else 0))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the entries take."""
        return rows(flow(self._options, many=self._many, width=max(1, width)))

    def render(self) -> Content:
        """Signs and words; the entry under the cursor stands out, and only its sign before one went to it."""
        spots = flow(self._options, many=self._many, width=max(1, self.content_size.width))
        lines: list[Content] = []
        for at, spot in enumerate(spots):
            if spot.row == len(lines):
                lines.append(Content(""))
            here = self.has_focus and at == self._cursor
            whole = here and (self._aimed or self._options[at].chosen)
            style = "reverse" if whole else "bold" if self._options[at].chosen else ""
            line = lines[spot.row].pad_right(spot.column - lines[spot.row].cell_length)
            text = Content.styled(spot.text, style)
            lines[spot.row] = line + (text.stylize("reverse", 0, SIGN_CHARS) if here else text)
        return Content("\n").join(lines)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are taken, and do nothing."""
        return character is not None and character.isprintable() and key != "space"

    def on_key(self, event: events.Key) -> None:
        """Who types here believes to be elsewhere: say so, and let no Space among the letters choose."""
        if event.is_printable and event.key != "space":
            event.stop()
            self._astray(letters=True)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted goes nowhere either."""
        event.stop()
        self._astray(letters=True)

    def on_focus(self) -> None:
        """The cursor shows. An arrow right after the key that led here has gone somewhere already."""
        if not self._aimed:
            self.rest()

    def on_blur(self) -> None:
        """And shows no more."""
        self.rest()

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        place = event.get_content_offset(self)
        if place is None:
            return
        spots = flow(self._options, many=self._many, width=max(1, self.content_size.width))
        for at, spot in enumerate(spots):
            if spot.row == place.y and spot.column <= place.x < spot.column + Content(spot.text).cell_length:
                self._go(at)
                self.action_take()

    def action_move(self, step: int) -> None:
        """To the next entry; there are not so many that one would go round. The first step goes to the entry
        on which the cursor waits, where none is chosen.
        """
        waits = not self._aimed and not any(option.chosen for option in self._options)
        self._go(self._cursor if waits else self._cursor + step)

    def action_take(self) -> None:
        """Choose the entry one went to, or choose it no more."""
        if not self._aimed:
            self._astray(letters=False)
            return
        self._moved = False
        if self._options:
            self.post_message(self.Taken(self._options[self._cursor].code))

    def action_clear(self) -> None:
        """Choose nothing."""
        self.post_message(self.Cleared())

    @property
    def meant(self) -> bool:
        """Whether somebody went to an entry that is not chosen: who then presses Enter means it."""
        return self._moved and bool(self._options) and not self._options[self._cursor].chosen

    def _go(self, at: int) -> None:
        at = max(0, min(at, len(self._options) - 1))
        fresh = at != self._cursor or not self._aimed
        self._cursor, self._aimed, self._moved = at, True, True
        if fresh:
            self.refresh()

    def _astray(self, *, letters: bool) -> None:
        self._aimed = self._moved = False
        self.refresh()
        self.post_message(self.Astray(letters))


class FewField(FieldWidget):
    """One or several of a few entries."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.FIELD_DONE]

    def __init__(self, field: Field, options: Options, meaning: Meaning) -> None:
        super().__init__(field, meaning)
        self._many = field.question.kind is Kind.MANY
        self._all = tuple(options(""))
        self._codes: tuple[str, ...] = ()
        self._astray = ""
        """What is said instead of the hint, after keys that chose nothing."""
        self._editor = FewEntries(many=self._many)

    def make_editor(self) -> FewEntries:
        """All entries."""
        return self._editor

    def show_answer(self, field: Field) -> None:
        """Mark what is chosen."""
        self._codes = codes_of(field)
        self._draw()

    def focus_end(self) -> None:
        """On what is chosen."""
        self.take_focus(self._editor)

    def forget(self) -> None:
        """Drop everything."""
        self._all, self._codes = (), ()
        self._editor.forget()

    def make_note(self) -> Note:
        """After letters that wrote nothing, that they did not."""
        return Note(words=self._astray, wrong=True) if self._astray else super().make_note()

    def on_few_entries_astray(self, event: FewEntries.Astray) -> None:
        """Say that nothing was written or chosen, and how it is."""
        event.stop()
        self._astray = NO_LETTERS if event.letters or self._astray == NO_LETTERS else HOW
        self.draw_note()

    def on_few_entries_taken(self, event: FewEntries.Taken) -> None:
        """Choose, or choose no more."""
        event.stop()
        self._astray = ""
        left = tuple(code for code in self._codes if code != event.code)
        added = (*left, event.code) if self._many else (event.code,)
        self._choose(left if event.code in self._codes else added)

    def on_few_entries_cleared(self, event: FewEntries.Cleared) -> None:
        """Choose nothing."""
        event.stop()
        if self._codes or self.field.typed:
            self._choose(())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Left: what was said of keys astray is said."""
        self._astray = ""
        super().on_descendant_blur(event)

    async def action_done(self) -> None:
        """Enter: choose the entry one went to; then, unless more may be chosen, on to the next field."""
        await self.typed_ahead()
        meant = self._editor.meant
        if meant:
            self._editor.action_take()
        if not (meant and self._many):
            await self.leave()

    def _choose(self, codes: tuple[str, ...]) -> None:
        order = [option.code for option in self._all]
        self._codes = tuple(
            sorted(codes, key=lambda code: order.index(code) if code in order else len(order))
        )
        self.write(list(self._codes) if self._many else next(iter(self._codes), ""))
        self._draw()

    def _draw(self) -> None:
        self._editor.show([replace(option, chosen=option.code in self._codes) for option in self._all])
