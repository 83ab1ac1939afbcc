"""The passphrase goes to the door and is nowhere else."""

from __future__ import annotations

import gc
import threading
from functools import partial

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from fieldkit.tui.locking import BY_IDLENESS, BY_KEY, IDLE_SECONDS
from fieldkit.tui.screens import unlock
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import BUSY, SAVED, UnlockScreen
from fieldkit.tui.widgets.secret_field import SecretField
from tests.tui.desk import PASSPHRASE, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, settle, showing, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio


class SlowDoor(MemoryDoor):
    """A door that opens when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def open(self, passphrase: str) -> MemoryDesk:
        """Wait, then open."""
        self.let.wait(30)
        return super().open(passphrase)


async def test_right_passphrase_opens() -> None:
    """The door is asked once, with what was typed, and the list follows."""
    door = MemoryDoor()
    async with showing(door) as pilot:
        assert door.tried == [PASSPHRASE]
        assert isinstance(pilot.app.screen, RecordsScreen)
        assert "north-7" in text_of(pilot)


async def test_wrong_one_can_be_tried_again() -> None:
    """After a wrong passphrase the field is empty, has the focus, and takes the right one."""
    door = MemoryDoor()
    async with showing(door, unlock=False) as pilot:
        await type_passphrase(pilot, "not this one")
        await settle(pilot)
        field = pilot.app.screen.query_one(Input)
        assert (field.value, field.disabled, field.has_focus) == ("", False, True)
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))


async def test_it_is_not_shown_and_not_kept() -> None:
    """What is typed is drawn as dots; while the door opens the field is empty and takes nothing."""
    door = SlowDoor()
    async with showing(door, unlock=False) as pilot:
        await pilot.press("s", "e", "c", "r", "e", "t")
        await pilot.pause()
        assert "secret" not in text_of(pilot)
        assert "••••••" in text_of(pilot)
        await pilot.press("enter")
        await pilot.pause()
        field = pilot.app.screen.query_one(Input)
        assert (field.value, field.disabled) == ("", True)
        assert BUSY in text_of(pilot)
        door.let.set()
        await settle(pilot)


async def test_backspace_in_a_burst_takes_the_letter_before_it() -> None:
    """Keys that a slow link brings together make the passphrase that was meant."""
    door = MemoryDoor()
    async with showing(door, unlock=False) as pilot:
        await wait_for(pilot, lambda: bool(pilot.app.screen.query(SecretField)))
        for key in ("a", "x", "backspace", "b", "left", "c"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
        assert pilot.app.screen.query_one(SecretField).value == "acb"


async def test_nothing_typed_is_not_tried() -> None:
    """Enter alone costs no attempt, and it says what is missing."""
    door = MemoryDoor()
    async with showing(door, unlock=False) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert door.tried == [] and "Nothing is typed yet." in text_of(pilot)


async def test_what_opening_needs_is_loaded_meanwhile() -> None:
    """The door prepares once the screen is drawn."""
    door = MemoryDoor()
    async with showing(door, unlock=False) as pilot:
        await settle(pilot)
        assert door.prepared == 1


async def test_without_vault_nothing_is_asked() -> None:
    """There is no field where there is nothing to open."""
    async with showing(MemoryDoor(present=False), unlock=False) as pilot:
        assert not isinstance(pilot.app.screen, UnlockScreen)
        assert not pilot.app.screen.query(Input)


async def test_too_many_wrong_ones_slow_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as the door asks, the field takes nothing and the seconds are told; then it takes again."""
    monkeypatch.setattr(unlock, "TICK_SECONDS", 0.01)
    door = MemoryDoor()
    async with showing(door, unlock=False) as pilot:
        door.waits = 8
        await type_passphrase(pilot, "not this one")
        await wait_for(pilot, lambda: "the next try is possible in 8 s" in text_of(pilot))
        field = pilot.app.screen.query_one(Input)
        assert field.disabled
        door.waits = 7
        await wait_for(pilot, lambda: "possible in 7 s" in text_of(pilot))
        assert "wrong tries erase nothing" in text_of(pilot)
        door.waits = 0
        await wait_for(pilot, lambda: not field.disabled and field.has_focus)
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
    assert door.tried == ["not this one", PASSPHRASE]


async def test_the_wait_outlasts_the_program() -> None:
    """Starting anew does not make the wait shorter."""
    async with showing(MemoryDoor(waits=120), unlock=False) as pilot:
        assert pilot.app.screen.query_one(Input).disabled
        assert "possible in 120 s" in text_of(pilot)


@pytest.mark.parametrize(("typed", "hint"), [("NOT THIS ONE", "Caps Lock"), ("كلمة", "keyboard layout")])
async def test_keyboard_hint(typed: str, hint: str) -> None:
    """A wrong one that looks like a keyboard set otherwise is told so; it is not shown."""
    async with showing(MemoryDoor(), unlock=False) as pilot:
        pilot.app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        await settle(pilot)
        assert hint in text_of(pilot)
        assert typed not in text_of(pilot)


async def test_practice_tells_its_passphrase() -> None:
    """And a real vault does not."""
    for practice in (True, False):
        async with showing(MemoryDoor(practice=practice), unlock=False) as pilot:
            assert ("the word: practice" in text_of(pilot)) is practice
            assert text_of(pilot).startswith(" PRACTICE") is practice


async def test_leaving_while_it_opens_locks_again() -> None:
    """A vault that opens after the screens have gone is locked at once."""
    door = SlowDoor()
    async with showing(door, unlock=False) as pilot:
        await type_passphrase(pilot, PASSPHRASE)
        pilot.app.workers.cancel_all()
        door.let.set()
        await wait_for(pilot, lambda: door.desk.locked == 1)
        assert isinstance(pilot.app.screen, UnlockScreen)


def said(pilot: Pilot[None]) -> str:
    """What the screen says, however its lines are broken."""
    return " ".join(text_of(pilot).split())


async def test_it_says_why_it_locked() -> None:
    """By a key or by itself, and that all is saved; at the start there is nothing to say."""
    watch = Watch()
    async with showing(MemoryDoor(), watch=watch) as pilot:
        await pilot.press("f8")
        await wait_for(pilot, lambda: f"{BY_KEY} {SAVED}" in said(pilot))
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        watch.seconds += IDLE_SECONDS + 1
        await wait_for(pilot, lambda: f"{BY_IDLENESS} {SAVED}" in said(pilot))
    async with showing(MemoryDoor(), unlock=False) as pilot:
        assert SAVED not in text_of(pilot)


async def test_recovery_words_are_offered_where_there_are_any() -> None:
    """Nobody looks for a paper that was never written."""
    for paper in (True, False):
        async with showing(door := MemoryDoor(paper=paper), unlock=False) as pilot:
            await wait_for(pilot, partial(getattr, door, "prepared"))
            await settle(pilot)
            assert ("recovery words" in said(pilot)) is paper


async def test_garbage_is_collected_once_it_is_drawn() -> None:
    """Whoever starts the screens may put it off until then, and no longer."""
    gc.disable()
    try:
        async with showing(MemoryDoor(), unlock=False) as pilot:
            await wait_for(pilot, gc.isenabled)
    finally:
        gc.enable()
