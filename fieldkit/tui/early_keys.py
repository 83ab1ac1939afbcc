"""Keys pressed in the instant a screen opens wait until it knows what they mean."""

from __future__ import annotations

from textual import events
from textual.screen import Screen

MOST = 32
"""Keys held. More have not been pressed in such an instant: something leans on the keyboard."""

AT_ONCE = frozenset({"escape"})
"""Leaving waits for nothing."""


class EarlyKeys:
    """The keys of one screen, until what it shows is there. Those with priority never come here."""

    def __init__(self) -> None:
        self._held: list[events.Key] | None = []

    def hold(self, event: events.Key) -> None:
        """Keep a key; does nothing once the screen has what it waited for."""
        if self._held is not None and event.key not in AT_ONCE:
            event.stop()
            if len(self._held) < MOST:
                self._held.append(event)

    def give(self, screen: Screen[None]) -> None:
        """Press them now, in their order; not on a screen that somebody has left meanwhile."""
        held, self._held = self._held, None
        for key in held or ():
            if screen.is_current:
                again = events.Key(key.key, key.character)
                # As from the terminal: what a screen sends itself goes no further than to it.
                again.set_sender(screen.app)
                screen.app.post_message(again)
