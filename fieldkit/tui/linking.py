"""Between the thread that exchanges and the screens: of many changes a second a few messages are made."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from fieldkit.tui.appearance import LOW_BANDWIDTH
from fieldkit.tui.messages import LinkMoved, LinkSaid

if TYPE_CHECKING:
    from textual.app import App

    from fieldkit.tui.ports.link import Link

REDRAW_SECONDS, FRUGAL_SECONDS = 0.25, 1.0
"""Between two messages: faster than anybody reads; and where every byte to the terminal counts."""


class LinkWatch:
    """Tells every screen that the link moved, and the line above them how it is. For one open desk."""

    def __init__(self, app: App[None], link: Link) -> None:
        self._app = app
        self._link = link
        self._loop = asyncio.get_running_loop()
        self._guard = threading.Lock()
        self._waits = False
        self._changed = False
        self._over = False
        link.listen(self._told)

    def close(self) -> None:
        """Tell nothing any more."""
        self._over = True
        self._link.listen(None)

    def _told(self, changed: bool) -> None:
        """On any thread."""
        with self._guard:
            self._changed |= changed
            if self._waits or self._over:
                return
            self._waits = True
        try:
            self._loop.call_soon_threadsafe(self._app.call_later, self._wait)
        except RuntimeError:  # the screens are gone
            self._over = True

    def _wait(self) -> None:
        frugal = self._app.has_class(LOW_BANDWIDTH)
        self._app.set_timer(FRUGAL_SECONDS if frugal else REDRAW_SECONDS, self._deliver)

    def _deliver(self) -> None:
        with self._guard:
            changed, self._changed, self._waits = self._changed, False, False
        if self._over:
            return
        self._app.post_message(LinkSaid(self._link.activity().word))
        for screen in self._app.screen_stack:
            screen.post_message(LinkMoved(changed))
