"""An invite is written by somebody else: whatever it says, the screen shows it and stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.tui.ports.entry import Invitation
from fieldkit.tui.screens.joining import day_of
from tests.tui.entry_desk import INVITE, MemoryEntry
from tests.tui.test_entry_screens import on, paste, until

FAR = 2**60 * 3_600
"""UTC seconds of the latest hour that an invite can name, nearly; no calendar reaches it."""


class FarEntry(MemoryEntry):
    """Has got an invite that is good for ever."""

    def look_at(self, invite: str) -> Invitation:
        """What it says."""
        return replace(super().look_at(invite), expires=FAR)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1_786_752_000, "August 2026"), (FAR, "an impossible day"), (-FAR, "an impossible")],
)
def test_days(seconds: int, words: str) -> None:
    """One that no clock reaches is no fault of the program."""
    assert words in day_of(seconds)


@pytest.mark.anyio
async def test_it_is_shown() -> None:
    """With its words, and the program goes on."""
    async with on(FarEntry(), "join") as pilot:
        await paste(pilot, INVITE)
        await pilot.press("enter")
        await until(pilot, "an impossible day")
