"""Every screen says in its first line which vault it is, and whether it is practice."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace

import pytest
from textual.screen import Screen

from fieldkit.tui import counting, screens
from fieldkit.tui.ports.reports import Summary
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.header import HeaderLine, Standing, fitting
from tests.tui.desk import NOW, MemoryDesk, MemoryDoor
from tests.tui.entry_desk import MemoryEntry
from tests.tui.showing import settle, showing, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio


def own_screens() -> list[type[Screen[object]]]:
    """Every screen class of ours."""
    found = set()
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, Screen) and kind.__module__.startswith(screens.__name__):
                found.add(kind)
    # What others extend is never shown itself.
    return sorted((kind for kind in found if not kind.__subclasses__()), key=lambda kind: kind.__name__)


def composes(kind: type[object]) -> str:
    """The source that composes a screen, wherever it is inherited from."""
    return inspect.getsource(next(base.compose for base in kind.__mro__ if "compose" in base.__dict__))  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", own_screens(), ids=lambda kind: kind.__name__)
def test_every_screen_has_the_line(kind: type[Screen[object]]) -> None:
    """A screen that is added without it fails here."""
    assert f"{HeaderLine.__name__}()" in composes(kind)


SUMMARY = Summary(who="north-7", drafts=2, waiting=3, last_sync=NOW - 7_300, troubles=0)
LONG = "an organisation with a very long name"


@pytest.mark.parametrize(
    ("vault", "practice", "room", "said"),
    [
        (
            "north-org",
            False,
            100,
            " fieldkit · north-org · north-7   2 drafts · 3 waiting · last sync 2 h ago",
        ),
        ("north-org", False, 65, " north-org · north-7   2 drafts · 3 waiting · last sync 2 h ago"),
        ("north-org", False, 40, " north-org · 2 drafts · 3 waiting"),
        ("north-org", False, 5, " north-org · 2 drafts · 3 waiting"),
        ("north-org", True, 5, " PRACTICE · north-org · 2 drafts · 3 waiting"),
        ("fieldkit", False, 65, " fieldkit · north-7   2 drafts · 3 waiting · last sync 2 h ago"),
        (LONG, False, 65, " an organisation wit… · north-7   2 drafts · 3 waiting"),
        ("a\x1b[31m\nb", False, 40, " a[31m b · 2 drafts · 3 waiting"),
    ],
)
def test_vault_is_never_left_out(vault: str, practice: bool, room: int, said: str) -> None:
    """However little room there is; what is too long is cut, what could act on the terminal is clean."""
    assert fitting(Standing(vault=vault, practice=practice, summary=SUMMARY, now=NOW), room) == said


@pytest.mark.parametrize(("practice", "first"), [(False, ""), (True, "PRACTICE, nothing is sent · ")])
def test_before_anything_is_counted(practice: bool, first: str) -> None:
    """A closed vault is named too."""
    assert fitting(Standing(vault="south", practice=practice), 60) == f" {first}fieldkit · south"


async def test_two_homes_are_told_apart() -> None:
    """Locked and open, each screen names the home it belongs to."""
    for name in ("north-org", "south-org"):
        door = MemoryDoor(name=name, place=f"/example/{name}")
        async with showing(door, unlock=False) as pilot:
            assert text_of(pilot).splitlines()[0].startswith(f" fieldkit · {name}")
            await type_passphrase(pilot, "p 1")
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
            await settle(pilot)
            for key in ("enter", "escape", "f1"):
                assert name in text_of(pilot).splitlines()[0]
                await pilot.press(key)
                await settle(pilot)
            assert name in text_of(pilot).splitlines()[0]


async def test_practice_is_what_the_vault_says() -> None:
    """A real folder's name does not hide that the vault in it is for practice."""
    desk = MemoryDesk(entry=MemoryEntry(practice=True))
    async with showing(MemoryDoor(desk=desk, name="north-org")) as pilot:
        assert text_of(pilot).startswith(" PRACTICE · north-org")


def test_what_is_new_and_never_synced() -> None:
    """Both in words, and the same words however little room there is."""
    summary = Summary(who="north-7", drafts=1, waiting=0, last_sync=None, troubles=0, fresh=3)
    standing = Standing(summary=summary, now=NOW)
    assert fitting(standing, 100) == " fieldkit · north-7   1 draft · 0 waiting · 3 new · never synced"
    assert fitting(standing, 60) == " north-7   1 draft · 0 waiting · 3 new · never synced"


async def test_it_is_counted_anew_where_nobody_leaves_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes for an hour: the line above is of now."""
    monkeypatch.setattr(counting, "EACH_SECONDS", 0.05)
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        monkeypatch.setattr(desk, "summary", lambda: replace(SUMMARY, drafts=7))
        await wait_for(pilot, lambda: "7 drafts" in text_of(pilot))
