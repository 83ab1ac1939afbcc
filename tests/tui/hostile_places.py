"""A place of a widget that shows what people wrote: how it is made, and how it is shown a text."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from textual import events
from textual.binding import ActiveBinding, Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.expressions import parse_expression
from fieldkit.forms.views import Field, Mark, Option, Page
from fieldkit.forms.writer import Writer
from fieldkit.tui import report_changes
from fieldkit.tui.ports.link import QueueLine, Stage
from fieldkit.tui.ports.reports import Page as ReportPage
from fieldkit.tui.ports.reports import PastStep, Reading, Summary
from fieldkit.tui.widgets.choices import Choices
from fieldkit.tui.widgets.fields.few import FewField
from fieldkit.tui.widgets.fields.long_editor import LongEditor
from fieldkit.tui.widgets.fields.make import field_widget
from fieldkit.tui.widgets.fields.pick import PickField
from fieldkit.tui.widgets.header import Standing
from fieldkit.tui.widgets.key_bar import KeyBar, hints_of
from fieldkit.tui.widgets.page import PageView
from fieldkit.tui.widgets.preview import Preview
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.fielding import TODAY
from tests.tui.reports_desk import MemoryLine

Show = Callable[[Any, str], object]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place of a widget that shows what people wrote."""

    make: Callable[[], Widget]
    show: Show
    tells: bool = True
    """Whether a text can be read there; a passphrase cannot."""

    async def put(self, widget: Widget, text: str) -> None:
        """Show a text there."""
        done = self.show(widget, text)
        if inspect.isawaitable(done):
            await done


ANY: Final = parse_expression("true()")
"""Of a list that other answers change."""

WRITER: Final = Writer(incident_form(), {}, today=lambda: TODAY)


def asked(name: str, **changes: Any) -> Field:
    """A question of the form, changed."""
    field = WRITER.field((name,))
    assert field is not None
    return replace(field, **changes)


def of_field(name: str, part: str, **more: Any) -> Place:
    """A part of a question: its label, hint, heading, answer, problem, or what to do about it."""
    field = asked(name, **more)

    def show(widget: Any, text: str) -> None:
        told: dict[str, Any] = {"problem": "wrong" if part == "tip" else "", part: text}
        widget.show(replace(field, **told))

    return Place(make=lambda: field_widget(field, no_options, lambda typed: ""), show=show)


def of_meaning(name: str) -> Place:
    """How an answer is understood, below it."""
    said: list[str] = []
    field = asked(name, typed="typed", value="typed", problem="", tip="")

    def show(widget: Any, text: str) -> None:
        said[:] = [text]
        widget.draw_note()

    return Place(make=lambda: field_widget(field, no_options, lambda typed: "".join(said)), show=show)


def entries(text: str, part: str) -> list[Option]:
    """Two entries of a list, the first one hostile in one part."""
    first: dict[str, Any] = {"code": "x", "label": "", "chosen": True, part: text}
    return [Option(**first), Option(code="other", label="Other", chosen=False)]


async def in_few(holder: Any, text: str) -> None:
    """A short list, which a field is given once."""
    await holder.remove_children()
    field = asked("urgency", value="x", typed=text)
    await holder.mount(FewField(field, lambda typed: entries(text, "label"), lambda typed: ""))


def of_pick(part: str, *, opened: bool = False) -> Place:
    """A long list that other answers change: what is chosen of it, and its entries."""
    now: list[Option] = []
    question = asked("kind").question
    field = asked("kind", question=replace(question, choice_filter=ANY))

    async def show(widget: Any, text: str) -> None:
        now[:] = entries(text, part)
        widget.action_close()
        widget.show(replace(field, value=[now[0].code], typed=text))
        if opened:
            await widget.action_move(1)

    return Place(make=lambda: PickField(field, lambda typed: list(now), lambda typed: ""), show=show)


def of_page(part: str) -> Place:
    """A question on a page of them."""

    async def show(view: Any, text: str) -> None:
        await view.begin([asked("title", **{part: text})])

    return Place(make=lambda: PageView(lambda place, typed: (), lambda place, typed: ""), show=show)


