"""Backup and restore from the palette: what came of it is said, and nothing else is believed."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from fieldkit.tui.commands import commands_of
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.keeping import BackupScreen, RestoreScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.care_desk import MemoryCare, MemoryKeeping
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.showing import settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

FILE = "/media/stick/mine"
FULL = Trouble("the disk is full", "free some space")


async def test_a_backup() -> None:
    """Named, written, told; its name does not stay on the screen after it."""
    keeping = MemoryKeeping()
    async with showing(MemoryDoor(desk=MemoryDesk(keeping=keeping))) as pilot:
        await pilot.press("ctrl+p", *"back up", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, BackupScreen))
        field = pilot.app.screen.query_one(Input)
        await pilot.press("enter", *FILE, "enter")
        await settle(pilot)
        assert keeping.events == [FILE]
        assert f"Written to {FILE}." in text_of(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RecordsScreen)
        assert field.value == ""


async def test_no_backup_is_said_and_asked_again() -> None:
    """After a refusal nobody may think that there is one."""
    keeping = MemoryKeeping(trouble=FULL)
    async with showing(MemoryDoor(desk=MemoryDesk(keeping=keeping))) as pilot:
        await pilot.press("ctrl+p", *"back up", "enter", *FILE, "enter")
        await settle(pilot)
        assert "There is NO backup. The disk is full." in " ".join(text_of(pilot).split())
        keeping.trouble = None
        await pilot.press("2", "enter")
        await settle(pilot)
        assert keeping.events == [FILE, f"{FILE}2"]
        assert "NO backup" not in text_of(pilot)


async def test_putting_one_back() -> None:
    """Where there is no vault: file, passphrase, told; then the door asks for the passphrase."""
    care = MemoryCare()
    door = MemoryDoor(care=care, present=False)
    async with showing(door, unlock=False) as pilot:
        await pilot.press("ctrl+p", *"put a backup", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RestoreScreen))
        secret = pilot.app.screen.query_one("#passphrase", Input)
        await pilot.press(*FILE, "enter", *"s1", "enter")
        assert secret.value == ""
        await settle(pilot)
        assert care.events == [f"restore {FILE} s1"]
        assert f"There again from {FILE}." in text_of(pilot)
        assert "s1" not in text_of(pilot).replace(FILE, "")
        door.present = True
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))


async def test_a_restore_that_fails_makes_nothing() -> None:
    """Said as such; asked again."""
    care = MemoryCare(trouble=Trouble("that passphrase does not open this vault", "check the keyboard"))
    async with showing(MemoryDoor(care=care, present=False), unlock=False) as pilot:
        await pilot.press("ctrl+p", *"put a backup", "enter", *FILE, "enter", *"s1", "enter")
        await settle(pilot)
        assert "Nothing was made. That passphrase does not open" in " ".join(text_of(pilot).split())
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, UnlockScreen)


@pytest.mark.parametrize(
    ("door", "unlock", "offered"),
    [
        (MemoryDoor(), True, {"back_up"}),
        (MemoryDoor(), False, set()),
        (MemoryDoor(present=False), False, {"restore"}),
    ],
)
async def test_offered_where_it_can_be_done(door: MemoryDoor, unlock: bool, offered: set[str]) -> None:
    """A backup of an open vault; a restore where there is none."""
    async with showing(door, unlock=unlock) as pilot:
        actions = {command.action for command in commands_of(pilot.app.screen)}
        assert actions & {"back_up", "restore"} == offered
