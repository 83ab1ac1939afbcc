"""After a lock nothing of what was typed, read or found can be reached any more, in no cache and no thread.

What is looked for is never a constant here: a text that stands in a test would be found in the test.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from types import CoroutineType, FrameType
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from fieldkit.actions import capture, unlock
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.desks.door import HomeDoor
from fieldkit.tui.forgetting import FORGET_SECONDS
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.vault.keyslots import FLOOR_COST
from tests.tui.showing import settle, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio

BEGINS = ("qz", "cana", "ry")
"""How every word that is looked for begins, in parts."""


LOOKS = 4
"""So often it is looked for, with the time of a timer between."""


def word(end: str) -> str:
    """A word that nobody writes by chance."""
    return "".join((*BEGINS, end))


def passphrase() -> str:
    """Strong, and found wherever it stands."""
    return f"orbit lantern maple quilt harbor {word('pass')}"


def reachable() -> list[str]:
    """Where a word still stands: the kind of what holds it."""
    gc.collect()
    found = []
    for holder in gc.get_objects():
        if isinstance(holder, FrameType | CoroutineType):
            continue
        if any(_tells(held) for held in _held(holder)):
            found.append(f"{type(holder).__module__}.{type(holder).__qualname__}")
    return sorted(found)


def _held(holder: object) -> Iterator[Any]:
    """What it holds, also in a tuple of texts, which the collector does not know."""
    for held in gc.get_referents(holder):
        if isinstance(held, tuple | dict) and not gc.is_tracked(held):
            yield from gc.get_referents(held)
        else:
            yield held


def _tells(held: object) -> bool:
    if isinstance(held, bytes | bytearray):
        return word("").encode() in bytes(held).lower()
    return isinstance(held, str) and word("") in held.lower()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A vault with three drafts."""
    with unlock.initialise(tmp_path / "north-7", passphrase(), cost=FLOOR_COST) as session:
        for number in range(3):
            answers = {
                "title": word(f"title{number}"),
                "narrative": word("account") * 3,
                "start": "3 Aug 2026",
            }
            capture.new_draft(session, answers)
    return tmp_path / "north-7"


async def forgotten(pilot: Pilot[None]) -> None:
    """Soon nothing can be reached any more."""
    await settle(pilot)
    for _ in range(LOOKS):
        if not reachable():
            return
        await pilot.pause(FORGET_SECONDS)
    assert reachable() == []


async def letters(pilot: Pilot[None], text: str) -> None:
    """Type it."""
    await pilot.press(*text)
    await settle(pilot)


async def write_and_read(pilot: Pilot[None]) -> None:
    """Open the vault, find, read, begin a report, write in two fields, take something back, review."""
    await type_passphrase(pilot, passphrase())
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
    await settle(pilot)
    assert word("title1") in text_of(pilot)
    await pilot.press("slash")
    await letters(pilot, word("title1"))
    await pilot.press("enter", "enter")
    await settle(pilot)
    await pilot.press("escape", "escape")
    await settle(pilot)
    await pilot.press("n")
    await settle(pilot)
    await letters(pilot, word("new"))
    await pilot.press("f6")
    await settle(pilot)
    assert isinstance(pilot.app.screen, FormScreen)
    await pilot.press("tab")
    await letters(pilot, word("typed"))
    await pilot.press("ctrl+z", "f9")
    await settle(pilot)
    await pilot.press("escape")
    await letters(pilot, word("last"))


@pytest.mark.parametrize("key", ["lock", "panic"])
async def test_nothing_can_be_reached(home: Path, key: str) -> None:
    """Neither after F8 nor after the panic key; before it, there was something to be found."""
    app = FieldkitApp(HomeDoor(home))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await write_and_read(pilot)
        assert reachable()
        if key == "lock":
            await pilot.press("f8")
            await wait_for(pilot, lambda: isinstance(app.screen, UnlockScreen))
        else:
            await pilot.press("f12", "f12")
            erasing = app.panic_key.erasing
            assert erasing is not None
            await wait_for(pilot, lambda: erasing.erased is not None)
        await forgotten(pilot)


async def test_a_wrong_passphrase(home: Path) -> None:
    """One that opens nothing is gone, too: it is often a right one of something else."""
    app = FieldkitApp(HomeDoor(home))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await type_passphrase(pilot, f"{passphrase()} x")
        await wait_for(pilot, lambda: "does not open" in text_of(pilot))
        await forgotten(pilot)


async def test_an_open_vault_knows_no_passphrase(home: Path) -> None:
    """Once it has opened the vault, nothing holds it."""
    with unlock.unlock(home, passphrase()) as session:
        for number in "123":
            capture.edit(session, number, {"title": "no such word", "narrative": None})
    app = FieldkitApp(HomeDoor(home))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await type_passphrase(pilot, passphrase())
        await wait_for(pilot, lambda: isinstance(app.screen, RecordsScreen))
        await forgotten(pilot)


def test_a_text_that_was_measured_is_found() -> None:
    """The search sees what only a cache still holds."""
    cell_len(word("measured"))
    assert reachable()
