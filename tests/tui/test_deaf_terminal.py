"""A terminal that takes nothing any more, as over a link that stalls: the vault locks all the same (R8)."""

from __future__ import annotations

from queue import Queue
from types import SimpleNamespace
from typing import Any

import pytest

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.locking import CLEAR, IDLE_SECONDS
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.desk import SAMPLE, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, settle, showing, wait_for

pytestmark = pytest.mark.anyio

MOST = 30
"""Writes after which Textual's own thread would make the screens wait."""


class Terminal:
    """Takes what it is sent only when it is told to."""

    is_headless = False

    def __init__(self, real: Any) -> None:
        self._real = real
        self._writer_thread = SimpleNamespace(_queue=Queue(MOST))
        self.listens = True
        self.shown = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def write(self, data: str) -> None:
        """Take it, or let it wait; fail where the screens would wait with it."""
        self._writer_thread._queue.put_nowait(data)
        if self.listens:
            self.listen()

    def flush(self) -> None:
        """Nothing to do."""

    def listen(self) -> None:
        """Take all that waits."""
        self.listens = True
        waiting = self._writer_thread._queue
        while not waiting.empty():
            self.shown += waiting.get_nowait()


async def test_it_locks_and_is_drawn_later() -> None:
    """No key and no tick makes the screens wait; once it listens it shows the door and nothing else."""
    watch, desk = Watch(), MemoryDesk()
    async with showing(MemoryDoor(desk=desk), watch=watch) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        terminal = Terminal(app._driver)
        app._driver = terminal  # type: ignore[assignment]
        app.action_redraw()
        await wait_for(pilot, lambda: SAMPLE[1].title in terminal.shown)
        terminal.listens = False
        for _ in range(2 * MOST):
            await pilot.press("down", "up")
        watch.seconds = IDLE_SECONDS + 1
        await wait_for(pilot, lambda: desk.locked == 1)
        await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen))
        await settle(pilot)
        terminal.shown = ""
        terminal.listen()
        await wait_for(pilot, lambda: "passphrase" in terminal.shown.partition(CLEAR)[2])
        assert SAMPLE[1].title not in terminal.shown.partition(CLEAR)[2]
        app._driver = terminal._real
