"""What is typed on a screen while its fields are not there yet: it waits, and goes where it was meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import events
from textual.screen import Screen
from textual.widget import Widget

from fieldkit.tui.typing_ahead import caught_up
from fieldkit.tui.widgets.fields.long_editor import LongEditor

MOST = 4_000
"""Keys held: minutes of fast writing, on a disk that answers no sooner. More is something on the keyboard."""

ON = frozenset({"tab", "enter"})
BACK = frozenset({"shift+tab"})


class EarlyWords:
    """The letters, pastes and other keys of one screen before there is a field."""

    def __init__(self) -> None:
        self._held: list[events.Key | events.Paste] = []

    def __bool__(self) -> bool:
        return bool(self._held)

    def hold(self, event: events.Key | events.Paste) -> None:
        """Keep it. Leaving waits too where something was typed, and for nothing else."""
        if isinstance(event, events.Key) and event.key == "escape" and not self._held:
            return
        event.stop()
        if len(self._held) < MOST:
            self._held.append(event)

    def forget(self) -> None:
        """Drop every word."""
        self._held = []

    async def give(self, screen: Screen[int | None], move: Callable[[int], Awaitable[None]]) -> None:
        """Type all of it now, from the field that has the focus on; `move` goes on by so many fields.

        Letters go to their fields without a pause between, so that a key pressed now comes after them. The
        first key that is none, such as the one that leaves, and all after it, come when they have arrived.
        """
        held, self._held = self._held, []
        written: list[Widget] = []
        while held and (field := screen.focused) is not None:
            event = held[0]
            if isinstance(event, events.Key) and _moves(event, field):
                await move(-1 if event.key in BACK else 1)
            elif isinstance(event, events.Key) and not (event.is_printable or event.key == "enter"):
                break
            else:
                written.append(field)
                field.post_message(_again(event))
            held.pop(0)
        for field in dict.fromkeys(written):
            await caught_up(field)
        for event in held:
            again = _again(event)
            # As from the terminal: what a screen sends itself goes no further than to it.
            again.set_sender(screen.app)
            screen.app.post_message(again)


def _moves(event: events.Key, field: Widget) -> bool:
    """Whether a key goes to another field; Enter is a letter where one writes many lines."""
    if event.key == "enter" and isinstance(field, LongEditor):
        return False
    return event.key in ON or event.key in BACK


def _again(event: events.Key | events.Paste) -> events.Key | events.Paste:
    if isinstance(event, events.Paste):
        return events.Paste(event.text)
    return events.Key(event.key, event.character)
