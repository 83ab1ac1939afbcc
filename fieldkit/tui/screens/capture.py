"""Quick capture: what, when, where, and the account. For somebody who has fifteen seconds."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from fieldkit.forms.views import Change, Field
from fieldkit.tui import form_words as words
from fieldkit.tui import keymap
from fieldkit.tui.early_words import EarlyWords
from fieldkit.tui.messages import DraftOpened, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart, OpenDraft
from fieldkit.tui.screens.drafting import DraftScreen, Turn
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.review import Outcome, ReviewScreen
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.page import PageView
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.saved_mark import SavedMark

ASKED = ("title", "start", "gov", "town", "narrative")
"""Questions of the built-in form that are asked here, in this order; all others wait for the full form."""

HINTS = {"start": "today 17:30, yesterday, 3 Aug 2026, about May 2026"}
"""Shorter than the form's own."""

TITLE = "New report · a draft on this laptop; nothing is sent until you finish it"
OPENING = "Making a draft…"
BEGIN = "Esc keeps the draft; F6 asks the rest, with the kind of event."
LAST = "This is the last one here. Esc keeps it as a draft; F6 asks the rest; F9 finishes."
FIRST = "This is the first one. Tab goes on; Esc keeps it as a draft."
LEAVING = "The draft is being made; what you typed goes into it, then the list comes back."
NOT_KEPT = "What you typed just now is not kept."

ROUNDS = 100
"""Looks at what still waits before typing begins: more come only from a key that is held down."""


class CaptureScreen(DraftScreen[int | None]):
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
        super().__init__(desk, 0)
        self._early = EarlyWords()
        self._ready = self._refused = False
        self._begun = threading.Lock()
        self._left = False
        self._made: int | None = None
        """The draft that was made, and whether somebody has left before: told under the lock."""

    def compose(self) -> ComposeResult:
        """One column."""
        yield HeaderLine()
        yield Said(id="title")
        yield PageView(self.options, self.meaning)
        with Horizontal(id="standing"):
            yield SavedMark()
            yield Said(id="said")
        yield KeyBar()

    # Opening and closing

    def on_mount(self) -> None:
        """Ask for a draft: what is typed has somewhere to go from the first letter on."""
        self.query_one("#title", Said).say(TITLE)
        self.say(OPENING)
        self.open_draft()

    def ask_draft(self) -> OpenDraft:
        """A new one; nothing is left of it where somebody went away meanwhile."""
        draft = self._desk.writing.begin()
        with self._begun:
            self._made, left = draft.number, self._left
        if left:
            self._desk.writing.abandon(draft.number)
        return draft

    def on_refused(self, event: Refused) -> None:
        """There is nothing that typed letters could wait for: say that they are gone."""
        typed = bool(self._early)
        self._early.forget()
        self._refused = True
        self.say(f"{event.said} {NOT_KEPT}" if typed else event.said)

    async def on_draft_opened(self, event: DraftOpened) -> None:
        """Show the fields."""
        self.take(event.draft)
        self.query_one("#title", Said).say(f"{self._number:04d} {TITLE}")
        self.say(BEGIN)
        view = self.query_one(PageView)
        await view.begin(self._fields())
        self.call_later(self._begin_typing)

    async def _begin_typing(self, again: int = ROUNDS) -> None:
        """To the first field, with all that was typed before. Keys that wait here already come first."""
        if self.message_queue_size and again:
            self.call_later(self._begin_typing, again - 1)
            return
        await self.query_one(PageView).focus_end_of()
        self._ready = True
        await self._early.give(self, self.action_field)

    def on_key(self, event: events.Key) -> None:
        """What is typed before there is a field waits for it, and for the focus."""
        if not (self._ready or self._refused):
            self._early.hold(event)
            if event.key == "escape" and self._early:
                self.say(LEAVING)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted waits likewise."""
        if not (self._ready or self._refused):
            self._early.hold(event)

    def on_unmount(self) -> None:
        """Nothing of what was typed stays behind."""
        self._early.forget()

    # Writing

    async def show_turned(self, turn: Turn, done: str, nothing: str) -> None:
        """Undo or redo, and go to the field."""
        change = turn()
        if change is None:
            self.say(nothing)
            return
        await self.changed(change)
        shown = [field for field in self._fields() if field.place in change.places]
        for field in shown[:1]:
            await self.query_one(PageView).focus_place(field.place)
        self.say(words.turned(done, shown[0] if shown else None))

    def say_changed(self, change: Change) -> None:
        """How to go on from here."""
        self.say(BEGIN)

    def say_apart(self, apart: KeptApart) -> None:
        """It is said once: the number in the title is the new one."""
        self.say(f"{words.sentence(apart.message)} {words.sentence(apart.hint)}")

    async def draw(self) -> None:
        """The fields as they stand."""
        await self.query_one(PageView).show(self._fields())

    # Moving on

    async def action_field(self, by: int) -> None:
        """The next field, or the one before. At either end one stays, and it says what can be done there."""
        view = self.query_one(PageView)
        to = view.neighbour(by)
        if to is not None:
            await view.focus_place(to)
            self.say(BEGIN)
        elif self._writer is not None:
            self.say(LAST if by > 0 else FIRST)

    async def action_keep(self) -> None:
        """Back to the list. What was typed stays as a draft; nothing typed leaves nothing behind."""
        if not await self.may_close():
            return
        writer = self._writer
        untouched = writer is not None and not (writer.can_undo or writer.can_redo)
        if writer is None:
            self._leave_before()
        elif untouched:
            self._abandon(self._number)
        else:
            self.dismiss(self._number)

    def _leave_before(self) -> None:
        """Nothing was typed, and the draft is not there yet, or came this moment: nothing is left of it."""
        with self._begun:
            self._left, made = True, self._made
        if made is None:
            self.dismiss(None)
        else:
            self._abandon(made)

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


def _calm(field: Field) -> Field:
    """What is not filled in yet is no problem here: a draft may have as many holes as it likes."""
    hint = HINTS.get(field.question.name, field.hint)
    empty = field.value is None and not field.typed
    return replace(field, hint=hint, problem="" if empty else field.problem, tip="" if empty else field.tip)
