"""Locking and leaving while somebody writes: the last words are stored, and none are dropped in silence."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from fieldkit.tui.locking import IDLE_SECONDS, UNSAVED_SECONDS
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.fields.line_editor import LineEditor
from tests.tui.desk import PASSPHRASE, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, showing, text_of, type_passphrase, wait_for
from tests.tui.writing_desk import COMMITTED

pytestmark = pytest.mark.anyio

NOT_LEFT = "Not left: your last words are only on this screen."
FULL = Trouble("the disk is full", "make room on it")


@asynccontextmanager
async def typing(desk: MemoryDesk, watch: Watch | None = None) -> AsyncIterator[Pilot[None]]:
    """The whole program with a draft open, and five letters typed."""
    desk.writing.begin()
    async with showing(MemoryDoor(desk=desk), watch=watch) as pilot:
        screen = FormScreen(desk, 1)
        await pilot.app.push_screen(screen)
        await wait_for(pilot, lambda: screen.is_open)
        await pilot.pause()
        await pilot.press(*"Shots")
        yield pilot


def stored(desk: MemoryDesk) -> object:
    """The title in the vault."""
    return desk.writing.drafts[1].get("title")


async def test_lock_stores_first() -> None:
    """F8 right behind the last letter."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        await pilot.press("f8")
        await wait_for(pilot, lambda: desk.locked == 1)
        assert stored(desk) == "Shots"
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
async def test_a_signal_keeps_a_search(name: str) -> None:
    """What is typed in a list that is searched in is told only on leaving it; a signal leaves no time."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        await pilot.press("tab", *"zzkind")
        assert ("kind",) not in desk.writing.unread.get(1, {})
        os.kill(os.getpid(), getattr(signal, name))
        assert desk.locked == 1
    assert stored(desk) == "Shots" and desk.writing.unread[1][("kind",)] == "zzkind"


@pytest.mark.parametrize("left", [False, True], ids=["in the field", "just left"])
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
async def test_a_signal_keeps_the_letter_of_that_moment(name: str, left: bool) -> None:
    """Between a key and its telling there is a moment, and a signal may come in it."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        assert isinstance(pilot.app.focused, LineEditor)
        pilot.app.focused.insert_text_at_cursor("!")
        if left:
            pilot.app.screen.query(FieldWidget)[1].focus_end()
        os.kill(os.getpid(), getattr(signal, name))
        assert desk.locked == 1
    assert stored(desk) == "Shots!"


async def test_lock_from_a_screen_above() -> None:
    """F8 while help covers the form."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        await pilot.press("f1", "f8")
        await wait_for(pilot, lambda: desk.locked == 1)
        assert stored(desk) == "Shots"


async def test_quit_stores_first() -> None:
    """^Q right behind the last letter."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        await pilot.press("ctrl+q")
    assert (stored(desk), desk.locked) == ("Shots", 1)


@pytest.mark.parametrize("key", ["f8", "ctrl+q"])
async def test_nothing_is_dropped_in_silence(key: str) -> None:
    """What cannot be stored stays on the screen, which says so; the same key again goes without it."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        desk.writing.trouble = FULL
        await pilot.press("f1")
        await wait_for(pilot, lambda: not isinstance(pilot.app.screen, FormScreen))
        await pilot.press(key)
        await wait_for(pilot, lambda: NOT_LEFT in text_of(pilot))
        assert desk.locked == 0
        assert isinstance(pilot.app.screen, FormScreen)
        assert "Shots" in text_of(pilot)
        await pilot.press(key)
        if key == "f8":
            await wait_for(pilot, lambda: desk.locked == 1)
    # A slow machine may have stored the first letters before.
    assert stored(desk) != "Shots"
    assert desk.locked == 1


async def test_a_letter_after_the_warning_asks_again() -> None:
    """The warning was for the words that were there then."""
    desk = MemoryDesk()
    async with typing(desk) as pilot:
        desk.writing.trouble = FULL
        await pilot.press("f8")
        await wait_for(pilot, lambda: NOT_LEFT in text_of(pilot))
        await pilot.press("!")
        await wait_for(pilot, lambda: "Shots!" in text_of(pilot) and NOT_LEFT not in text_of(pilot))
        await pilot.press("f8")
        await wait_for(pilot, lambda: NOT_LEFT in text_of(pilot))
        assert desk.locked == 0


async def test_idleness_stores_and_locks() -> None:
    """A laptop that was left alone locks with every word in the vault."""
    watch, desk = Watch(), MemoryDesk()
    async with typing(desk, watch) as pilot:
        watch.seconds = IDLE_SECONDS + 1
        await wait_for(pilot, lambda: desk.locked == 1)
        assert stored(desk) == "Shots"


async def test_idleness_waits_for_a_failing_store_but_not_for_ever() -> None:
    """While the last words cannot be stored the vault stays open for a time, then it locks without them."""
    watch, desk = Watch(), MemoryDesk()
    async with typing(desk, watch) as pilot:
        desk.writing.trouble = FULL
        watch.seconds = IDLE_SECONDS + 1
        await wait_for(pilot, lambda: "NOT SAVED" in text_of(pilot))
        await pilot.pause(1.2)
        assert desk.locked == 0
        watch.seconds = IDLE_SECONDS + UNSAVED_SECONDS + 1
        await wait_for(pilot, lambda: desk.locked == 1)
        await wait_for(pilot, lambda: "NOT SAVED: what was written" in text_of(pilot))
        assert isinstance(pilot.app.screen, UnlockScreen) and "Shots" not in text_of(pilot)


async def test_the_lock_says_since_when_words_were_lost() -> None:
    """With the time of the last commit, after a key pressed twice too; once opened it is not said again."""
    watch, desk = Watch(), MemoryDesk()
    async with typing(desk, watch) as pilot:
        await pilot.press("f2")
        await wait_for(pilot, lambda: stored(desk) == "Shots")
        desk.writing.trouble = FULL
        await pilot.press("!", "f8")
        await wait_for(pilot, lambda: NOT_LEFT in text_of(pilot))
        await pilot.press("f8")
        when = time.strftime("%H:%M:%S", time.localtime(COMMITTED))
        await wait_for(pilot, lambda: f"NOT SAVED: what was written after {when}" in text_of(pilot))
        desk.writing.trouble = None
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))
        assert "NOT SAVED" not in text_of(pilot)
