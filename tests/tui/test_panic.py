"""The panic key: twice erases, also while locked; what is shown is true; practice erases nothing (R9)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.erasing import PRESS_SECONDS, Presses
from fieldkit.tui.messages import Opened
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens import panic
from fieldkit.tui.screens.panic import DrillScreen, EraseScreen, PanicScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.care_desk import ERASED, LIMITS, MemoryCare
from tests.tui.desk import SAMPLE, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

REFUSED = Trouble("slots.cbor could neither be overwritten nor removed: the vault STILL OPENS", "switch off")


@pytest.mark.parametrize(
    ("moments", "erases"),
    [((0, 1), True), ((0, PRESS_SECONDS), True), ((0, 2.1), False), ((0, 3, 4), True), ((0, 1, 2), True)],
)
def test_presses(moments: tuple[float, ...], erases: bool) -> None:
    """Two within two seconds; of a slow pair the second counts as a first."""
    presses = Presses()
    assert any([presses.press(moment) for moment in moments]) is erases


async def last_screen(pilot: Pilot[None]) -> str:
    """What the last screen says."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, PanicScreen))
    await pilot.pause(0.15)
    return text_of(pilot)


@pytest.mark.parametrize("unlock", [True, False], ids=["open", "locked"])
async def test_twice_erases(unlock: bool) -> None:
    """Once warns and erases nothing; twice erases, closes the vault and destroys every other screen."""
    desk, care = MemoryDesk(), MemoryCare()
    async with showing(MemoryDoor(desk=desk, care=care), unlock=unlock) as pilot:
        await pilot.press("f12")
        await pilot.pause()
        assert care.events == []
        (warning,) = pilot.app._notifications
        assert "F12 once more within two seconds erases this vault" in warning.message
        assert not warning.markup
        await pilot.press("f12")
        shown = await last_screen(pilot)
        assert care.events == ["erase"]
        assert "ERASED: nothing opens this vault any more." in shown
        assert "0.03 s after the key was pressed" in shown
        assert all(limit in shown for limit in LIMITS)
        assert not any(line.title in shown for line in SAMPLE)
        assert [type(screen).__name__ for screen in pilot.app.screen_stack] == ["Screen", "PanicScreen"]
        assert desk.locked == (1 if unlock else 0)


async def test_slowly_twice_erases_nothing() -> None:
    """More than two seconds between them: two warnings."""
    watch, care = Watch(), MemoryCare()
    async with showing(MemoryDoor(care=care), watch=watch) as pilot:
        for watch.seconds in (0.0, PRESS_SECONDS + 0.1):
            await pilot.press("f12")
        await pilot.pause()
        assert care.events == []
        assert isinstance(pilot.app.screen, RecordsScreen)


async def test_what_is_shown_while_it_goes_on() -> None:
    """As soon as the slots are gone it says so, and that nobody need wait for the rest."""
    care = MemoryCare()
    care.go_on.clear()
    async with showing(MemoryDoor(care=care)) as pilot:
        await pilot.press("f12", "f12")
        try:
            shown = await last_screen(pilot)
            assert "ERASED" in shown
            assert "2 MB of 5 MB" in shown
            assert "you can switch off" in " ".join(shown.split())
        finally:
            care.go_on.set()
        await wait_for(pilot, lambda: "overwritten (5 MB) and removed" in text_of(pilot))


async def test_a_failure_is_said_and_can_be_tried_again() -> None:
    """Where the slots could not be destroyed nothing is called erased, and the key works again."""
    care = MemoryCare(trouble=REFUSED)
    async with showing(MemoryDoor(care=care)) as pilot:
        await pilot.press("f12", "f12")
        shown = await last_screen(pilot)
        assert "NOT ERASED: this vault STILL OPENS." in shown
        assert "switch off" in shown
        assert "ERASED: nothing" not in shown
        care.trouble = None
        await pilot.press("f12", "f12")
        await wait_for(pilot, lambda: "ERASED: nothing opens" in text_of(pilot))


