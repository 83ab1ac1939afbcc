"""Runs the screens without a terminal, and takes what they would send to one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from textual.pilot import Pilot

from fieldkit.tui.drawing import DrawingApp
from tests.tui.showing import settle
from tests.tui.small_terminal import SmallTerminal

TITLES = ("\x1b[22;0t", "\x1b[23;0t", "\x1b]0;", "\x1b[2J\x1b[3J")
"""What is no picture: the window's title, and what clears the terminal at a lock."""


class Drawn:
    """What was sent, and the terminal that took it."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.terminal = SmallTerminal(*size, fills=True)

    def take(self, sequence: str) -> None:
        """What the program sends."""
        if not sequence.startswith(TITLES):
            self.terminal.take(sequence)

    async def cost(self, pilot: Pilot[None], *keys: str) -> int:
        """Bytes of some keys, with all that workers bring after them."""
        before = self.terminal.received
        await pilot.press(*keys)
        await settle(pilot)
        return self.terminal.received - before

    def wrong(self, pilot: Pilot[None]) -> list[tuple[int, str, str]]:
        """Lines in which the terminal shows other text than the screen has: row, wanted, shown."""
        strips = pilot.app.screen._compositor.render_strips()
        shown = ["".join(cell.text for cell in line) for line in self.terminal.cells]
        return [(row, strip.text, shown[row]) for row, strip in enumerate(strips) if strip.text != shown[row]]


@contextmanager
def drawn(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> Iterator[Drawn]:
    """Inside, a program believes it had a terminal of this size."""
    found = Drawn(size)
    with monkeypatch.context() as patch:
        patch.setenv("TERM", "xterm-256color")
        patch.setattr(DrawingApp, "is_headless", False)
        patch.setattr(DrawingApp, "_send", lambda _, sequence: found.take(sequence))
        yield found
