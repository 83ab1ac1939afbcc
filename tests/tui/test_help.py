"""F1: what the screen is for, what its signs mean, the keys that work there."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.screen import ModalScreen, Screen

from fieldkit.tui import help_texts, screens
from fieldkit.tui.screens.help import HelpScreen, help_of, lines
from fieldkit.tui.screens.records import RecordsScreen
from tests.tui.desk import MemoryDoor
from tests.tui.showing import settle, showing, text_of, type_passphrase

pytestmark = pytest.mark.anyio

for module in pkgutil.iter_modules(screens.__path__):
    importlib.import_module(f"{screens.__name__}.{module.name}")


def kinds(base: type) -> set[type]:
    """Every class of our screens below one."""
    found: set[type] = set()
    below: list[type] = base.__subclasses__()
    for kind in below:
        found |= kinds(kind)
        # What others extend is never shown itself.
        if kind.__module__.startswith(screens.__name__) and not kind.__subclasses__():
            found.add(kind)
    return found


WHOLE = sorted(kind.__name__ for kind in kinds(Screen) - kinds(ModalScreen))


@pytest.mark.parametrize("name", WHOLE)
def test_every_screen_is_told_of(name: str) -> None:
    """Each whole screen has a title and three sentences, no more."""
    about = help_texts.ABOUT[name]
    assert about.title
    assert 1 <= len(about.sentences) <= 3
    for sentence in about.sentences:
        assert sentence[0].isupper() and sentence.endswith(".")


async def test_help_of_the_list(snapshot: SnapshotAssertion) -> None:
    """What it looks like above the list."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert text_of(pilot) == snapshot


async def test_keys_are_those_that_work() -> None:
    """Help names the keys of the screen it was asked on, not its own, and not those that cannot work."""
    async with showing(MemoryDoor(), unlock=False) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert "Lock" not in text_of(pilot)
        await pilot.press("f1")
        await type_passphrase(pilot, "p 1")
        await settle(pilot)
        pilot.app.set_keymap({"list.find": "f3"})
        told = [line.plain.split()[:2] for line in lines(help_of(pilot.app.screen), 76)]
        assert ["F3", "Find"] in told
        assert ["/", "Find"] not in told


@pytest.mark.parametrize("key", ["escape", "f1"])
async def test_leaving(key: str) -> None:
    """Esc or F1 returns to where one was."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("f1", "f1", "f1")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, RecordsScreen)
