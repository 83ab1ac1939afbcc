"""Keys that were pressed before a command have to arrive before it acts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from textual._context import active_message_pump
from textual.message_pump import MessagePump
from textual.widget import Widget

ROUNDS = 3
"""A key changes a field, the field tells the page, the page tells the screen: each waits in a queue once."""

PATIENCE_SECONDS = 2.0
"""For a widget that does not answer any more."""


async def caught_up(focused: Widget | None) -> None:
    """Wait until what was typed into the focused widget has arrived at its screen.

    A key with priority is acted on at once, while letters before it still wait in the widget's queue.
    """
    acting = active_message_pump.get(None)
    for _ in range(ROUNDS):
        for node in _upwards(focused):
            if node is acting:
                continue
            arrived = asyncio.Event()
            if node.call_later(arrived.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(arrived.wait(), PATIENCE_SECONDS)


def _upwards(focused: Widget | None) -> Iterator[MessagePump]:
    """A widget and all it stands in, the innermost first; not the program itself."""
    if focused is not None:
        yield from (node for node in focused.ancestors_with_self if isinstance(node, Widget))
