"""The list of reports."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import (
    Chosen,
    LinkMoved,
    PageRead,
    PageRenewed,
    PageWanted,
    Refused,
    RoleKnown,
    Summarised,
)
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import Cursor
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.widgets.find_field import FindField
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.record_list import EMPTY, NOTHING_FOUND, RecordList

PAGE_LINES = 200
"""Lines of a page: several screens, and still read within a frame."""

REST_SECONDS = 0.15
"""Between two keys of somebody who types; a search waits for the pause."""


class RecordsScreen(Screen[None]):
    """What is always visible, the list, the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.FIND,
        keymap.LIST_SYNC,
        keymap.LIST_PULL,
        keymap.FOUND,
        keymap.LOCK,
        keymap.QUIT,
    ]
    ALLOW_SELECT = False
    CSS = """
    RecordsScreen #trouble { height: auto; display: none; color: $error; }
    """

    def __init__(self, desk: Desk, clock: Callable[[], int]) -> None:
        super().__init__()
        self._desk = desk
        self._clock = clock
        self._query = ""
        self._typing: Timer | None = None
        self._coordinates = False

    def compose(self) -> ComposeResult:
        """One column."""
        yield HeaderLine()
        yield FindField()
        yield RecordList()
        yield Static("", id="trouble", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for what is shown first."""
        self._summarise()
        self._fetch(None, "")
        self.query_one(RecordList).focus()

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._query = ""

    def on_summarised(self, event: Summarised) -> None:
        """Show what is always visible; the line above the screen takes its part from the same message."""
        if event.summary.alarm:
            self._warn(f"{event.summary.alarm}.")

    def on_link_moved(self, event: LinkMoved) -> None:
        """Show how far reports have come, as it happens; the cursor stays with its report."""
        if event.changed:
            self._summarise()
            self._renew(self._query, self.query_one(RecordList).count)

    def on_page_renewed(self, event: PageRenewed) -> None:
        """What is listed, as it stands now."""
        if event.query == self._query:
            self.query_one(RecordList).renew(event.page)

    def on_role_known(self, event: RoleKnown) -> None:
        """Offer to pull, or not."""
        if event.coordinates != self._coordinates:
            self._coordinates = event.coordinates
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only coordinators pull."""
        return action != "pull" or self._coordinates

    async def action_pull(self) -> None:
        """Fetch what others wrote, and show how that goes."""
        self._desk.link.begin(pull=True)
        await self.run_action("app.sync")

    def on_page_read(self, event: PageRead) -> None:
        """Hand a page to the list, unless something else was asked for since."""
        if event.query != self._query:
            return
        self.query_one("#trouble", Static).display = False
        view = self.query_one(RecordList)
        if event.first:
            view.begin(event.page, empty=NOTHING_FOUND if event.query else EMPTY)
        else:
            view.show(event.page)

    def on_page_wanted(self, event: PageWanted) -> None:
        """Fetch the page the list will need."""
        self._fetch(event.after, self._query)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed once the fingers rest; till then the list stays as it is."""
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(REST_SECONDS, lambda: self._look_for(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to what was found."""
        self._look_for(event.value)
        self.query_one(RecordList).focus()

    def action_find(self) -> None:
        """Ask what to look for."""
        field = self.query_one(FindField)
        field.display = True
        field.focus()

    def action_leave_search(self) -> None:
        """Show all reports again."""
        field = self.query_one(FindField)
        field.value = ""
        field.display = False
        self.query_one(RecordList).focus()
        self._look_for("")

    def _look_for(self, text: str) -> None:
        if self._typing is not None:
            self._typing.stop()
        if text.strip() != self._query:
            self._query = text.strip()
            self._fetch(None, self._query)

    def on_chosen(self, event: Chosen) -> None:
        """Open a report."""
        self.app.push_screen(RecordScreen(self._desk, event.number))

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self._warn(f"{event.message}. {event.hint}")

    def _warn(self, words: str) -> None:
        place = self.query_one("#trouble", Static)
        place.update(clean(f" {words}"))
        place.display = True

    @work(thread=True, exclusive=True, group="summary")
    def _summarise(self) -> None:
        try:
            self.post_message(Summarised(self._desk.reports.summary()))
            self.post_message(RoleKnown(self._desk.link.coordinates()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    @work(thread=True, exclusive=True, group="renew")
    def _renew(self, query: str, count: int) -> None:
        with suppress(Trouble):  # what is listed stays as it was
            page = self._desk.reports.page(None, max(PAGE_LINES, count), query)
            self.post_message(PageRenewed(page, query=query))

    @work(thread=True, exclusive=True, group="page")
    def _fetch(self, after: Cursor | None, query: str) -> None:
        try:
            page = self._desk.reports.page(after, PAGE_LINES, query)
            self.post_message(PageRead(page, query=query, first=after is None))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
