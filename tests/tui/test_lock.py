"""A lock closes the vault and leaves nothing behind: by key, by idleness, by signal, at the end (R8)."""

from __future__ import annotations

import gc
import os
import signal
import weakref

import pytest

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.locking import IDLE_SECONDS
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.tui.sleeping import SLEPT_SECONDS, Sleep
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import PASSPHRASE, SAMPLE, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, settle, showing, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio


async def test_key_locks_from_every_screen() -> None:
    """F8 in the list and in a report closes the vault once and asks for the passphrase."""
    for opened in (False, True):
        desk = MemoryDesk()
        async with showing(MemoryDoor(desk=desk)) as pilot:
            if opened:
                await pilot.press("enter")
                await settle(pilot)
                assert isinstance(pilot.app.screen, RecordScreen)
            await pilot.press("f8")
            await pilot.pause()
            assert desk.locked == 1
            assert isinstance(pilot.app.screen, UnlockScreen)
            assert [type(screen).__name__ for screen in pilot.app.screen_stack] == ["Screen", "UnlockScreen"]


async def test_widgets_are_destroyed() -> None:
    """Not covered but gone: the list and its lines can no longer be reached."""
    async with showing(MemoryDoor()) as pilot:
        view = weakref.ref(pilot.app.screen.query_one(RecordList))
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("f8")
        await pilot.pause()
        gc.collect()
        left = view()
        assert left is None or (not left.is_attached and left.count == 0)
        assert not any(line.title in text_of(pilot) for line in SAMPLE)


async def test_it_opens_again() -> None:
    """After a lock the passphrase opens the list anew."""
    door = MemoryDoor()
    async with showing(door) as pilot:
        await pilot.press("f8")
        await pilot.pause()
        await type_passphrase(pilot, door.tried[0])
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        await settle(pilot)
        assert SAMPLE[1].title in text_of(pilot)


async def test_nothing_to_lock() -> None:
    """On the first screen F8 does nothing."""
    door = MemoryDoor()
    async with showing(door, unlock=False) as pilot:
        await pilot.press("f8")
        assert door.desk.locked == 0
        assert isinstance(pilot.app.screen, UnlockScreen)


async def test_idleness_locks() -> None:
    """Without a key for five minutes the vault locks; a key in between begins them anew."""
    watch, desk = Watch(), MemoryDesk()
    async with showing(MemoryDoor(desk=desk), watch=watch) as pilot:
        watch.seconds = IDLE_SECONDS - 1
        await pilot.press("down")
        watch.seconds = 2 * IDLE_SECONDS - 2
        await pilot.pause(1.2)
        assert desk.locked == 0
        watch.seconds = 2 * IDLE_SECONDS
        await wait_for(pilot, lambda: desk.locked == 1)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))


async def test_leaving_locks() -> None:
    """Quitting closes the vault."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        await pilot.press("ctrl+q")
    assert desk.locked == 1


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
async def test_signal_locks_and_leaves(name: str) -> None:
    """A terminal that closes, or a system that ends the program, closes the vault at once."""
    desk = MemoryDesk()
    before = signal.getsignal(getattr(signal, name))
    async with showing(MemoryDoor(desk=desk)) as pilot:
        os.kill(os.getpid(), getattr(signal, name))
        assert desk.locked == 1
        await wait_for(pilot, lambda: pilot.app._exit)
    assert signal.getsignal(getattr(signal, name)) == before


async def test_the_clock_ticks_between_two_screens() -> None:
    """While a lock takes the old screens away there is none to be told the time: that ended the program."""
    async with showing(MemoryDoor(desk=MemoryDesk())) as pilot:
        stack = pilot.app._screen_stack
        shown = list(stack)
        stack.clear()
        try:
            await pilot.app._lock_when_idle()  # type: ignore[attr-defined]
        finally:
            stack[:] = shown


async def test_sleep_locks() -> None:
    """Before the program is put to sleep the vault is closed; what Textual does then still happens."""
    desk, slept = MemoryDesk(), []
    before = signal.signal(signal.SIGTSTP, lambda *_: slept.append(desk.locked))
    try:
        async with showing(MemoryDoor(desk=desk)) as pilot:
            os.kill(os.getpid(), signal.SIGTSTP)
            assert slept == [1]
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))
            await settle(pilot)
    finally:
        signal.signal(signal.SIGTSTP, before)


@pytest.mark.parametrize(
    ("slept", "locks"), [(SLEPT_SECONDS + 1, True), (SLEPT_SECONDS - 1, False), (-3_600.0, False)]
)
async def test_waking_locks(slept: float, locks: bool) -> None:
    """A machine that slept with the vault open, its lid closed, asks for the passphrase when it wakes."""
    watch, desk = Watch(), MemoryDesk()
    app = FieldkitApp(MemoryDoor(desk=desk), uptime=Watch(), slept=watch)
    async with app.run_test() as pilot:
        await pilot.pause()
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(app.screen, RecordsScreen))
        await settle(pilot)
        watch.seconds = slept
        await app._lock_when_idle()
        await pilot.pause()
        assert desk.locked == int(locks)
        assert isinstance(app.screen, UnlockScreen) is locks


def test_this_machine_is_awake() -> None:
    """Asked twice in a row, the real clocks tell of no sleep."""
    sleep = Sleep()
    assert not sleep.woke()
