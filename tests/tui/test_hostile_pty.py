"""Hostile text through every screen on a real terminal: nothing acts, hides or breaks (R25, R26)."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from textual.screen import Screen

from fieldkit.model.text import KEPT_FORMAT
from fieldkit.tui import screens
from fieldkit.tui.app import TAKE_TITLE
from fieldkit.tui.screens.list_acts import ActsOnReports
from fieldkit.tui.screens.step import StepScreen
from tests.tui.hostile_program import SCREENS
from tests.tui.hostile_strings import CANARY, COUNT, SEQUENCE, hostile_strings, sequences
from tests.tui.on_a_pty import written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

BASES = {StepScreen, ActsOnReports}
"""Screens that are only what others have in common."""

TITLE = TAKE_TITLE.partition("\x1b]")[2]
BELL = "\x07"
"""Rung by a field that takes no more. That none comes from a text, `test_guard` holds."""

OUR_COMMANDS = {"\x1b]" + TITLE, "\x1b]22;default\x07", "\x1b]22;text\x07", "\x1b]22;pointer\x07"}
"""The only commands to the terminal's window that the program gives: a title that says nothing, and the shape
of the mouse's pointer.
"""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What came of one."""

    output: str
    report: dict[str, Any]


@cache
def walk(mode: str = "") -> Walk:
    """Run the program through its screens, once for each mode."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "report"
        code, output = written([sys.executable, "-m", "tests.tui.hostile_program", str(place), mode])
        assert place.exists(), (code, output[-2_000:].decode(errors="replace"))
        return Walk(output=output.decode("utf-8", "surrogateescape"), report=json.loads(place.read_text()))


def kinds(base: type[Any]) -> Iterator[type[Any]]:
    """Every class of the program's screens below one."""
    below: list[type[Any]] = base.__subclasses__()
    for kind in below:
        if kind.__module__.startswith(f"{screens.__name__}."):
            yield kind
        yield from kinds(kind)


def shape(sequence: str) -> str:
    """A sequence without its numbers."""
    return re.sub(r"\d+", "0", re.sub(r"[\d;]*m$", "m", sequence))


def acting(output: str) -> Iterator[str]:
    """What of an output would do something that the program does not do by itself."""
    own = {shape(one) for one in SEQUENCE.findall(walk("harmless").output)}
    for sequence in SEQUENCE.findall(output):
        if sequence.startswith("\x1b]") and sequence not in OUR_COMMANDS:
            yield f"command {sequence!r}"
        elif shape(sequence) not in own:
            yield f"sequence {sequence!r}"
    yield from (f"as it came: {one!r}" for one in sequences(hostile_strings()) if one in output)


def hidden(output: str) -> Iterator[str]:
    """Characters of what is shown that act or cannot be seen."""
    own = set(SEQUENCE.sub("", walk("harmless").output)) - {"\t"} | {BELL}
    for char in sorted(set(SEQUENCE.sub("", output)) - own - KEPT_FORMAT):
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            yield hex(ord(char))


def test_no_screen_is_forgotten() -> None:
    """Every screen of the program stands in the walk; a new one fails here until it does."""
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    assert set(kinds(Screen)) - BASES == set(SCREENS)


def test_nothing_acts() -> None:
    """No sequence that the harmless walk does not write too, no command to the window, no action, no link."""
    found = walk()
    assert found.report["crash"] == "", "".join(found.report["trace"])
    assert list(acting(found.output)) == []
    assert found.report["noticed"] == []


def test_nothing_hides() -> None:
    """No control, private, unassigned or invisible character, and no mark that turns the order of letters."""
    assert list(hidden(walk().output)) == []


def test_it_was_there() -> None:
    """The walk showed what it was to show: each screen was given some, and all of them were used."""
    found = walk()
    assert set(found.report["drawn"]) == {kind.__name__ for kind in SCREENS}
    assert all(found.report["drawn"].values())
    assert found.report["used"] > 5 * COUNT
    for name in (
        "RecordsScreen",
        "RecordScreen",
        "FormScreen",
        "HistoryScreen",
        "NoticeScreen",
        "HelpScreen",
    ):
        assert CANARY in found.report["shown"][name], name


def test_a_leak_is_caught() -> None:
    """The control: a widget that parses markup, and one that draws what it is given as it is."""
    assert any("an action in" in what for what in walk("markup").report["noticed"])
    assert any("52;c;" in what for what in acting(walk("raw").output))


def test_strings() -> None:
    """Two hundred, all different, of every kind."""
    texts = hostile_strings()
    assert len(set(texts)) == COUNT
    assert len(sequences(texts)) > 25
    for sample in (
        "\x1b]52;",
        "[@click=",
        "\u202e",
        "\u200b",
        "\u0301" * 40,
        "\x00",
        "\ud800",
        "\u200d",
        "x" * 5_000,
    ):
        assert any(sample in text for text in texts), sample
