"""A disk that is slow to close the vault: it is dark at once, keys work, and what is said stays true (R8)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.drawing import DrawingApp
from fieldkit.tui.locking import CLEAR
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.locking import LockingScreen
from fieldkit.tui.screens.panic import PanicScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.tui.sleeping import SLEPT_SECONDS
from tests.tui.care_desk import MemoryCare
from tests.tui.desk import NOW, PASSPHRASE, SAMPLE, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, settle, text_of, type_passphrase, wait_for
from tests.tui.test_slow_lock import key

pytestmark = pytest.mark.anyio

WAYS = ("waking", "f8", "ctrl+q")


@dataclass
class SlowDesk(MemoryDesk):
    """Closes when it is let go."""

    may_close: threading.Event = field(default_factory=threading.Event)
    closes: threading.Event = field(default_factory=threading.Event)

    def lock(self, *, orderly: bool = True) -> None:
        """As a disk that stalls."""
        self.closes.set()
        assert self.may_close.wait(30)
        super().lock(orderly=orderly)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the terminal was told and shown, in order: `clear`, and the names of screens as they are drawn."""
    told: list[str] = []
    real = DrawingApp._display

    def tell(app: DrawingApp, sequence: str) -> None:
        if sequence == CLEAR:
            told.append("clear")

    def draw(app: DrawingApp, screen: Screen[object], renderable: Any) -> None:
        told.append(type(screen).__name__)
        real(app, screen, renderable)

    monkeypatch.setattr(DrawingApp, "tell_terminal", tell)
    monkeypatch.setattr(DrawingApp, "_display", draw)
    yield told


class Running:
    """The program with the list open, on a slow disk."""

    def __init__(self, care: MemoryCare | None = None) -> None:
        self.desk, self.slept = SlowDesk(), Watch()
        door = MemoryDoor(desk=self.desk, care=care or MemoryCare())
        self.app = FieldkitApp(door, clock=lambda: NOW, uptime=Watch(), slept=self.slept)

    async def open(self, pilot: Pilot[None]) -> None:
        """As far as the list."""
        await pilot.pause()
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(self.app.screen, RecordsScreen))
        await settle(pilot)

    async def lock(self, pilot: Pilot[None], how: str) -> None:
        """Lock or leave, and do not wait until it is done."""
        if how == "waking":
            self.slept.seconds = SLEPT_SECONDS + 1
            await self.app._lock_when_idle()
        else:
            key(pilot, how)


@pytest.mark.parametrize("how", WAYS)
async def test_dark_at_once(seen: list[str], how: str) -> None:
    """Nothing of the vault is drawn from then on; what goes on is said; the door comes when it is closed."""
    running = Running()
    app, desk = running.app, running.desk
    async with app.run_test() as pilot:
        await running.open(pilot)
        seen.clear()
        await running.lock(pilot, how)
        if how == "waking":
            assert seen[:1] == ["clear"]
        await wait_for(pilot, lambda: isinstance(app.screen, LockingScreen) and "LockingScreen" in seen)
        assert desk.closes.is_set() and desk.locked == 0
        assert "Locking. The disk is slow." in text_of(pilot)
        assert not any(line.title in text_of(pilot) for line in SAMPLE)
        await pilot.press("f8", "ctrl+q", "enter", "escape", "f5")
        assert isinstance(app.screen, LockingScreen)
        desk.may_close.set()
        if how == "ctrl+q":
            await wait_for(pilot, lambda: not app.is_running)
        else:
            await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen))
        assert desk.locked == 1
    drawn = set(seen[seen.index("clear") :]) - {"clear"}
    assert drawn == {"LockingScreen"} | (set() if how == "ctrl+q" else {"UnlockScreen"})


async def test_panic_key_meanwhile() -> None:
    """It erases while the closing stands still, and its page stays."""
    care = MemoryCare()
    running = Running(care)
    app, desk = running.app, running.desk
    async with app.run_test() as pilot:
        await running.open(pilot)
        await running.lock(pilot, "waking")
        await wait_for(pilot, lambda: isinstance(app.screen, LockingScreen))
        key(pilot, "f12", "f12")
        await wait_for(pilot, lambda: isinstance(app.screen, PanicScreen))
        assert care.events == ["erase"] and desk.locked == 0
        desk.may_close.set()
        await wait_for(pilot, lambda: desk.locked == 1)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, PanicScreen)


async def test_last_words_are_stored_first() -> None:
    """Words that were only on the screen when the machine woke are in the vault before it closes."""
    running = Running()
    app, desk = running.app, running.desk
    desk.writing.begin()
    async with app.run_test() as pilot:
        await running.open(pilot)
        form = FormScreen(desk, 1)
        await app.push_screen(form)
        await wait_for(pilot, lambda: form.is_open)
        await pilot.pause()
        desk.writing.held.clear()
        await pilot.press(*"Shots")
        await running.lock(pilot, "waking")
        await wait_for(pilot, lambda: isinstance(app.screen, LockingScreen))
        assert not desk.closes.is_set()
        desk.writing.held.set()
        desk.may_close.set()
        await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen))
        assert (desk.locked, desk.writing.drafts[1]["title"], app.lost) == (1, "Shots", ())


async def test_a_signal_meanwhile() -> None:
    """The program ends after the closing that is under way, which happens once."""
    ends: list[int] = []
    running = Running()
    app, desk = running.app, running.desk
    async with app.run_test() as pilot:
        app._going = lambda number: ends.append(desk.locked)
        await running.open(pilot)
        await running.lock(pilot, "waking")
        await wait_for(pilot, lambda: isinstance(app.screen, LockingScreen))
        later = threading.Timer(0.05, desk.may_close.set)
        later.start()
        os.kill(os.getpid(), signal.SIGTERM)
        assert ends == [1]
        await wait_for(pilot, lambda: not app.is_running)
    assert desk.locked == 1
