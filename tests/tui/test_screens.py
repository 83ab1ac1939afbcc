"""Every screen as plain text, for a reviewer to read; `--snapshot-update` writes what has changed."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from fieldkit.tui.list_preview import PREVIEW_FROM
from tests.tui.desk import SAMPLE, MemoryDesk, MemoryDoor
from tests.tui.reports_desk import MemoryLine
from tests.tui.showing import settle, showing, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio

SIZES = [(80, 24), (120, 30)]
MANY = tuple(
    MemoryLine(number=number, title=f"Report {number} مارع", place="Placeholder Hill", date="3 August 2026")
    for number in range(60, 0, -1)
)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_unlock(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    """The first screen."""
    async with showing(MemoryDoor(), size=size, unlock=False) as pilot:
        assert text_of(pilot) == snapshot


async def test_wrong_passphrase(snapshot: SnapshotAssertion) -> None:
    """What is said of a wrong passphrase, and that the field is empty again."""
    async with showing(MemoryDoor(), unlock=False) as pilot:
        await type_passphrase(pilot, "not this one")
        await settle(pilot)
        assert text_of(pilot) == snapshot


@pytest.mark.parametrize("size", [*SIZES, (60, 12)], ids=str)
async def test_list(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    """The list: a word beside each sign, columns straight in every script."""
    async with showing(MemoryDoor(), size=size) as pilot:
        if size[0] >= PREVIEW_FROM:
            # Its beginning stands there at once, all of it when the cursor stays.
            await wait_for(pilot, lambda: "للمثال" in text_of(pilot))
        assert text_of(pilot) == snapshot


async def test_long_list(snapshot: SnapshotAssertion) -> None:
    """A list longer than the screen, at its end."""
    async with showing(MemoryDoor(desk=MemoryDesk(lines=MANY))) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert text_of(pilot) == snapshot


async def test_empty_list(snapshot: SnapshotAssertion) -> None:
    """A list with nothing in it says how to begin."""
    async with showing(MemoryDoor(desk=MemoryDesk(lines=()))) as pilot:
        assert text_of(pilot) == snapshot


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_record(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    """One report: long text hangs behind its label."""
    async with showing(MemoryDoor(), size=size) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert text_of(pilot) == snapshot


async def test_locked(snapshot: SnapshotAssertion) -> None:
    """After a lock nothing of the list is left."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("f8")
        await pilot.pause()
        text = text_of(pilot)
        assert text == snapshot
        assert not any(line.title in text for line in SAMPLE)
