"""Two hundred hostile texts through every widget, each place of it, on a real terminal (R25, R26)."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest
from textual.screen import Screen
from textual.widget import Widget

from fieldkit.model.text import clean
from fieldkit.tui import screens, widgets
from fieldkit.tui.widgets import fields
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.line_list import LineList
from fieldkit.tui.widgets.scrolling import Scrolling
from tests.tui.hostile_cases import CASES, places
from tests.tui.hostile_strings import CANARY, COUNT, hostile_strings, sequences
from tests.tui.hostile_widgets import HEIGHT, PARTS, WIDTH, texts_of
from tests.tui.on_a_pty import written
from tests.tui.terminal_bytes import unknown

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal"),
    pytest.mark.apart,
]

BASES = {FieldWidget, LineList, Scrolling}
"""What others have in common: nothing is shown in them alone."""

NARROW = {"RecordList state"}
"""Places with fewer cells than most of these texts need."""

POINTER = frozenset({"\x1b]22;default\x07"})
"""The one command to the window that Textual gives by itself: the shape of the mouse's pointer."""

SHARE = 0.6
"""Of the texts that keep a word to be found, so many show it: others are cut, or lie behind other lines."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What came of one run."""

    output: str
    report: dict[str, Any]


def shown(mode: str, part: int) -> Shown:
    """Show a part of the texts in all places."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "report"
        command = [sys.executable, "-m", "tests.tui.hostile_widgets", str(place), mode, str(part)]
        code, output = written(command, size=(WIDTH, HEIGHT))
        assert place.exists(), (code, output[-2_000:].decode(errors="replace"))
        return Shown(output=output.decode("utf-8", "surrogateescape"), report=json.loads(place.read_text()))


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Every module of a package, those below it included."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def classes() -> set[type[Widget]]:
    """Every widget of the program that is no screen."""
    return {
        kind
        for package in (widgets, screens)
        for module in modules(package)
        for kind in vars(module).values()
        if isinstance(kind, type)
        and kind.__module__ == module.__name__
        and issubclass(kind, Widget)
        and not issubclass(kind, Screen)
    }


def wrong(found: Shown) -> list[str]:
    """What a run did that it must not."""
    own = unknown(found.output, POINTER)
    as_they_came = (f"as it came: {one!r}" for one in sequences(hostile_strings()) if one in found.output)
    return sorted({*own, *as_they_came, *found.report["noticed"]})


def test_no_widget_is_forgotten() -> None:
    """Every widget has a case; a new one fails here until it has."""
    assert fields.__name__.startswith(widgets.__name__)
    assert classes() - BASES == set(CASES)
    assert all(CASES.values())


@pytest.mark.parametrize("part", range(PARTS))
def test_each_widget_alone(part: int) -> None:
    """With the last filter taken away: no order but the program's own, nothing hidden, no bell, no link, no
    action, no crash; and every text that has a word to be found shows it, as far as there is room.
    """
    found = shown("own", part)
    assert found.report["crash"] == "", "".join(found.report["trace"])
    assert wrong(found) == []
    assert found.report["unclean"] == {}
    seen, readable = found.report["seen"], sum(CANARY in clean(text) for text in texts_of("own")[part::PARTS])
    assert readable > COUNT / PARTS / 2
    silent = {name for name, place in places().items() if not place.tells}
    unseen = {name: seen[name] for name in set(seen) - silent - NARROW if seen[name] < readable * SHARE}
    assert unseen == {}
    assert all(seen[name] for name in NARROW)
    assert not any(seen[name] for name in silent)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_guard_alone(part: int) -> None:
    """With all cleaning taken away but the last filter of lines: the same."""
    found = shown("guard", part)
    assert found.report["crash"] == "", "".join(found.report["trace"])
    assert wrong(found) == []
    assert len(found.report["unclean"]) == 0


def test_without_either_it_is_seen() -> None:
    """The controls: plain words are nothing; the same texts uncleaned and unguarded act, and hide."""
    assert wrong(shown("harmless", 0)) == []
    found = shown("none", 0)
    named = wrong(found)
    for what in ("]8;;http://0wn3d", "_G0wn3d", "[200~", "[21t", "character 0x5"):
        assert any(what in one for one in named), what
    assert len(found.report["unclean"]) > len(places()) / 2
