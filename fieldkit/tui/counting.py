"""Keeps the first line of every screen true while reports are begun, finished and changed elsewhere."""

from __future__ import annotations

from contextlib import suppress

from textual import work
from textual.app import App

from fieldkit.tui.messages import Acted, DraftOpened, FinishedNow, Summarised
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble

EACH_SECONDS = 60.0
"""How often it is counted without a reason."""


class CountingApp(App[None]):
    """The part of the program that counts again."""

    _desk: Desk | None = None

    def on_mount(self) -> None:
        """Also where nobody leaves a screen for long: how long ago something was is said anew with it."""
        self.set_interval(EACH_SECONDS, self._count_again)

    def on_draft_opened(self, event: DraftOpened) -> None:
        """There may be a draft more."""
        self._count_again()

    def on_finished_now(self, event: FinishedNow) -> None:
        """A report waits that was a draft."""
        self._count_again()

    def on_acted(self, event: Acted) -> None:
        """Something became of reports of the list."""
        self._count_again()

    def _count_again(self) -> None:
        if self._desk is not None:
            self._count(self._desk)

    @work(thread=True, exclusive=True, group="count")
    def _count(self, desk: Desk) -> None:
        # Who has just been locked out learns nothing: the first line then says so anyway.
        with suppress(Trouble):
            summary = desk.reports.summary()
            if self._desk is desk:
                self.post_message(Summarised(summary))
