"""However the screens are left, nothing of them stays on the terminal or is drawn after that (R8)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from textual.screen import Screen

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.drawing import DrawingApp
from fieldkit.tui.locking import CLEAR
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.showing import settle, showing, wait_for

pytestmark = pytest.mark.anyio


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the terminal was told and shown, in order: `clear`, and the names of screens as they are drawn."""
    told: list[str] = []

    def tell(app: DrawingApp, sequence: str) -> None:
        if sequence == CLEAR:
            told.append("clear")

    def draw(app: DrawingApp, screen: Screen[object], renderable: Any) -> None:
        told.append(type(screen).__name__)

    monkeypatch.setattr(DrawingApp, "tell_terminal", tell)
    monkeypatch.setattr(DrawingApp, "_display", draw)
    yield told


def behind(seen: list[str]) -> set[str]:
    """What was drawn after the first clearing."""
    return set(seen[seen.index("clear") :]) - {"clear"}


@pytest.mark.parametrize("how", ["ctrl+q", "SIGTERM", "SIGHUP", "crash"])
async def test_the_end(seen: list[str], how: str) -> None:
    """Cleared while the program still has the terminal, and dark from then on."""

    class Fault(Exception):
        pass

    async def leave() -> None:
        async with showing(MemoryDoor(desk=MemoryDesk())) as pilot:
            await pilot.press("enter")
            await settle(pilot)
            assert isinstance(pilot.app.screen, RecordScreen)
            seen.clear()
            if how == "crash":
                pilot.app._handle_exception(Fault())
            elif how == "ctrl+q":
                await pilot.press(how)
            else:
                os.kill(os.getpid(), getattr(signal, how))
            await wait_for(pilot, lambda: not pilot.app.is_running)

    if how == "crash":
        with pytest.raises(Fault):
            await leave()
    else:
        await leave()
    assert behind(seen) == set()


async def test_a_lock(seen: list[str]) -> None:
    """Not even the list beneath a report is drawn while the screens are taken away."""
    async with showing(MemoryDoor(desk=MemoryDesk())) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        seen.clear()
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen) and "UnlockScreen" in seen)
        assert behind(seen) == {"UnlockScreen"}


async def test_a_sleep(seen: list[str]) -> None:
    """The terminal is cleared before the program stops; when it wakes it draws nothing of what was open."""
    asleep: list[str] = []
    before = signal.signal(signal.SIGTSTP, lambda *_: asleep.append(seen[-1]))
    try:
        async with showing(MemoryDoor(desk=MemoryDesk())) as pilot:
            app = pilot.app
            assert isinstance(app, FieldkitApp)
            await pilot.press("enter")
            await settle(pilot)
            seen.clear()
            os.kill(os.getpid(), signal.SIGTSTP)
            assert asleep == ["clear"]
            app.refresh(layout=True)  # as Textual does when it wakes
            await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen) and "UnlockScreen" in seen)
            assert behind(seen) == {"UnlockScreen"}
    finally:
        signal.signal(signal.SIGTSTP, before)
