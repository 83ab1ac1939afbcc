"""Runs the screens without a terminal, and reads them as plain text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.appearance import Look
from fieldkit.tui.screens.records import RecordsScreen
from tests.tui.desk import NOW, PASSPHRASE, MemoryDoor

PATIENCE_TURNS = 500
"""Turns of the loop to wait for a worker: a busy machine is not a defect of the code."""


class Watch:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def showing(
    door: MemoryDoor,
    *,
    size: tuple[int, int] = (80, 24),
    unlock: bool = True,
    watch: Watch | None = None,
    notices: tuple[str, ...] = (),
    look: Look | None = None,
) -> AsyncIterator[Pilot[None]]:
    """The running screens; unlocked and with the list drawn unless told otherwise."""
    app = FieldkitApp(door, clock=lambda: NOW, uptime=watch or Watch(), look=look)
    app.notices = notices
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if unlock:
            await type_passphrase(pilot, PASSPHRASE)
            await wait_for(pilot, lambda: isinstance(app.screen, RecordsScreen))
            await settle(pilot)
        yield pilot


async def type_passphrase(pilot: Pilot[None], passphrase: str) -> None:
    """Type it and press Enter."""
    await pilot.press(*("space" if letter == " " else letter for letter in passphrase), "enter")


async def settle(pilot: Pilot[None]) -> None:
    """Until every worker has answered and the answer is drawn."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def wait_for(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Until something is so. Fails with the screen when it does not come."""
    for _ in range(PATIENCE_TURNS):
        if ready():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"waited in vain; the screen is:\n{text_of(pilot)}")


def text_of(pilot: Pilot[None]) -> str:
    """The screen as plain text, a line each, without spaces at the ends."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips).rstrip("\n")
