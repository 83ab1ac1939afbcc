"""The second column of a list: the report under the cursor, where there is room for it."""

from __future__ import annotations

from contextlib import suppress

from textual import work
from textual.timer import Timer

from fieldkit.tui.messages import Pointed, PreviewRead
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.list_acts import ActsOnReports
from fieldkit.tui.widgets.preview import Preview

PREVIEW_FROM = 110
"""Cells of the window from which there is room for a report beside the list."""

REST_SECONDS = 0.15
"""Between two keys of somebody who types; a search waits for the pause."""


class PreviewsReports(ActsOnReports):
    """A screen with a list, and with a `Preview` that follows its cursor once that rests."""

    _resting: Timer | None = None

    def on_resize(self) -> None:
        """Show the second column where there is room for it."""
        preview = self.query_one(Preview)
        roomy = self.size.width >= PREVIEW_FROM
        if preview.display != roomy:
            preview.display = roomy
            self.set_class(roomy, "-beside")
            self._look_closer()

    def on_pointed(self, event: Pointed) -> None:
        """The cursor has moved: the second column follows once it rests."""
        self._look_closer()

    def show_none(self) -> None:
        """The second column never shows another report. Empty, it costs nothing where the list moves."""
        self.query_one(Preview).show(None)

    def _look_closer(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        if self.query_one(Preview).display:
            self._resting = self.set_timer(REST_SECONDS, self._read_here)

    def _read_here(self) -> None:
        line = self.one_meant()
        if line is None:
            self.query_one(Preview).show(None)
        else:
            self._preview(line.number)

    def on_preview_read(self, event: PreviewRead) -> None:
        """Show it, unless the cursor has gone on."""
        line = self.one_meant()
        if line is not None and line.number == event.number:
            self.query_one(Preview).show(event.reading)

    @work(thread=True, exclusive=True, group="preview")
    def _preview(self, number: int) -> None:
        with suppress(Trouble):  # the report's own screen says what is wrong with it
            self.post_message(PreviewRead(number, self._desk.reports.read(number)))
