"""Fields on a bare screen, with a real Writer behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.screen import Screen

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.views import Field
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Answers, Path
from fieldkit.tui import keymap
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.fields.make import field_widget

TODAY = date(2026, 11, 23)


class FieldsScreen(Screen[None]):
    """Shows fields of a report; writes what they tell, and shows them again, as the form screen does."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.FIELD_ON, keymap.FIELD_BACK]
    AUTO_FOCUS = ""
    CSS = "VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }"

    def __init__(self, writer: Writer, places: Iterable[Path]) -> None:
        super().__init__()
        self.writer = writer
        self.places = tuple(places)
        self.heard: list[object] = []
        self.keys: list[str] = []
        """Keys no field made use of."""
        self.held = False
        """Whether what is heard stays unwritten: a screen that is busy."""

    def compose(self) -> ComposeResult:
        """One field below the other."""
        with VerticalScroll(can_focus=False):
            for place in self.places:
                options, meaning = partial(self.writer.options, place), partial(self.writer.meaning, place)
                yield field_widget(self.asked(place), options, meaning)

    def on_field_widget_written(self, event: FieldWidget.Written) -> None:
        """Write it, show it."""
        self.heard.append(event.typed)
        if not self.held:
            event.stop()
            self.writer.write(event.place, event.typed)
            self.show()

    def on_key(self, event: events.Key) -> None:
        """Note what came this far."""
        self.keys.append(event.key)

    def show(self) -> None:
        """Show all fields as they stand."""
        for widget in self.query(FieldWidget):
            widget.show(self.asked(widget.place))

    def asked(self, place: Path) -> Field:
        """A question as it stands."""
        field = self.writer.field(place)
        assert field is not None, place
        return field

    def at(self) -> str:
        """The question that has the focus."""
        nodes = self.focused.ancestors_with_self if self.focused else []
        return next((str(node.place[-1]) for node in nodes if isinstance(node, FieldWidget)), "")

    def action_field(self, by: int) -> None:
        """The next field, or the one before."""
        names = [str(place[-1]) for place in self.places]
        to = (names.index(self.at()) + by) % len(names)
        list(self.query(FieldWidget))[to].focus_end()


class Fields(App[None]):
    """Only them."""

    ALLOW_SELECT = False

    def __init__(self, screen: FieldsScreen) -> None:
        super().__init__()
        self.animation_level = "none"
        self.copied: list[str] = []
        self._only = screen

    def get_default_screen(self) -> Screen[None]:
        """The fields."""
        return self._only

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing may come here: Textual would write it to the system's clipboard."""
        self.copied.append(text)


@asynccontextmanager
async def fields(
    *names: str, answers: Answers | None = None, form: Form | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], FieldsScreen]]:
    """Fields of questions outside repeats, the first one with the focus."""
    writer = Writer(form or incident_form(), answers or {}, today=lambda: TODAY)
    screen = FieldsScreen(writer, [(name,) for name in names])
    app = Fields(screen)
    async with app.run_test(size=size) as pilot:
        app.screen.query(FieldWidget).first().focus_end()
        await pilot.pause()
        yield pilot, screen
