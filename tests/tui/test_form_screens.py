"""The form as plain text at 80×24, for a reviewer to read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from syrupy.assertion import SnapshotAssertion

from fieldkit.tui.ports.trouble import Trouble
from tests.tui.form_showing import form
from tests.tui.showing import text_of, wait_for
from tests.tui.writing_desk import MemoryWriting

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("utc")]

ANSWERS: Mapping[str, object] = {
    "title": "Shots at night in Marea مارع",
    "kind": ["shelling"],
    "start": "3 Aug 2026",
    "gov": "Aleppo",
    "victims": [
        {"vic": "V1", "v_type": "person", "v_name": "Example One", "v_name_ar": "اسم للمثال"},
        {"vic": "V2", "v_type": "family"},
        {"vic": "V3"},
    ],
}


def drafts() -> MemoryWriting:
    """One draft with three victims, and an empty one."""
    writing = MemoryWriting()
    writing.begin(ANSWERS)
    writing.begin()
    return writing


@pytest.mark.parametrize("number", [2, 1], ids=["empty", "begun"])
async def test_first_page(number: int, snapshot: SnapshotAssertion) -> None:
    """Where one begins: nothing is called a problem yet."""
    async with form(drafts(), number) as pilot:
        assert text_of(pilot) == snapshot


async def test_problem(snapshot: SnapshotAssertion) -> None:
    """F4: at the field, with what is wanted there, and how many there are."""
    async with form(drafts(), 2) as pilot:
        await pilot.press("f4", "f4")
        await pilot.pause()
        assert text_of(pilot) == snapshot


async def test_cards_of_victims(snapshot: SnapshotAssertion) -> None:
    """A line each: how far it has come, code, name, what it is."""
    async with form(drafts(), place=("victims",)) as pilot:
        assert text_of(pilot) == snapshot


async def test_no_cards_yet(snapshot: SnapshotAssertion) -> None:
    """An empty list says how to begin."""
    async with form(drafts(), 2, place=("sources",)) as pilot:
        assert text_of(pilot) == snapshot


async def test_item(snapshot: SnapshotAssertion) -> None:
    """One item, open."""
    async with form(drafts(), place=("victims", 0, "v_name")) as pilot:
        assert text_of(pilot) == snapshot


@pytest.mark.parametrize("keys", [(), ("f6",)], ids=["page", "outline"])
async def test_narrow(keys: tuple[str, ...], snapshot: SnapshotAssertion) -> None:
    """Where there is no room for both, F6 shows one or the other."""
    async with form(drafts(), size=(50, 20)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert text_of(pilot) == snapshot


async def test_not_saved(snapshot: SnapshotAssertion) -> None:
    """Nothing is louder than that something could not be stored, and what to do about it."""
    writing = drafts()
    async with form(writing) as pilot:
        writing.trouble = Trouble(
            "the disk is full", "make room on it; what you wrote stays on this screen and is tried again"
        )
        await pilot.press("!", "escape")
        await wait_for(pilot, lambda: "NOT SAVED" in text_of(pilot) and "Not left" in text_of(pilot))
        assert text_of(pilot) == snapshot
