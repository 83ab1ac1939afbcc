"""One question of a form: what is asked, where one answers, and how the answer is understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import field as kept

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.forms.views import Field
from fieldkit.model.values import Path
from fieldkit.tui.messages import Told
from fieldkit.tui.typing_ahead import caught_up
from fieldkit.tui.widgets.fields.words import Note, label_of, note_of

Meaning = Callable[[str], str]
"""How typed text would be read, in words."""


class FieldWidget(Vertical, can_focus=False):
    """A label, an editor and a line below it. What is typed is told at once, and kept nowhere but here."""

    DEFAULT_CSS = """
    FieldWidget { height: auto; width: 1fr; }
    FieldWidget > .field-label { height: auto; }
    FieldWidget > .field-note { height: auto; padding: 0 0 0 2; color: $text-muted; }
    FieldWidget > .field-note.-wrong { color: $text-error; text-style: bold; }
    """
    ALLOW_SELECT = False

    @dataclass(eq=False)
    class Written(Told):
        """Something was typed or chosen. Whoever takes it calls `stop` before asking the field anything."""

        place: Path
        typed: object = kept(repr=False)
        """Text as typed, a code, or a list of codes."""

        def __post_init__(self) -> None:
            super().__post_init__()
            self.taken = False

        def stop(self, stop: bool = True) -> FieldWidget.Written:
            """Taken: from now on, what `show` says includes it."""
            self.taken = True
            super().stop(stop)
            return self

    def __init__(self, field: Field, meaning: Meaning) -> None:
        super().__init__()
        self._field = field
        self._meaning = meaning
        self._under_way: list[FieldWidget.Written] = []
        self._writing = False
        self._note = Note(words="")

    # What an extending class gives

    def make_editor(self) -> Widget:
        """What answers are typed into."""
        raise NotImplementedError

    def show_answer(self, field: Field) -> None:
        """Let the editor hold the answer as it is stored, if it does not. Never while keys are under way."""
        raise NotImplementedError

    def focus_end(self) -> None:
        """Put the focus into the editor, behind what is typed."""
        raise NotImplementedError

    def typed_now(self) -> str:
        """The text in the editor; the line below tells what it means."""
        return self._field.typed

    def unwritten(self) -> object | None:
        """What stands in the editor and is not in the report yet, as `Written` tells it; None for nothing."""
        return None

    def has_untold(self) -> bool:
        """Whether the editor holds letters this field has not heard of yet: an answer shown now would be put
        over them.
        """
        return False

    def forget(self) -> None:
        """Drop every word of the report: the widget is gone."""

    # What all fields do

    def compose(self) -> ComposeResult:
        """From above."""
        yield Static(label_of(self._field), classes="field-label", markup=False)
        yield self.make_editor()
        note = Static("", classes="field-note", markup=False)
        note.display = False
        yield note

    def on_mount(self) -> None:
        """Show the answer that is there."""
        self.show_answer(self._field)
        self.draw_note()

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self.forget()
        self._field = replace(self._field, value=None, typed="", problem="", tip="")
        self._under_way = []
        self._meaning = _says_nothing
        for line in self.query_children(Static):
            line.update("")

    @property
    def place(self) -> Path:
        """The place of the answer in the report."""
        return self._field.place

    @property
    def field(self) -> Field:
        """The question as it was shown last."""
        return self._field

    def show(self, field: Field) -> None:
        """Show the question as it stands now. The focus and the cursor stay where they are."""
        before, self._field = self._field, field
        if not self.is_mounted:
            return
        label = label_of(field)
        if label != label_of(before):
            self.query_children(".field-label").only_one(Static).update(label)
        if not self.is_ahead:
            self.show_answer(field)
        self.draw_note()

    @property
    def is_ahead(self) -> bool:
        """Whether something typed here is still on its way: then the editor knows better."""
        self._under_way = [message for message in self._under_way if not message.taken]
        return bool(self._under_way) or self.has_untold()

    def write(self, typed: object) -> None:
        """Tell what was typed or chosen."""
        message = self.Written(self.place, typed)
        self._under_way = [*(one for one in self._under_way if not one.taken), message]
        self.post_message(message)

    async def leave(self) -> None:
        """On to the next field, as Tab does. When this returns, the focus is there."""
        await self.app.run_action("field(1)", default_namespace=self.screen)

    async def typed_ahead(self) -> None:
        """Wait for letters that were pressed before the key that is acted on."""
        await caught_up(self.screen.focused)

    def take_focus(self, editor: Widget) -> None:
        """Put the focus there at once: `focus` would do it after keys that were pressed since.

        Where it is to be seen is this field's matter: the screen would move the editor alone into sight, and
        slowly.
        """
        self.screen.set_focus(editor, scroll_visible=False)

    def draw_note(self) -> None:
        """Say below what the typed text means."""
        self.say(self.make_note())

    def make_note(self) -> Note:
        """What is to be said below now."""
        typed = self.typed_now()
        meaning = self._meaning(typed) if typed and not self._field.question.choices else ""
        return note_of(self._field, typed, meaning, writing=self._writing)

    def say(self, note: Note) -> None:
        """Say something below. Draws nothing while the words stay the same."""
        if note != self._note:
            self._note = note
            line = self.query_children(".field-note").only_one(Static)
            line.update(note.words)
            line.set_class(note.wrong, "-wrong")
            line.display = bool(note.words)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Somebody writes here: show all of it, the question too."""
        self._writing = True
        self.draw_note()
        self.call_after_refresh(self.scroll_visible, animate=False, immediate=True)

    def on_resize(self, event: events.Resize) -> None:
        """A line below came up, or a list: what is said where nobody sees it is not said."""
        if self._writing:
            self.scroll_visible(animate=False, immediate=True)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Left: half an answer is a problem now."""
        self._writing = False
        self.draw_note()


def field_of(widget: Widget | None) -> FieldWidget | None:
    """The field that a widget is a part of."""
    if widget is None:
        return None
    return next((node for node in widget.ancestors_with_self if isinstance(node, FieldWidget)), None)


def _says_nothing(typed: str) -> str:
    return ""
