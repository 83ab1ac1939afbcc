"""What the screens for panic, practice and backups look like at 80×24."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from fieldkit.tui.screens.panic import PanicScreen
from tests.tui.desk import MemoryDoor
from tests.tui.showing import settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

WAYS = {"backup": "back up", "practice": "practise the", "word": "erase this"}
"""Screens that the palette opens, by what is typed there."""


@pytest.mark.parametrize("typed", WAYS.values(), ids=WAYS)
async def test_asked_for(typed: str, snapshot: SnapshotAssertion) -> None:
    """Each as it comes."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("ctrl+p", *typed, "enter")
        await settle(pilot)
        assert text_of(pilot) == snapshot


async def test_restore(snapshot: SnapshotAssertion) -> None:
    """Where there is no vault."""
    async with showing(MemoryDoor(present=False), unlock=False) as pilot:
        await pilot.press("ctrl+p", *"put a backup", "enter")
        await settle(pilot)
        assert text_of(pilot) == snapshot


async def test_erased(snapshot: SnapshotAssertion) -> None:
    """After all is done."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("f12", "f12")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, PanicScreen))
        await wait_for(pilot, lambda: "and removed" in text_of(pilot))
        assert text_of(pilot) == snapshot
