"""Filters with a name: choose one, keep the present one, forget one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.cells import fitted
from fieldkit.tui.messages import FiltersRead, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import NamedFilter
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.line_list import LineList
from fieldkit.tui.widgets.said import Said

NAME_CELLS = 24
ALL = NamedFilter(name="All reports", query="", own=False)
NAME = "a name for it, such as: arrests in Aleppo"
NOTHING_TYPED = "There is no search to keep: go back, press / and type what to look for."
ALWAYS = "This one is always there."


class FilterLines(LineList):
    """A name and its query a line."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.LINE_OPEN, keymap.LINE_UP, keymap.LINE_DOWN]
    DEFAULT_CSS = "FilterLines { height: 1fr; }"

    def __init__(self, choose: Callable[[NamedFilter], None]) -> None:
        super().__init__()
        self._choose = choose
        self._filters: tuple[NamedFilter, ...] = ()

    @property
    def here(self) -> NamedFilter | None:
        """The filter under the cursor."""
        return self._filters[self.cursor] if self._filters else None

    def show(self, filters: tuple[NamedFilter, ...]) -> None:
        """Show these."""
        self._filters = filters
        self.draw()
        self.refresh()

    def make_lines(self, width: int) -> Sequence[str]:
        """Name and query."""
        return [
            fitted(f" {fitted(clean(one.name, one_line=True), NAME_CELLS)}  {clean(one.query)}", width)
            for one in self._filters
        ]

    def choose(self, index: int) -> None:
        """A line was chosen."""
        self._choose(self._filters[index])

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._filters = ()


class FiltersScreen(ModalScreen[str | None]):
    """Answers with the query to look for, or None when nothing is to change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.FILTER_KEEP,
        keymap.FILTER_DROP,
        keymap.FILTER_LEAVE,
    ]
    ALLOW_SELECT = False
    CSS = """
    FiltersScreen { background: $background; }
    FiltersScreen #title { text-style: bold; padding: 0 1; height: 1; }
    FiltersScreen #said { height: auto; padding: 0 1; }
    """

    def __init__(self, desk: Desk, query: str) -> None:
        super().__init__()
        self._desk = desk
        self._query = query

    def compose(self) -> ComposeResult:
        """The names, a line of talk, the keys."""
        yield HeaderLine()
        yield Said(id="title")
        yield FilterLines(self._chosen)
        yield Said(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for them."""
        self.query_one("#title", Said).say("Filters")
        self.query_one(FilterLines).focus()
        self._read()

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._query = ""

    def on_filters_read(self, event: FiltersRead) -> None:
        """Show them."""
        self.query_one(FilterLines).show((ALL, *event.filters))

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self._say(event.said)

    def _chosen(self, one: NamedFilter) -> None:
        self.dismiss(one.query)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def action_keep(self) -> None:
        """Give the present search a name."""
        from fieldkit.tui.screens.ask import AskScreen

        if not self._query:
            self._say(NOTHING_TYPED)
            return

        def named(name: str | None) -> None:
            if name is not None:
                self._change(lambda: self._desk.reports.keep_filter(name, query))

        query = self._query
        self.app.push_screen(AskScreen("Keep this search?", clean(query), field=NAME), named)

    def action_drop(self) -> None:
        """Forget the one under the cursor."""
        here = self.query_one(FilterLines).here
        if here is None or not here.own:
            self._say(ALWAYS)
        else:
            self._change(lambda: self._desk.reports.drop_filter(here.name))

    def _say(self, words: str) -> None:
        self.query_one("#said", Said).say(words)

    @work(thread=True, exclusive=True)
    def _change(self, act: Callable[[], None]) -> None:
        try:
            act()
            self.post_message(FiltersRead(self._desk.reports.filters()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        try:
            self.post_message(FiltersRead(self._desk.reports.filters()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
