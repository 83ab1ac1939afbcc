"""Quick capture: what, when, where, and the account. For somebody who has fifteen seconds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from fieldkit.forms.views import Change, Field, Option
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Path
from fieldkit.tui import form_words as words
from fieldkit.tui import keymap
from fieldkit.tui.autosave import Autosave, Kept, Standing
from fieldkit.tui.messages import DraftOpened, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.review import Outcome, ReviewScreen
from fieldkit.tui.typing_ahead import caught_up
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.page import PageView
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.saved_mark import SavedMark

ASKED = ("title", "start", "gov", "town", "narrative")
"""Questions of the built-in form that are asked here, in this order; all others wait for the full form."""

HINTS = {"start": "today, yesterday, 3 Aug 2026, about May 2026"}
"""Shorter than the form's own."""

TITLE = "New report · a draft on this laptop; nothing is sent until you finish it"
OPENING = "Making a draft…"
BEGIN = "Esc keeps it as a draft; F6 asks the rest of the form."
LAST = "That was the last one. Esc keeps it as a draft; F6 asks the rest."


class CaptureScreen(Screen[int | None]):
    """A few fields, saved as they are typed. Answers with the number of the draft, or None without one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.CAPTURE_KEEP,
        keymap.CAPTURE_MORE,
        keymap.REVIEW,
        keymap.SAVE,
        keymap.UNDO,
        keymap.REDO,
        keymap.FIELD_ON,
        keymap.FIELD_BACK,
    ]
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    CaptureScreen {
        & #title { height: 1; padding: 0 1; text-style: bold; }
        & PageView { height: 1fr; }
        & #standing { height: auto; max-height: 5; }
        & #standing.-failed { layout: vertical; }
        & #said { width: 1fr; height: auto; max-height: 3; padding: 0 1; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._number = 0
        self._writer: Writer | None = None
        self._autosave: Autosave | None = None
        self._early: list[events.Key] = []
        self._ready = False
        self._warned = False

    def compose(self) -> ComposeResult:
        """One column."""
        yield HeaderLine()
        yield Said(id="title")
        yield PageView(self._options, self._meaning)
        with Horizontal(id="standing"):
            yield SavedMark()
            yield Said(id="said")
        yield KeyBar()

    # Opening and closing

    def on_mount(self) -> None:
        """Ask for a draft: what is typed has somewhere to go from the first letter on."""
        self.query_one("#title", Said).say(TITLE)
        self._say(OPENING)
        self._begin()

    @work(thread=True, exclusive=True, group="open")
    def _begin(self) -> None:
        try:
            self.post_message(DraftOpened(self._desk.writing.begin()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    def on_refused(self, event: Refused) -> None:
        """Say why nothing can be written, and what to do."""
        self._early = []
        self._say(f"{words.sentence(event.message)} {words.sentence(event.hint)}")

    async def on_draft_opened(self, event: DraftOpened) -> None:
        """Show the fields."""
        writer = self._writer = event.draft.writer
        self._number = event.draft.number
        self._autosave = Autosave(
            stores=self._desk.writing,
            number=self._number,
            snapshot=writer.snapshot,
            owner=self,
            tell=self._told,
        )
        self.query_one("#title", Said).say(f"{self._number:04d} {TITLE}")
        self._told(self._autosave.standing)
        self._say(BEGIN)
        view = self.query_one(PageView)
        await view.begin(self._fields())
        await view.focus_end_of()
        self._ready, early, self._early = True, self._early, []
        for key in early:
            if key.key in ("tab", "enter"):
                await self.action_field(1)
            elif self.focused is not None:
                self.focused.post_message(key)

    def on_key(self, event: events.Key) -> None:
        """What is typed before there is a field waits for it, and for the focus."""
        if not self._ready and (event.is_printable or event.key in ("tab", "enter")):
            event.stop()
            self._early.append(event)

    async def settled(self) -> bool:
        """Store everything; whether nothing is left that is only on the screen."""
        await caught_up(self.focused)
        return self._autosave is None or await self._autosave.settled()

    async def may_close(self) -> bool:
        """Whether nothing would be lost now. When something would, it is said; asked again, it may."""
        if await self.settled() or self._warned:
            return True
        self._warned = True
        self._say(words.STAYED)
        return False

    def before_closing(self) -> None:
        """The vault is about to close: store the last words. Raises Trouble."""
        if self._autosave is not None:
            self._autosave.close()

    def on_unmount(self) -> None:
        """However the screen ends, the words are stored, and nothing of them stays behind here."""
        with suppress(Trouble):
            self.before_closing()
        self._writer = self._autosave = None
        self._early = []

    # Writing

    async def on_field_widget_written(self, event: FieldWidget.Written) -> None:
        """Something was typed or chosen."""
        event.stop()
        if self._writer is not None:
            await self._changed(self._writer.write(event.place, event.typed))

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A field was left: what is typed next can be taken back by itself."""
        if self._writer is not None and self.is_attached:
            self._writer.pause()
            await self._draw()

    async def action_undo(self) -> None:
        """Take the last change back."""
        await caught_up(self.focused)
        if self._writer is not None:
            await self._turned(self._writer.undo(), "Taken back", words.NOTHING_TO_UNDO)

    async def action_redo(self) -> None:
        """Bring back what was taken back."""
        await caught_up(self.focused)
        if self._writer is not None:
            await self._turned(self._writer.redo(), "Brought back", words.NOTHING_TO_REDO)

    async def _turned(self, change: Change | None, done: str, nothing: str) -> None:
        if change is None or self._writer is None:
            self._say(nothing)
            return
        await self._changed(change)
        shown = [field for field in self._fields() if field.place in change.places]
        for field in shown[:1]:
            await self.query_one(PageView).focus_place(field.place)
        self._say(words.turned(done, shown[0] if shown else None))

    async def _changed(self, change: Change) -> None:
        if self._autosave is not None:
            self._autosave.changed()
        self._warned = False
        self._say(BEGIN)
        await self._draw()

    async def _draw(self) -> None:
        await self.query_one(PageView).show(self._fields())

    async def action_save(self) -> None:
        """Store it now, and say so."""
        if self._autosave is not None and await self.settled():
            self._say(words.ALL_SAVED)

    def _told(self, standing: Standing) -> None:
        if not self.query(SavedMark):
            return  # the screen is being taken away
        self.query_one(SavedMark).show(standing)
        self.query_one("#standing").set_class(standing.kept is Kept.FAILED, "-failed")
        if standing.apart is not None and standing.apart.number != self._number:
            self._number = standing.apart.number
            self._say(f"{words.sentence(standing.apart.message)} {words.sentence(standing.apart.hint)}")

    def _say(self, text: str) -> None:
        self.query_one("#said", Said).say(text)

    # Moving on

    async def action_field(self, by: int) -> None:
        """The next field, or the one before; round at either end, and the last one says what comes next."""
        view = self.query_one(PageView)
        to = view.neighbour(by)
        if to is not None:
            await view.focus_place(to)
        elif self._writer is not None:
            await view.focus_end_of(last=by < 0)
            self._say(LAST if by > 0 else BEGIN)

    async def action_keep(self) -> None:
        """Back to the list. What was typed stays as a draft; nothing typed leaves nothing behind."""
        if not await self.may_close():
            return
        writer = self._writer
        untouched = writer is not None and not (writer.can_undo or writer.can_redo)
        if writer is None:
            self.dismiss(None)
        elif untouched:
            self._abandon(self._number)
        else:
            self.dismiss(self._number)

    @work(thread=True, exclusive=True, group="open")
    def _abandon(self, number: int) -> None:
        gone = False
        with suppress(Trouble):
            gone = self._desk.writing.abandon(number)
        self.app.call_from_thread(self.dismiss, None if gone else number)

    async def action_more(self) -> None:
        """Go on in the full form, at the field one is in."""
        place = self.query_one(PageView).place
        if self._writer is not None and await self.settled():
            self.app.switch_screen(FormScreen(self._desk, self._number, place=place))

    async def action_review(self) -> None:
        """What will be sent, and what is missing."""
        if self._writer is not None and await self.settled():
            self.app.push_screen(ReviewScreen(self._desk, self._number), self._reviewed)

    def _reviewed(self, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        if outcome.finished:
            self.dismiss(self._number)
        elif outcome.place is not None:
            self.app.switch_screen(FormScreen(self._desk, self._number, place=outcome.place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before there is a draft one can only leave."""
        return self._ready or action == "keep"

    # Showing

    def _fields(self) -> tuple[Field, ...]:
        if self._writer is None:
            return ()
        there = (self._writer.field((name,)) for name in ASKED)
        return tuple(_calm(field) for field in there if field is not None)

    def _options(self, place: Path, typed: str) -> Sequence[Option]:
        return () if self._writer is None else self._writer.options(place, typed)

    def _meaning(self, place: Path, typed: str) -> str:
        return "" if self._writer is None else self._writer.meaning(place, typed)


def _calm(field: Field) -> Field:
    """What is not filled in yet is no problem here: a draft may have as many holes as it likes."""
    hint = HINTS.get(field.question.name, field.hint)
    empty = field.value is None and not field.typed
    return replace(field, hint=hint, problem="" if empty else field.problem, tip="" if empty else field.tip)
