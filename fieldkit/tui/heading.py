"""The first line of every screen: told how things stand whenever that changes, as every new screen is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldkit.tui.entering import EnteringApp
from fieldkit.tui.messages import LinkSaid, Summarised
from fieldkit.tui.widgets.header import HeaderLine, Standing


class HeadingApp(EnteringApp):
    """The part of the program that knows how things stand."""

    _clock: Callable[[], int]
    _standing: Standing

    def seconds_left(self) -> float | None:
        """Seconds until the vault locks itself; None while it is not open."""
        raise NotImplementedError

    def on_header_line_wanted(self, event: HeaderLine.Wanted) -> None:
        """A screen has come: tell its first line how things stand."""
        event.line.show(self._standing)
        event.line.tick(self.seconds_left())

    def on_summarised(self, event: Summarised) -> None:
        """Some screen has counted: all first lines say the same. What comes after a lock is not shown."""
        if self._desk is not None:
            self._stand(replace(self._standing, summary=event.summary))

    def on_link_said(self, event: LinkSaid) -> None:
        """How the link is, in a word or two."""
        if self._desk is not None:
            self._stand(replace(self._standing, link=event.words))

    def _stand(self, standing: Standing) -> None:
        self._standing = replace(standing, now=self._clock())
        for screen in self.screen_stack:
            for line in screen.query(HeaderLine):
                line.show(self._standing)
