"""The palette: everything that can be done here, found by a few letters."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from fieldkit.tui.commands import UNOFFERED, commands_of, matching
from fieldkit.tui.screens.palette import PaletteScreen
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.showing import settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio


async def test_palette(snapshot: SnapshotAssertion) -> None:
    """What it looks like above the list."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert text_of(pilot) == snapshot


async def test_it_does_what_it_says() -> None:
    """A few letters and Enter: the vault is locked, and the palette is gone."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        await pilot.press("ctrl+p", *"lock", "enter")
        await wait_for(pilot, lambda: desk.locked == 1)


async def test_it_acts_on_the_screen_behind() -> None:
    """A command of the list works from the palette as its key does."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("ctrl+p", *"open", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)


async def test_it_offers_all_that_keys_do() -> None:
    """Every action with a key on the list's screen is offered, each once, moving aside."""
    async with showing(MemoryDoor()) as pilot:
        commands = commands_of(pilot.app.screen)
        assert len({command.action for command in commands}) == len(commands)
        offered = {command.action for command in commands}
        for active in pilot.app.screen.active_bindings.values():
            named = active.binding.id and active.enabled and active.binding.description
            moves = active.binding.action.startswith(("move", "page", "first", "last", *UNOFFERED))
            assert not named or moves or active.binding.action in offered, active.binding


async def test_leaving_does_nothing_and_nothing_is_kept() -> None:
    """Esc leaves the palette; opened again it knows nothing of what was typed."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("ctrl+p", *"zeinab", "escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RecordsScreen)
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert "zeinab" not in text_of(pilot)
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RecordsScreen)


async def test_nothing_found_is_said() -> None:
    """What finds nothing is told so, and Enter does nothing; brackets are text."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("ctrl+p", *"[/red", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PaletteScreen)
        assert "Nothing here is called that" in text_of(pilot)


async def test_a_lock_takes_it_away() -> None:
    """F8 works above the palette, and leaves no palette behind."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        await pilot.press("ctrl+p", "f8")
        await wait_for(pilot, lambda: desk.locked == 1)
        await pilot.pause()
        assert not any(isinstance(screen, PaletteScreen) for screen in pilot.app.screen_stack)


async def test_order() -> None:
    """Words that begin so come before those that only hold it."""
    async with showing(MemoryDoor()) as pilot:
        words = [command.words for command in matching(commands_of(pilot.app.screen), "l")]
        begun = [any(word.lower().startswith("l") for word in one.split()) for one in words]
        assert begun == sorted(begun, reverse=True)
        assert "Lock the vault now" in words
