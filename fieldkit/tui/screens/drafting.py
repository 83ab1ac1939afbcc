"""What every screen that writes a draft does: opens it, brings each word into the vault, leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from textual import events, work
from textual.screen import Screen

from fieldkit.forms.views import Change, Option
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Path
from fieldkit.tui import form_words as words
from fieldkit.tui.autosave import Autosave, Kept, Standing
from fieldkit.tui.messages import DraftOpened, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart, OpenDraft
from fieldkit.tui.typing_ahead import caught_up
from fieldkit.tui.widgets.fields.field import FieldWidget, field_of
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.saved_mark import SavedMark

Answer = TypeVar("Answer")
Turn = Callable[[], Change | None]
"""One undo, or one redo."""


class DraftScreen(Screen[Answer]):
    """Has a line `#said` and, in a `#standing`, the mark that says what is saved. What else is shown of the
    draft is the matter of whoever extends it.
    """

    ALLOW_SELECT = False
    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__()
        self._desk = desk
        self._number = number
        self._writer: Writer | None = None
        self._autosave: Autosave | None = None
        self._warned = False

    # What an extending class gives

    def ask_draft(self) -> OpenDraft:
        """The draft that is to be written. Raises Trouble. In a worker."""
        raise NotImplementedError

    def say_changed(self, change: Change) -> None:
        """Say what one act of a person did."""
        raise NotImplementedError

    def say_apart(self, apart: KeptApart) -> None:
        """The words go into another report from now on: say so."""
        raise NotImplementedError

    async def draw(self) -> None:
        """Show the draft as it stands."""
        raise NotImplementedError

    async def show_turned(self, turn: Turn, done: str, nothing: str) -> None:
        """Undo or redo, and show what has changed."""
        raise NotImplementedError

    # Opening and closing

    @work(thread=True, exclusive=True, group="open")
    def open_draft(self) -> None:
        """Ask for the draft; it comes as a message, or what stands in its way does."""
        try:
            self.post_message(DraftOpened(self.ask_draft()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    def on_refused(self, event: Refused) -> None:
        """Say why nothing can be written, and what to do."""
        self.say(event.said)

    def take(self, draft: OpenDraft) -> Writer:
        """From now on every change of this draft goes into the vault."""
        writer = self._writer = draft.writer
        self._number = draft.number
        self._autosave = Autosave(
            stores=self._desk.writing,
            number=self._number,
            snapshot=writer.snapshot,
            owner=self,
            tell=self._told,
        )
        self._told(self._autosave.standing)
        return writer

    async def arrived(self) -> None:
        """Everything typed before the key that is acted on is written. The one place for every way out of a
        field: a list that is searched in holds its words back until one leaves it.
        """
        await caught_up(self.focused)
        change = self._write_held_back()
        if change is not None:
            await self.changed(change)

    def _write_held_back(self) -> Change | None:
        """Write what fields hold back: the one somebody is in, and one left so lately that its last letters
        are on their way. What the last of these changed, None when there was nothing.
        """
        here, change = field_of(self.focused), None
        for field in self.query(FieldWidget):
            typed = field.unwritten() if field is here or field.is_ahead else None
            if typed is not None and self._writer is not None:
                change = self._writer.write(field.place, typed)
        return change

    async def settled(self) -> bool:
        """Store everything; whether nothing is left that is only on the screen."""
        await self.arrived()
        return self._autosave is None or await self._autosave.settled()

    async def may_close(self) -> bool:
        """Whether nothing would be lost now. When something would, it is said; asked again, it may."""
        if await self.settled() or self._warned:
            return True
        self._warned = True
        self.say(words.STAYED)
        return False

    @property
    def saved_until(self) -> int | None:
        """UTC seconds of the last commit; None before the first one."""
        return None if self._autosave is None else self._autosave.standing.when

    def before_closing(self) -> None:
        """The vault is about to close: store the last words. Raises Trouble."""
        if self._autosave is not None:
            self._write_held_back()
            self._autosave.close()

    def drop(self) -> None:
        """The vault is being erased: nothing more is stored, and nothing of the words is kept here."""
        if self._autosave is not None:
            self._autosave.drop()
        self._writer = self._autosave = None

    def on_unmount(self) -> None:
        """However the screen ends, the words are stored, and nothing of them stays behind here."""
        with suppress(Trouble):
            self.before_closing()
        self._writer = self._autosave = None

    # Writing

    async def on_field_widget_written(self, event: FieldWidget.Written) -> None:
        """Something was typed or chosen."""
        event.stop()
        if self._writer is not None:
            await self.changed(self._writer.write(event.place, event.typed))

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A field was left: what is typed next can be taken back by itself."""
        if self._writer is not None and self.is_attached:
            self._writer.pause()
            await self.draw()

    async def changed(self, change: Change) -> None:
        """Something was written: store it soon, say it, show it."""
        if self._autosave is not None:
            self._autosave.changed()
        self._warned = False
        self.say_changed(change)
        await self.draw()

    async def action_undo(self) -> None:
        """Take the last change back."""
        await self.arrived()
        if self._writer is not None:
            await self.show_turned(self._writer.undo, words.UNDONE, words.NOTHING_TO_UNDO)

    async def action_redo(self) -> None:
        """Bring back what was taken back."""
        await self.arrived()
        if self._writer is not None:
            await self.show_turned(self._writer.redo, words.REDONE, words.NOTHING_TO_REDO)

    async def action_save(self) -> None:
        """Store it now, and say so."""
        if self._autosave is not None and await self.settled():
            self.say(words.ALL_SAVED)

    def _told(self, standing: Standing) -> None:
        if not self.query(SavedMark):
            return  # the screen is being taken away
        self.query_one(SavedMark).show(standing)
        self.query_one("#standing").set_class(standing.kept is Kept.FAILED, "-failed")
        if standing.apart is not None and standing.apart.number != self._number:
            self._number = standing.apart.number
            self.say_apart(standing.apart)

    def say(self, text: str) -> None:
        """One line for a person."""
        self.query_one("#said", Said).say(text)

    # What fields ask

    def options(self, place: Path, typed: str) -> Sequence[Option]:
        """The choices of a question that fit what is typed."""
        return () if self._writer is None else self._writer.options(place, typed)

    def meaning(self, place: Path, typed: str) -> str:
        """How typed text would be read."""
        return "" if self._writer is None else self._writer.meaning(place, typed)
