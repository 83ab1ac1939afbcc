"""The list of reports."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from fieldkit.model.text import sentence
from fieldkit.tui import keymap, list_words
from fieldkit.tui.early_keys import EarlyKeys
from fieldkit.tui.list_preview import REST_SECONDS, PreviewsReports
from fieldkit.tui.messages import (
    Begun,
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
from fieldkit.tui.ports.reports import Cursor, Line, Page
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.widgets.find_field import FindField
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.preview import Preview
from fieldkit.tui.widgets.record_list import EMPTY, NOTHING_FOUND, RecordList
from fieldkit.tui.widgets.said import Said

PAGE_LINES = 100
"""Lines of a page: several screens, and still read within a frame."""

BACK_LINES = 1_000
"""Lines among which a report that was found is looked for when the search is left."""

STILL = "The list still shows what was found before"
"""Said with a search that cannot be understood."""

SELECTED_WORDS = "selected. x discards, w withdraws, u marks as urgent; Esc selects none."


class RecordsScreen(PreviewsReports):
    """What is always visible, the list, the report under the cursor where there is room, the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.NEW,
        keymap.FIND,
        keymap.FILTERS,
        keymap.LIST_SYNC,
        keymap.LIST_PULL,
        keymap.FOUND,
        keymap.LOCK,
        keymap.QUIT,
    ]
    ALLOW_SELECT = False
    CSS = """
    RecordsScreen RecordList { width: 3fr; }
    RecordsScreen.-beside RecordList { min-width: 80; }
    RecordsScreen #said { height: auto; max-height: 4; display: none; padding: 0 1; }
    RecordsScreen #said.-trouble { color: $error; }
    """

    def __init__(self, desk: Desk, clock: Callable[[], int]) -> None:
        super().__init__()
        self._desk = desk
        self._clock = clock
        self._query = ""
        self._typing: Timer | None = None
        self._coordinates = False
        self._shown_before = False
        self._newest = 0
        self._began = False
        self._passing = False
        self._back_to: Line | None = None
        self._early = EarlyKeys()
        self._awaited: set[type[Message]] = {PageRead, RoleKnown}

    def compose(self) -> ComposeResult:
        """One column, and from 110 cells on a second one."""
        yield HeaderLine()
        yield FindField()
        with Horizontal():
            yield RecordList(self._look_away)
            yield Preview()
        yield Said(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for what is shown first."""
        self._summarise()
        self._fetch(None, "")
        self.query_one(RecordList).focus()

    def on_key(self, event: events.Key) -> None:
        """Most keys act on a report of the list, or hang on who one is."""
        self._early.hold(event)

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._query = ""

    def on_summarised(self, event: Summarised) -> None:
        """Show what is always visible; the line above the screen takes its part from the same message."""
        if event.summary.alarm:
            self._warn(f"{event.summary.alarm}.")

    def on_screen_resume(self) -> None:
        """Another screen was left: what it changed shows."""
        if self._shown_before:
            self.reread()
        self._shown_before = True

    def reread(self) -> None:
        """Show what is there now; cursor and selection stay with their reports."""
        self._summarise()
        self._renew(self._query, self.query_one(RecordList).cursor + PAGE_LINES)

    def meant(self) -> tuple[Line, ...]:
        """The selected reports, or the one under the cursor."""
        return self.query_one(RecordList).meant

    def one_meant(self) -> Line | None:
        """The one under the cursor."""
        return self.query_one(RecordList).here

    def say(self, words: str, *, trouble: bool = False, stays: bool = False) -> None:
        """A line below the list. Of what was done it speaks until the cursor or the screen moves on: what
        stays longer is taken for the present. What went wrong stays.
        """
        self._passing = bool(words) and not trouble and not stays
        place = self.query_one("#said", Said)
        place.set_class(trouble, "-trouble")
        place.say(words)
        place.display = bool(words)

    def on_record_list_selected(self) -> None:
        """Say how many, and what can be done with them."""
        count = len(self.query_one(RecordList).selected)
        self.say(f"{count} {SELECTED_WORDS}" if count else "", stays=True)

    def on_screen_suspend(self) -> None:
        """Another screen is shown."""
        self._pass()

    def _look_away(self) -> None:
        self._pass()
        self.show_none()

    def _pass(self) -> None:
        if self._passing:
            self.say("")

    def action_new(self) -> None:
        """Write a new report; coming back, the cursor is on it."""
        from fieldkit.tui.screens.capture import CaptureScreen  # not before it is needed

        self._began = True
        self.app.push_screen(CaptureScreen(self._desk))

    def action_filters(self) -> None:
        """Choose a filter by name, or give the present one a name."""
        from fieldkit.tui.screens.filters import FiltersScreen

        self.app.push_screen(FiltersScreen(self._desk, self._query), self._filtered)

    def _filtered(self, query: str | None) -> None:
        if query is not None:
            field = self.query_one(FindField)
            field.value = query
            field.display = bool(query)
            self._look_for(query)

    def on_link_moved(self, event: LinkMoved) -> None:
        """Show how far reports have come, as it happens; the cursor stays with its report."""
        if event.changed:
            self.reread()

    def on_page_renewed(self, event: PageRenewed) -> None:
        """What is listed, as it stands now."""
        if event.query == self._query:
            view = self.query_one(RecordList)
            view.renew(event.page)
            before, self._newest = self._newest, _newest(event.page)
            came = sum(line.number > before and not line.own for line in event.page.lines)
            if self._began and self._newest > before:
                view.action_first()
            elif came and view.scroll_offset.y:
                self.say(f"{list_words.reports(came, 'new report')} above. Home goes there.")
            self._began = False

    def on_role_known(self, event: RoleKnown) -> None:
        """Offer to pull, or not."""
        self._come(RoleKnown)
        if event.coordinates != self._coordinates:
            self._coordinates = event.coordinates
            self.refresh_bindings()

    def _come(self, *kinds: type[Message]) -> None:
        """What is shown first is there; once all of it is, keys act."""
        self._awaited.difference_update(kinds)
        if not self._awaited:
            self._early.give(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only coordinators pull; in the field a slash is a letter."""
        if action == "find":
            return not isinstance(self.focused, FindField)
        return action != "pull" or self._coordinates

    async def action_pull(self) -> None:
        """Fetch what others wrote, and show how that goes."""
        self._desk.link.begin(pull=True)
        await self.run_action("app.sync")

    def on_page_read(self, event: PageRead) -> None:
        """Hand a page to the list, unless something else was asked for since."""
        if event.query != self._query:
            return
        self.say("")
        view = self.query_one(RecordList)
        if event.first:
            self._newest = _newest(event.page)
            back, self._back_to = self._back_to, None
            empty = NOTHING_FOUND if event.query else EMPTY
            view.begin(event.page, empty=empty, at=None if back is None else back.number)
        else:
            view.show(event.page)
        self._come(PageRead)

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
        self.set_focus(field)  # at once: letters may wait behind this key

    def action_leave_search(self) -> None:
        """Select nothing; when nothing was selected, show all reports again."""
        view = self.query_one(RecordList)
        if view.selected and view.has_focus:
            view.select_none()
            return
        field = self.query_one(FindField)
        field.value = ""
        field.display = False
        view.focus()
        self._back_to = view.here
        self._look_for("")

    def _look_for(self, text: str) -> None:
        if self._typing is not None:
            self._typing.stop()
        if text.strip() != self._query:
            self._query = text.strip()
            back = self._back_to is not None and not self._query
            self._fetch(None, self._query, BACK_LINES if back else PAGE_LINES)

    def on_chosen(self, event: Chosen) -> None:
        """Open a report; from there one goes on through this list."""
        self.app.push_screen(RecordScreen(self._desk, event.number, beside=self._go_beside))

    def _go_beside(self, number: int, step: int) -> int | None:
        """Go from a report to one before or behind it in the list; its number, None at the end."""
        return self.query_one(RecordList).go_beside(number, step)

    def on_begun(self, event: Begun) -> None:
        """Coming back, the cursor is on it."""
        self._began = True

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self._warn(event.said)
        self._come(PageRead, RoleKnown)

    def _warn(self, words: str) -> None:
        self.say(words, trouble=True)

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
            page = self._desk.reports.page(None, count, query)
            self.post_message(PageRenewed(page, query=query))

    @work(thread=True, exclusive=True, group="page")
    def _fetch(self, after: Cursor | None, query: str, lines: int = PAGE_LINES) -> None:
        try:
            page = self._desk.reports.page(after, lines, query)
            self.post_message(PageRead(page, query=query, first=after is None))
        except Trouble as trouble:
            hint = f"{sentence(trouble.hint)} {STILL}" if query else trouble.hint
            self.post_message(Refused(trouble.message, hint))


def _newest(page: Page) -> int:
    """The number of the report that was begun last, where it stands on top."""
    return page.lines[0].number if page.lines else 0
