"""The palette: everything that can be done here, found by a few letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from fieldkit.tui.command_words import ALSO
from fieldkit.tui.commands import UNOFFERED, commands_of, matching
from fieldkit.tui.screens.palette import CommandLines, PaletteScreen
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.entry_desk import MemoryEntry
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
        offered = {command.words for command in commands}
        assert len(offered) == len(commands)
        for active in pilot.app.screen.active_bindings.values():
            named = active.binding.id and active.enabled and active.binding.description
            moves = active.binding.action.startswith(("move", "page", "first", "last", *UNOFFERED))
            called = active.binding.tooltip or active.binding.description
            assert not named or moves or called in offered, active.binding


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


async def first_of(desk: MemoryDesk, typed: str, *, present: bool = True) -> str:
    """The action that Enter would do after some letters."""
    async with showing(MemoryDoor(desk=desk, present=present), unlock=present) as pilot:
        return matching(commands_of(pilot.app.screen), typed)[0].action


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("backup", "back_up"),
        ("back up", "back_up"),
        ("back", "back_up"),
        ("password", "lock"),
        ("log out", "lock"),
        ("exit", "quit"),
        ("prac", "practise_panic"),
        ("undo", "bring_back"),
        ("invite", "join"),
        ("erase", "ask_to_erase"),
        ("throw", "discard"),
        ("lo", "lock"),
    ],
)
async def test_people_s_words(typed: str, action: str) -> None:
    """What is called so comes first; what only says it in brackets or of itself comes behind."""
    assert await first_of(MemoryDesk(), typed) == action


@pytest.mark.parametrize(("typed", "action"), [("leave", "leave_practice"), ("throw", "throw_away")])
async def test_practice_is_left_and_thrown_away_by_its_name(typed: str, action: str) -> None:
    """Quitting, which only explains itself so, comes behind."""
    assert await first_of(MemoryDesk(entry=MemoryEntry(practice=True)), typed) == action


async def test_a_backup_is_put_back_where_no_vault_is() -> None:
    """By either word for it."""
    for typed in ("restore", "backup"):
        assert await first_of(MemoryDesk(), typed, present=False) == "restore"


async def test_erasing_is_hard_to_hit() -> None:
    """It stands last, and nothing leads from the first line to the last in one step."""
    async with showing(MemoryDoor()) as pilot:
        assert commands_of(pilot.app.screen)[-1].action == "ask_to_erase"
        await pilot.press("ctrl+p", "up")
        await pilot.pause()
        chosen = pilot.app.screen.query_one(CommandLines).chosen
        assert chosen == commands_of(pilot.app.screen_stack[-2])[0]


async def test_more_than_fits_is_said() -> None:
    """Nobody takes the first screenful for all there is; of the screen below nothing shows."""
    async with showing(MemoryDoor()) as pilot:
        everything = len(commands_of(pilot.app.screen))
        await pilot.press("ctrl+p")
        await pilot.pause()
        drawn = text_of(pilot)
        assert "more: Down shows them" in drawn and "Arrest campaign" not in drawn
        await pilot.press(*["down"] * everything)
        await pilot.pause()
        assert "Erase this vault" in text_of(pilot) and "more: Down" not in text_of(pilot)


async def test_other_words_are_of_what_there_is() -> None:
    """A word for an action of no screen would find nothing."""
    known = "\n".join(path.read_text("utf-8") for path in Path("fieldkit/tui").rglob("*.py"))
    for action in ALSO:
        assert f'"{action}"' in known.replace(Path("fieldkit/tui/command_words.py").read_text("utf-8"), "")
