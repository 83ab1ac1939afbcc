"""Hostile text through every screen on a real terminal: nothing acts, hides or breaks (R25, R26)."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from textual.screen import Screen

from fieldkit.tui import screens
from fieldkit.tui.app import TAKE_TITLE
from fieldkit.tui.screens.drafting import DraftScreen
from fieldkit.tui.screens.list_acts import ActsOnReports
from fieldkit.tui.screens.step import StepScreen
from tests.tui.hostile_program import SCREENS
from tests.tui.hostile_strings import CANARY, COUNT, hostile_strings, sequences
from tests.tui.on_a_pty import written
from tests.tui.terminal_bytes import unknown

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal"),
    pytest.mark.apart,
]

BASES = {StepScreen, ActsOnReports, DraftScreen}
"""Screens that are only what others have in common."""

TITLE = TAKE_TITLE.partition("\x1b]")[2]
POINTERS = {f"\x1b]22;{shape}\x07" for shape in ("default", "text", "pointer")}
OUR_COMMANDS = frozenset({"\x1b]" + TITLE, *POINTERS})
"""The only commands to the terminal's window that the program gives: a title that says nothing, and the shape
of the mouse's pointer.
"""

TOLD = ("RecordsScreen", "RecordScreen", "FormScreen", "HistoryScreen", "NoticeScreen", "HelpScreen")
"""Screens that show so much of what they are given that some of it must be found there."""


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


def wrong(output: str) -> Iterator[str]:
    """What of an output would do something that the program does not do by itself, or would hide."""
    yield from unknown(output, OUR_COMMANDS)
    yield from (f"as it came: {one!r}" for one in sequences(hostile_strings()) if one in output)


def test_no_screen_is_forgotten() -> None:
    """Every screen of the program stands in the walk; a new one fails here until it does."""
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    assert set(kinds(Screen)) - BASES == set(SCREENS)


@pytest.mark.parametrize("mode", ["", "unguarded"])
def test_nothing_acts(mode: str) -> None:
    """No order but the program's own, no bell, no command to the window, no action, no link; nothing hidden,
    and no mark that turns the order of letters: also with the last filter of lines taken away. And each
    screen was given some texts, and all of them were used.
    """
    found = walk(mode)
    assert found.report["crash"] == "", "".join(found.report["trace"])
    assert list(wrong(found.output)) == []
    assert found.report["noticed"] == []
    assert set(found.report["drawn"]) == {kind.__name__ for kind in SCREENS}
    assert all(found.report["drawn"].values())
    if not mode:
        assert found.report["used"] > 5 * COUNT
        for name in TOLD:
            assert CANARY in found.report["shown"][name], name


def test_a_leak_is_caught() -> None:
    """The controls: a widget that parses markup, one that draws text as it comes; and plain words."""
    assert any("an action in" in what for what in walk("markup").report["noticed"])
    assert any("52;c;" in what for what in wrong(walk("raw").output))
    assert list(wrong(walk("harmless").output)) == []


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
