"""A short list of choices, all of them in sight: yes and no, and others of a few entries."""

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
from fieldkit.tui.widgets.fields.flow import flow, rows

Options = Callable[[str], Sequence[Option]]
"""The choices that fit what is typed; all of them for nothing."""


class FewEntries(Widget, can_focus=True):
    """Arrows go from entry to entry, Space chooses, letters look for one."""

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

    def __init__(self, *, many: bool, find: Options) -> None:
        super().__init__()
        self._many = many
        self._find = find
        self._options: tuple[Option, ...] = ()
        self._cursor = 0
        self._moved = False
        self._sought = ""

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
        self._cursor, self._moved, self._sought = at, False, ""
        self.refresh()

    def forget(self) -> None:
        """Drop everything."""
        self._options, self._sought = (), ""
        self._find = _finds_nothing

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
        """Signs and words; the entry under the cursor stands out."""
        spots = flow(self._options, many=self._many, width=max(1, self.content_size.width))
        lines: list[Content] = []
        for at, spot in enumerate(spots):
            if spot.row == len(lines):
                lines.append(Content(""))
            here = self.has_focus and at == self._cursor
            style = "reverse" if here else "bold" if self._options[at].chosen else ""
            line = lines[spot.row].pad_right(spot.column - lines[spot.row].cell_length)
            lines[spot.row] = line + Content.styled(spot.text, style)
        return Content("\n").join(lines)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are taken: they look for an entry."""
        return character is not None and character.isprintable() and key != "space"

    def on_key(self, event: events.Key) -> None:
        """Letters look for an entry whose words begin so, in any script."""
        if not event.is_printable or not event.character or event.key == "space":
            return
        event.stop()
        for sought in (self._sought + event.character, event.character):
            found = next(iter(self._find(sought)), None)
            if found is not None:
                self._sought = sought
                self._go(next(at for at, one in enumerate(self._options) if one.code == found.code))
                return

    def on_focus(self) -> None:
        """The cursor shows."""
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
        """To the next entry; there are not so many that one would go round."""
        self._sought = ""
        self._go(self._cursor + step)

    def action_take(self) -> None:
        """Choose the entry under the cursor, or choose it no more."""
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
        self._moved = True
        if at != self._cursor:
            self._cursor = at
            self.refresh()


class FewField(FieldWidget):
    """One or several of a few entries."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.FIELD_DONE]

    def __init__(self, field: Field, options: Options, meaning: Meaning) -> None:
        super().__init__(field, meaning)
        self._many = field.question.kind is Kind.MANY
        self._all = tuple(options(""))
        self._codes: tuple[str, ...] = ()
        self._editor = FewEntries(many=self._many, find=options)

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

    def on_few_entries_taken(self, event: FewEntries.Taken) -> None:
        """Choose, or choose no more."""
        event.stop()
        left = tuple(code for code in self._codes if code != event.code)
        added = (*left, event.code) if self._many else (event.code,)
        self._choose(left if event.code in self._codes else added)

    def on_few_entries_cleared(self, event: FewEntries.Cleared) -> None:
        """Choose nothing."""
        event.stop()
        if self._codes or self.field.typed:
            self._choose(())

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


def _finds_nothing(typed: str) -> Sequence[Option]:
    return ()