async def test_what_is_left_is_named() -> None:
    """Files that stay, slots that were only removed, and another program that has it open."""
    care = MemoryCare(outcome=replace(ERASED, overwritten=False, left=("vault.db",), process=4242))
    async with showing(MemoryDoor(care=care)) as pilot:
        await pilot.press("f12", "f12")
        shown = " ".join((await last_screen(pilot)).split())
        for words in ("refused to overwrite", "could not be removed: vault.db", "process 4242"):
            assert words in shown


async def test_word_in_place_of_the_key() -> None:
    """Without an F12: from the palette, by typing a word; another word erases nothing."""
    care = MemoryCare()
    async with showing(MemoryDoor(care=care), unlock=False) as pilot:
        await pilot.press("ctrl+p", *"erase", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, EraseScreen))
        await pilot.press(*"yes", "enter")
        await pilot.pause()
        assert "nothing was erased" in text_of(pilot)
        assert care.events == []
        assert pilot.app.screen.query_one(Input).value == ""
        await pilot.press(*"Erase", "enter")
        assert "ERASED" in await last_screen(pilot)


async def test_practice_erases_nothing() -> None:
    """On its screen the key practises; after it, the key is in earnest again."""
    care = MemoryCare()
    async with showing(MemoryDoor(care=care)) as pilot:
        await pilot.press("ctrl+p", *"practise the", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, DrillScreen))
        assert "nothing is erased" in text_of(pilot)
        await pilot.press("f12", "f12")
        await settle(pilot)
        assert care.events == ["drill"]
        shown = " ".join(text_of(pilot).split())
        assert "In earnest nothing would have opened this vault 0.03 s later" in shown
        assert "Your vault is as it was" in shown
        await pilot.press("escape", "f12", "f12")
        await last_screen(pilot)
        assert care.events == ["drill", "erase"]


async def test_nothing_there() -> None:
    """Without a vault the key says so, and nobody reads that one still opens."""
    care = MemoryCare()
    async with showing(MemoryDoor(care=care, present=False), unlock=False) as pilot:
        await pilot.press("f12", "f12")
        await pilot.pause()
        assert "no vault here" in next(iter(pilot.app._notifications)).message
        assert care.events == []


async def test_an_erase_that_was_cut_short_goes_on() -> None:
    """At the next start, before anything else is asked."""
    care = MemoryCare(begun=True)
    async with showing(MemoryDoor(care=care), unlock=False) as pilot:
        shown = " ".join((await last_screen(pilot)).split())
        assert "the erase was cut short, and goes on" in shown
        assert care.events == ["erase"]
        assert not any(isinstance(screen, UnlockScreen) for screen in pilot.app.screen_stack)


async def test_a_vault_that_was_being_opened_is_closed() -> None:
    """Erased between the passphrase and the list: what comes then is closed at once."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk), unlock=False) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        app.panic_key.erase()
        app.post_message(Opened(desk))
        await last_screen(pilot)
        assert desk.locked == 1


async def test_unsaved_words_hold_nothing_up() -> None:
    """Erasing asks no screen whether it may, and stores nothing first: the slots come before."""
    care = MemoryCare()
    async with showing(MemoryDoor(care=care)) as pilot:
        app = pilot.app

        async def never() -> bool:
            raise AssertionError("asked before erasing")

        app.screen.may_close = app.screen.settled = never  # type: ignore[attr-defined]
        app.screen.before_closing = never  # type: ignore[attr-defined]
        await pilot.press("f12", "f12")
        await last_screen(pilot)
    assert care.events == ["erase"]


async def test_the_last_page_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who erases may not be alone: once all is done nobody has to press a key for it to go."""
    monkeypatch.setattr(panic, "LEAVE_SECONDS", 0.1)
    async with showing(MemoryDoor(), unlock=False) as pilot:
        await pilot.press("f12", "f12")
        await wait_for(pilot, lambda: pilot.app._exit)
