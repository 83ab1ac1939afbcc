"""Keys in the very instant a screen opens or goes: however early they come, nothing ends the program."""

from __future__ import annotations

import asyncio
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from textual import events
from textual.screen import Screen

from fieldkit.tui import screens
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.commands import commands_of
from fieldkit.tui.erasing import Erasing
from fieldkit.tui.ports.entry import Recovered
from fieldkit.tui.screens.help import help_of
from tests.tui.desk import NOW, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch

pytestmark = pytest.mark.anyio

TURNS = (0, 1, 3)
"""Turns of the loop between a screen and what comes: before anything of it is made, and while it is."""

ENDING = ("ctrl+q", "f8")
"""Keys after which there is no screen to press another one on."""

PATIENCE_SECONDS = 20
"""Until a program that does not end is a defect."""

FOUND = Recovered(opened=NOW, drafts=(), more=0)

MADE_FROM: dict[str, Callable[[MemoryDesk, FieldkitApp], tuple[Any, ...]]] = {
    "AskScreen": lambda desk, app: ("Sure?", "Nothing follows."),
    "BackupScreen": lambda desk, app: (desk.keeping,),
    "CaptureScreen": lambda desk, app: (desk,),
    "DrillScreen": lambda desk, app: (app._door.care,),
    "EraseScreen": lambda desk, app: (),
    "FiltersScreen": lambda desk, app: (desk, ""),
    "FirstRunScreen": lambda desk, app: (app._door,),
    "FormScreen": lambda desk, app: (desk, 1),
    "HelpScreen": lambda desk, app: (help_of(app.screen),),
    "HistoryScreen": lambda desk, app: (desk, 1),
    "JoiningScreen": lambda desk, app: (desk.entry,),
    "LockingScreen": lambda desk, app: (),
    "NewVaultScreen": lambda desk, app: (app._door,),
    "NoticeScreen": lambda desk, app: ("Title", ("One.",)),
    "PaletteScreen": lambda desk, app: (commands_of(app.screen),),
    "PanicScreen": lambda desk, app: (Erasing(),),
    "PaperScreen": lambda desk, app: (desk.entry,),
    "PracticeScreen": lambda desk, app: (app._door,),
    "RecordScreen": lambda desk, app: (desk, 1),
    "RecordsScreen": lambda desk, app: (desk, lambda: NOW),
    "RecoveredScreen": lambda desk, app: (FOUND, desk.entry),
    "RestoreScreen": lambda desk, app: (app._door.care, "/example/vault"),
    "ReviewScreen": lambda desk, app: (desk, 1),
    "SyncScreen": lambda desk, app: (desk, lambda: NOW),
    "UnlockScreen": lambda desk, app: (app._door,),
}
"""What each screen is made from."""


def kinds() -> Iterator[type[Screen[Any]]]:
    """Every screen of the program; not those that others only extend."""
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        for kind in vars(import_module(module.name)).values():
            own = isinstance(kind, type) and issubclass(kind, Screen) and kind.__module__ == module.name
            if own and kind.__name__ not in ("ActsOnReports", "DraftScreen", "StepScreen"):
                yield kind


SCREENS = {kind.__name__: kind for kind in kinds()}


def test_all_screens_are_tried() -> None:
    """A new screen has to be tried too."""
    assert set(SCREENS) == set(MADE_FROM)


def open_one(app: FieldkitApp, desk: MemoryDesk, name: str) -> Screen[Any]:
    """Push it, and do not wait for it."""
    screen = SCREENS[name](*MADE_FROM[name](desk, app))
    app.push_screen(screen)
    return screen


async def pass_turns(turns: int) -> None:
    """Let the loop go on."""
    for _ in range(turns):
        await asyncio.sleep(0)


LEAVING = [(name, 1) for name in sorted(MADE_FROM)] + [
    (name, turns) for name in ("FormScreen", "PanicScreen", "UnlockScreen") for turns in (0, 2, 3, 5)
]


@pytest.mark.parametrize(("name", "turns"), LEAVING)
async def test_leaving_at_once(name: str, turns: int) -> None:
    """^Q while the screen is not made yet, is being made, has just been made."""
    desk = MemoryDesk()
    desk.writing.begin()
    app = FieldkitApp(MemoryDoor(desk=desk), clock=lambda: NOW, uptime=Watch())
    async with app.run_test():
        open_one(app, desk, name)
        await pass_turns(turns)
        app.post_message(events.Key("ctrl+q", None))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while app.is_running:
                await asyncio.sleep(0)
    assert (app._exit, app.crash) == (True, None)


@pytest.mark.parametrize("name", sorted(MADE_FROM))
async def test_keys_at_once(name: str) -> None:
    """Every key of a screen while it is not made yet, and is made; nor does it help to take it away then."""
    desk = MemoryDesk()
    desk.writing.begin()
    app = FieldkitApp(MemoryDoor(desk=desk), clock=lambda: NOW, uptime=Watch())
    async with app.run_test() as pilot:
        await pilot.pause()
        for turns in TURNS:
            screen = open_one(app, desk, name)
            bound = screen._bindings.key_to_bindings.items()
            keys = [key for key, found in bound if found[0].priority and key not in ENDING]
            await pass_turns(turns)
            for key in (*keys, "f1", "ctrl+p", *(["f12", "f12"] if name == "DrillScreen" else [])):
                await app.on_event(events.Key(key, None))
            while len(app.screen_stack) > 2:
                await app.pop_screen()
        await pilot.pause()
        assert app.crash is None
        assert app.is_running