def of_line(part: str) -> Place:
    """A part of a line of the list."""

    def show(view: Any, text: str) -> None:
        told: dict[str, Any] = {part: text}
        line = replace(MemoryLine(number=1), **told)
        view.begin(ReportPage(lines=(line, line), following=None))

    return Place(make=RecordList, show=show)


def of_reading(make: Callable[[str], Reading]) -> Place:
    """A part of a report that is read."""

    def ready() -> Preview:
        view = Preview()
        view.styles.display = "block"
        return view

    return Place(make=ready, show=lambda view, text: view.show(make(text)))


WAYS: Final = ("held", "pasted", "typed")


def typed_into(make: Callable[[], Input], ways: tuple[str, ...] = ("held",)) -> dict[str, Place]:
    """A line that is typed into: what a screen puts there, what is pasted, what is typed."""

    def ready() -> Input:
        line = make()
        line.styles.display = "block"
        return line

    async def paste(line: Any, text: str) -> None:
        line.value = ""
        line.post_message(events.Paste(text))

    def put(line: Any, text: str) -> None:
        line.value = text

    async def keys(line: Any, text: str) -> None:
        line.value = ""
        for char in text[:12]:
            line.post_message(events.Key("x", char))

    shows: dict[str, Show] = {"held": put, "pasted": paste, "typed": keys}
    return {way: Place(make=ready, show=shows[way]) for way in ways}


def reading(**parts: Any) -> Reading:
    """A report to be read."""
    whole = {"heading": "", "notes": (), "passages": (), "line": MemoryLine(number=1)}
    return Reading(**{**whole, **parts})


def page(**parts: Any) -> Page:
    """A page of a form, as the outline shows it."""
    whole = {"name": "p", "label": "", "hint": "", "repeat": True, "mark": Mark.DONE, "answered": 1}
    return Page(**{**whole, "asked": 1, "required": 0, "required_left": 0, "items": 2, **parts})


def standing(**parts: Any) -> Standing:
    """How things stand, for the first line."""
    summary = Summary(who=parts.pop("who", ""), drafts=1, waiting=2, last_sync=None, troubles=0)
    return Standing(summary=summary, **parts)


def queue_line(text: str) -> QueueLine:
    """A report on its way."""
    return QueueLine(number=1, title=text, urgency=2, hurried=True, size=1, gone=0, stage=Stage.HERE)


def keys_called(**parts: str) -> Show:
    """A key bar whose keys are called so."""

    def show(bar: Any, text: str) -> None:
        named: dict[str, Any] = {"description": "Act", **dict.fromkeys(parts, text)}
        binding = Binding("x", "act", **named)
        bar._hints = tuple(hints_of([ActiveBinding(bar, binding, True, "")]))
        bar.refresh()

    return show


class StillKeys(KeyBar):
    """Does not look up what works on the screen."""

    def _changed(self, screen: Screen[object]) -> None:
        pass


def no_options(typed: str) -> list[Option]:
    """A question that offers nothing."""
    return []


def past_step(text: str) -> PastStep:
    """A step of a report's history, every word of it hostile."""
    changed = report_changes.Changed(label=text, before=f"{text} was", after=f"{text} is")
    return PastStep(heading=text, notes=(text,), changes=(changed,))


async def in_choices(holder: Any, text: str) -> None:
    """Lines to choose from, which are given once."""
    await holder.remove_children()
    await holder.mount(Choices([text, "another"]))


def in_long(editor: Any, text: str) -> None:
    """Paste into an empty text."""
    editor.forget()
    editor.post_message(events.Paste(text))


LONG: Final = {
    "held": Place(make=LongEditor, show=lambda editor, text: editor.hold(text)),
    "pasted": Place(make=LongEditor, show=in_long),
}

FIELDS: Final = ("label", "heading", "hint", "problem", "tip", "typed")
"""What of a question comes from a form or from a report."""
