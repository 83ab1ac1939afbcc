"""A disk that is slow to take the last words: the panic key works, and no signal comes in between."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from textual import events
from textual.pilot import Pilot

from fieldkit.forms.views import Snapshot
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.locking import IDLE_SECONDS
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.panic import PanicScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.care_desk import MemoryCare
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, showing, wait_for

pytestmark = pytest.mark.anyio

ONE = 1
"""The draft."""


LONG_SECONDS = 600.0
"""No store begins by itself before a test is over, however slow the machine is."""


async def write(pilot: Pilot[None], desk: MemoryDesk, *, store_after: float | None = None) -> None:
    """Five letters, which the disk does not take until it is let go."""
    screen = FormScreen(desk, ONE)
    await pilot.app.push_screen(screen)
    await wait_for(pilot, lambda: screen.is_open)
    await pilot.pause()
    if store_after is not None:
        assert screen._autosave is not None
        screen._autosave.store_after = store_after
    desk.writing.held.clear()
    await pilot.press(*"Shots")


def key(pilot: Pilot[None], *names: str) -> None:
    """Press keys without waiting for what they do."""
    for name in names:
        pilot.app.post_message(events.Key(name, None))


@pytest.mark.parametrize("before", ["f8", "ctrl+q", "idleness"])
async def test_panic_key_waits_for_no_store(before: str) -> None:
    """While a lock waits for the disk the panic key erases and tells so at once; nothing takes that away."""
    watch, desk, care = Watch(), MemoryDesk(), MemoryCare()
    desk.writing.begin()
    async with showing(MemoryDoor(desk=desk, care=care), watch=watch) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        await write(pilot, desk)
        try:
            if before == "idleness":
                watch.seconds = IDLE_SECONDS + 1
                await app._lock_when_idle()
            else:
                key(pilot, before)
            key(pilot, "f12", "f12")
            await wait_for(pilot, lambda: care.events == ["erase"])
            await wait_for(pilot, lambda: isinstance(app.screen, PanicScreen))
            assert not desk.writing.stored
        finally:
            desk.writing.held.set()
        await app.workers.wait_for_complete()
        await wait_for(pilot, lambda: isinstance(app.screen, PanicScreen))
        await pilot.pause()
        assert isinstance(app.screen, PanicScreen)
        assert app.is_running


@pytest.mark.parametrize("touched", [True, False])
async def test_idle_lock_that_waits(touched: bool) -> None:
    """It locks once the words are stored, unless somebody is there again; F8 locks in either case."""
    watch, desk = Watch(), MemoryDesk()
    desk.writing.begin()
    async with showing(MemoryDoor(desk=desk), watch=watch) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        await write(pilot, desk)
        watch.seconds = IDLE_SECONDS + 1
        await app._lock_when_idle()
        if touched:
            await pilot.press("t")
        desk.writing.held.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert desk.locked == int(not touched)
        if touched:
            key(pilot, "f8")
        await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen))
        assert (desk.locked, desk.writing.drafts[ONE]["title"]) == (1, "Shotst" if touched else "Shots")


async def test_lock_takes_over_from_idleness() -> None:
    """F8 while an idle lock waits is no key of somebody who wants to stay."""
    watch, desk = Watch(), MemoryDesk()
    desk.writing.begin()
    async with showing(MemoryDoor(desk=desk), watch=watch) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        await write(pilot, desk)
        watch.seconds = IDLE_SECONDS + 1
        await app._lock_when_idle()
        key(pilot, "f8")
        await pilot.pause()
        desk.writing.held.set()
        await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen))
        assert desk.locked == 1


@pytest.mark.parametrize("first", [signal.SIGHUP, None], ids=["a signal", "the screen"])
async def test_a_signal_in_the_middle_of_the_last_store(first: signal.Signals | None) -> None:
    """A shell sends one and the terminal another: nothing ends the program, or stores again, before a store
    is done that stands in the middle.
    """
    order: list[str] = []
    desk = MemoryDesk()
    desk.writing.begin()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        app._going = lambda number: order.append(f"end after {signal.Signals(number).name}")
        await write(pilot, desk, store_after=LONG_SECONDS)
        desk.writing.held.set()
        real = desk.writing.store

        def store(number: int, snapshot: Snapshot) -> int:
            if threading.current_thread() is threading.main_thread():
                order.append("begin")
                os.kill(os.getpid(), signal.SIGTERM)
                stored = real(number, snapshot)
                order.append("stored")
                return stored
            return real(number, snapshot)

        desk.writing.store = store  # type: ignore[method-assign]
        if first is None:
            assert isinstance(app.screen, FormScreen)
            app.screen.before_closing()
        else:
            os.kill(os.getpid(), first)
        await wait_for(pilot, lambda: app._exit)
    ends = ["end after SIGTERM"] + ([] if first is None else ["end after SIGHUP"])
    assert order == ["begin", "stored", *ends]
    assert desk.locked == 1
