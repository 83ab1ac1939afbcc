"""The form: where a report is written."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import ClassVar

from textual.binding import BindingType

from fieldkit.forms.views import Change
from fieldkit.model.values import Path
from fieldkit.tui import form_words as words
from fieldkit.tui import keymap
from fieldkit.tui.form_panes import FormPanes
from fieldkit.tui.form_place import Where, list_changed, page_names, where_is
from fieldkit.tui.messages import DraftOpened
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart, OpenDraft
from fieldkit.tui.screens.drafting import Turn
from fieldkit.tui.screens.review import Outcome, ReviewScreen
from fieldkit.tui.widgets.cards import Cards


class FormScreen(FormPanes):
    """The outline at the side, one page, and at the bottom whether it is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.ITEM_ADD,
        keymap.REVIEW,
        keymap.SHEET_ON,
        keymap.SHEET_BACK,
        keymap.PROBLEM_ON,
        keymap.PROBLEM_BACK,
        keymap.PANES,
        keymap.SAVE,
        keymap.UNDO,
        keymap.REDO,
        keymap.FIELD_ON,
        keymap.FIELD_BACK,
        keymap.LEAVE_FORM,
    ]

    def __init__(self, desk: Desk, number: int, *, place: Path | None = None) -> None:
        super().__init__(desk, number)
        self._place = place
        self._follows = False
        self._page_names: dict[str, str] = {}

    # Opening and closing

    @property
    def is_open(self) -> bool:
        """Whether a draft is there and its first page shows."""
        return self._where.page != ""

    def on_mount(self) -> None:
        """Ask for the draft."""
        self.open_draft()

    def ask_draft(self) -> OpenDraft:
        """That of the report; a finished one gets a new one."""
        return self._desk.writing.open(self._number)

    async def on_draft_opened(self, event: DraftOpened) -> None:
        """Show the page that was asked for, or the first one."""
        writer, self._follows = self.take(event.draft), event.draft.follows
        self._page_names = page_names(writer.form)
        pages = writer.pages()
        if self._follows:
            self._notice = words.NEXT_VERSION
        if self._place is not None:
            await self._go(where_is(self._page_names, self._place), self._place)
        elif pages:
            await self._go(Where(page=pages[0].name))

    def on_unmount(self) -> None:
        """Nothing of the report stays behind."""
        self._told_pages = None

    # Writing

    def say_changed(self, change: Change) -> None:
        """What was done, where that is not to be seen."""
        self.say(words.done(change))

    async def on_cards_wanted(self, event: Cards.Wanted) -> None:
        """Something is to be done with an item."""
        event.stop()
        writer, repeat, index = self._writer, self._where.page, event.index
        if writer is None:
            return
        if event.act == "open":
            await self._go(Where(page=repeat, item=index))
        elif event.act == "add":
            await self.action_add()
        elif event.act == "keys":
            self.say(words.CARD_KEYS)
        elif event.act == "copy":
            await self.changed(writer.duplicate(repeat, index))
            self.query_one(Cards).put_cursor(index + 1)
        elif event.act == "remove":
            await self.changed(writer.delete(repeat, index))
        else:
            to = index - 1 if event.act == "up" else index + 1
            await self.changed(writer.move(repeat, index, to))
            self.query_one(Cards).put_cursor(max(0, min(to, len(writer.cards(repeat)) - 1)))

    async def action_add(self) -> None:
        """One more item, open to be filled in."""
        await self.arrived()
        if self._writer is not None:
            repeat, before = self._where.page, len(self._writer.cards(self._where.page))
            change = self._writer.add(repeat)
            self._asking = False
            await self.changed(change)
            if len(self._writer.cards(repeat)) > before:
                await self._go(Where(page=repeat, item=before), self._first_empty(repeat, before))
                self.say(words.done(change))

    def _first_empty(self, repeat: str, item: int) -> Path | None:
        """Where a person begins in a new item: its code is there already."""
        fields = () if self._writer is None else self._writer.fields(repeat, item)
        return next((field.place for field in fields if field.value is None), None)

    async def show_turned(self, turn: Turn, done: str, nothing: str) -> None:
        """Undo or redo, and show what has changed: the field, or the list whose items came, went or moved."""
        writer = self._writer
        before = () if writer is None else writer.pages()
        change = turn()
        if change is None or writer is None:
            self.say(nothing)
            return
        listed = list_changed(before, writer.pages(), change.places)
        place = self._seen_at(change.places)
        await self.changed(change)
        if listed is not None:
            await self._go(Where(page=listed.page), at=listed.item)
        elif place is not None:
            await self._go(where_is(self._page_names, place), place)
        field = writer.field(place) if place is not None and listed is None else None
        self.say(words.turned(done, field or self._page_open()))

    def _seen_at(self, places: frozenset[Path]) -> Path | None:
        """One of some places that is asked for now, rather one of the open page."""
        writer = self._writer
        asked = [place for place in places if writer is not None and writer.field(place) is not None]
        asked.sort(key=lambda place: (where_is(self._page_names, place) != self._where, str(place)))
        return asked[0] if asked else None

    def say_apart(self, apart: KeptApart) -> None:
        """It goes on standing there."""
        self._draw_lines(self._pages(), self._cards())
        self._notice = " ".join(words.sentence(part) for part in (apart.message, apart.hint) if part)
        self.say("")

    # Leaving, and looking for what is left to do

    async def action_leave(self) -> None:
        """Out of an item to its list; from a page to where one came from, after everything is saved."""
        await self.arrived()
        if self.has_class("-narrow") and self.has_class("-outline"):
            await self.action_panes()
        elif self._where.item is not None:
            await self._go(Where(page=self._where.page), at=self._where.item)
        elif await self.may_close():
            # Of a finished report in which nothing was changed, no draft is left.
            await self._without_a_trace()
            self.dismiss()

    async def _without_a_trace(self) -> None:
        if not self._follows or not await self.settled():
            return
        with suppress(Trouble):
            await asyncio.to_thread(self._desk.writing.abandon, self._number)

    async def action_problem(self, back: bool) -> None:
        """To the very field of the next problem, wherever it is."""
        await self.arrived()
        writer = self._writer
        if writer is None:
            return
        self._asking = True
        to = writer.next_problem(self._here(), back)
        if to is None:
            self.say(words.NO_PROBLEM)
            return
        await self._go(where_is(self._page_names, to), to)
        self.say(words.problem_words(writer.problems(), to))

    async def action_review(self) -> None:
        """What will be sent and what is missing; only what is stored is looked over."""
        if self._writer is None:
            return
        self._asking = True
        if await self.settled():
            self.app.push_screen(ReviewScreen(self._desk, self._number), self._reviewed)
        else:
            self.say(words.NOT_REVIEWED)

    async def _reviewed(self, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.finished:
            self.dismiss()
        elif outcome is not None and outcome.place is not None:
            await self._go(where_is(self._page_names, outcome.place), outcome.place)
        else:
            await self.draw()
