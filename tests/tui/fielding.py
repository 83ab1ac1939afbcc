"""Fields on a bare screen, with a real Writer behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Form
from fieldkit.forms.views import Field
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Answers, Path
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.fields.make import field_widget

TODAY = date(2026, 11, 23)


class Fields(App[None]):
    """Shows fields of a report; writes what they tell, and shows them again, as the form screen does."""

    ALLOW_SELECT = False
    CSS = "Screen { layers: base; } VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }"

    def __init__(self, writer: Writer, places: Iterable[Path]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.writer = writer
        self.places = tuple(places)
        self.heard: list[object] = []
        self.done: list[Path] = []
        self.held = False

    def compose(self) -> ComposeResult:
        """One field below the other."""
        with VerticalScroll(can_focus=False):
            for place in self.places:
                options, meaning = partial(self.writer.options, place), partial(self.writer.meaning, place)
                yield field_widget(self._field(place), options, meaning)

    def on_field_widget_written(self, event: FieldWidget.Written) -> None:
        """Write it, show it."""
        event.stop()
        self.heard.append(event.typed)
        self.writer.write(event.place, event.typed)
        if not self.held:
            self.show()

    def on_field_widget_done(self, event: FieldWidget.Done) -> None:
        """On to the next field."""
        self.done.append(event.place)
        self.screen.focus_next()

    def show(self) -> None:
        """Show all fields as they stand."""
        for widget in self.query(FieldWidget):
            widget.show(self._field(widget.place))

    def _field(self, place: Path) -> Field:
        field = self.writer.field(place)
        assert field is not None, place
        return field


@asynccontextmanager
async def fields(
    *names: str, answers: Answers | None = None, form: Form | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """Fields of questions outside repeats, the first one with the focus."""
    writer = Writer(form or incident_form(), answers or {}, today=lambda: TODAY)
    app = Fields(writer, [(name,) for name in names])
    async with app.run_test(size=size) as pilot:
        app.query(FieldWidget).first().focus_end()
        await pilot.pause()
        yield pilot
