"""One screen alone, with nothing behind it but a vault in memory that is written into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.showing import settle


class Alone(App[None]):
    """Shows one screen, and notes what came of it."""

    ALLOW_SELECT = False

    def __init__(self, first: Screen[Any]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.first = first
        self.results: list[object] = []

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(self.first, self.results.append)


@asynccontextmanager
async def alone(screen: Screen[Any], *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The running screen, with what it asked for drawn."""
    app = Alone(screen)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot
