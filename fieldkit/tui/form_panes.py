"""Two panes: the outline of a form, and one page of it; and how one moves between them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from fieldkit.forms.problems import Fault
from fieldkit.forms.views import Card, Field, Mark, Page
from fieldkit.model.values import Path
from fieldkit.tui import form_words as words
from fieldkit.tui.form_place import Where, beside, index_of, still_there
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.screens.drafting import DraftScreen
from fieldkit.tui.widgets.cards import Cards
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.outline import Outline
from fieldkit.tui.widgets.page import PageView
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.saved_mark import SavedMark

LEAST_WIDTH_FOR_BOTH = 64
"""Cells from which the outline stands beside the page; below, F6 shows it in its place."""


NO_PAGE = Page(
    name="",
    label="",
    hint="",
    repeat=False,
    mark=Mark.EMPTY,
    answered=0,
    asked=0,
    required=0,
    required_left=0,
    items=0,
)
"""Stands for the open page while there is none."""


class FormPanes(DraftScreen[None]):
    """Shows what a writer says, and where in the form one is."""

    DEFAULT_CSS = """
    FormPanes {
        & #title { height: 1; padding: 0 1; text-style: bold; }
        & #panes { height: 1fr; }
        & #page { width: 1fr; }
        & #page-title { height: 1; padding: 0 1; text-style: bold; }
        & #page-title { text-wrap: nowrap; text-overflow: ellipsis; }
        & #page-hint { height: auto; padding: 0 1; color: $text-muted; }
        & #standing { height: auto; max-height: 5; }
        & #standing.-failed { layout: vertical; }
        & #said { width: 1fr; height: auto; max-height: 3; padding: 0 1; }
        & PageView { height: 1fr; }
        & Cards { display: none; }
        &.-cards Cards { display: block; }
        &.-cards PageView { display: none; }
        &.-narrow Outline { display: none; }
        &.-narrow.-outline Outline { display: block; width: 1fr; }
        &.-narrow.-outline #page { display: none; }
    }
    """

    def __init__(self, desk: Desk, number: int) -> None:
        super().__init__(desk, number)
        self._where = Where(page="")
        self._told_pages: tuple[int, tuple[Page, ...]] | None = None
        self._notice = ""
        """Stands whenever there is nothing newer to say: it must not be missed."""
        self._asking = False
        """Whether what is missing is told beside the fields: not before somebody asks."""
        self._drawing = asyncio.Lock()
        """Keys that come first act beside the screen's own messages; only one of them may draw."""

    def compose(self) -> ComposeResult:
        """What it is, where one is, the page, whether it is saved."""
        yield HeaderLine()
        yield Said(id="title", fixed=True)
        with Horizontal(id="panes"):
            yield Outline()
            with Vertical(id="page"):
                yield Said(id="page-title", fixed=True)
                yield Said(id="page-hint")
                yield Cards()
                yield PageView(self.options, self.meaning)
        with Horizontal(id="standing"):
            yield SavedMark()
            yield Said(id="said")
        yield KeyBar()

    def say(self, text: str) -> None:
        """One line for a person; what must not be missed where there is nothing newer."""
        super().say(text or self._notice)

    # Moving

    async def action_page(self, by: int) -> None:
        """The next page, or the one before; within a repeat the next item."""
        await self.arrived()
        if self._writer is None:
            return
        to = beside(self._pages(), self._where, by)
        if to is None:
            self.say(words.LAST_PAGE if by > 0 else words.FIRST_PAGE)
        else:
            await self._go(to)

    async def action_field(self, by: int) -> None:
        """The next field, or the one before; behind the last one of a page, the next page."""
        if self._writer is None:
            return
        view = self.query_one(PageView)
        to = view.neighbour(by)
        if to is not None:
            await view.focus_place(to)
        elif isinstance(self.focused, Outline):
            await self._focus_page()
        else:
            there = beside(self._pages(), self._where, by)
            if there is None:
                self.say(words.LAST_PAGE if by > 0 else words.FIRST_PAGE)
            else:
                await self._go(there, last=by < 0)

    async def action_panes(self) -> None:
        """To the outline, and back to the page."""
        outline = self.query_one(Outline)
        if self.focused is outline:
            self.remove_class("-outline")
            await self._focus_page()
        else:
            self.add_class("-outline")
            outline.focus()

    async def on_outline_picked(self, event: Outline.Picked) -> None:
        """A page was chosen."""
        event.stop()
        await self._go(Where(page=event.page))

    def on_resize(self, event: events.Resize) -> None:
        """Where there is no room for both, the outline or the page."""
        self.set_class(event.size.width < LEAST_WIDTH_FOR_BOTH, "-narrow")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Items are added only where there are items."""
        return action != "add" or self._page_open().repeat

    def _here(self) -> Path | None:
        """The place one is at: a field, or an item of a list."""
        place = self.query_one(PageView).place
        if place is None and self.has_class("-cards"):
            place = (self._where.page, self.query_one(Cards).cursor, "")
        return place

    def _pages(self) -> tuple[Page, ...]:
        """The pages as they stand, told once for each change: a form may have a thousand questions."""
        writer = self._writer
        if writer is None:
            return ()
        if self._told_pages is None or self._told_pages[0] != writer.stamp:
            self._told_pages = (writer.stamp, writer.pages())
        return self._told_pages[1]

    def _page_open(self) -> Page:
        pages = self._pages()
        at = index_of(pages, self._where.page)
        return NO_PAGE if at is None else pages[at]

    # Showing

    async def _go(
        self, where: Where, place: Path | None = None, *, last: bool = False, at: int | None = None
    ) -> None:
        """Show a page or an item, and put the focus where it belongs: on a place, else on the first field."""
        writer = self._writer
        if writer is None:
            return
        async with self._drawing:
            moved, self._where = where != self._where, where
            self.say("")
            self.remove_class("-outline")
            if moved and not self._lists_items():
                fields = self._fields()
                await self.query_one(PageView).begin(fields, place)
            elif moved:
                await self.query_one(PageView).begin(())
        await self.draw()
        if at is not None:
            self.query_one(Cards).put_cursor(at)
        await self._focus_page(place, last=last)
        self.refresh_bindings()

    async def _focus_page(self, place: Path | None = None, *, last: bool = False) -> None:
        if self._lists_items():
            self.query_one(Cards).focus()
            return
        view = self.query_one(PageView)
        if place is None or not await view.focus_place(place):
            await view.focus_end_of(last=last)

    async def draw(self) -> None:
        """Everything as it stands now."""
        writer = self._writer
        if writer is None:
            return
        async with self._drawing:
            pages = self._pages()
            self._where = still_there(pages, self._where)
            where, cards = self._where, self._cards()
            self.query_one(Outline).show(pages, where.page)
            self._draw_lines(pages, cards)
            self.set_class(self._lists_items(), "-cards")
            if self._lists_items():
                self.query_one(Cards).show(cards)
            else:
                await self.query_one(PageView).show(self._fields())

    def _draw_lines(self, pages: Sequence[Page], cards: Sequence[Card]) -> None:
        writer = self._writer
        if writer is None:
            return
        title = writer.field(("title",))
        wrong = sum(problem.fault is not Fault.MISSING for problem in writer.problems())
        left = sum(page.required_left for page in pages)
        progress = words.progress_words(left, sum(page.required for page in pages), wrong)
        line = words.title_line(self._number, title.typed if title else "", progress, self.size.width - 2)
        self.query_one("#title", Said).say(line)
        self.query_one("#page-title", Said).say(words.page_words(pages, self._where, cards))
        hint = self.query_one("#page-hint", Said)
        hint.say(words.hint_words(pages, self._where))
        hint.display = bool(hint.words)

    def _lists_items(self) -> bool:
        return self._where.item is None and self._page_open().repeat

    def _cards(self) -> tuple[Card, ...]:
        return () if self._writer is None else self._writer.cards(self._where.page)

    def _fields(self) -> tuple[Field, ...]:
        if self._writer is None:
            return ()
        fields = self._writer.fields(self._where.page, self._where.item)
        return fields if self._asking else tuple(map(_calm, fields))


def _calm(field: Field) -> Field:
    """A field that is only not filled in yet is no problem until somebody asks what is missing."""
    waits = field.required and field.value is None and not field.typed
    return replace(field, problem="", tip="") if waits and field.problem else field
