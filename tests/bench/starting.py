"""Row 7: from the shell to a screen one can type on, beside a program of one widget in the same run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from fieldkit.actions import capture, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.bench.table import Budget, Limit, Row
from tests.bench.terminal_start import started

START_RATIO: Final = 1.3
"""The unlock screen's first paint ÷ that of a program of one widget."""

LIST_MS: Final = 150.0
"""From the moment the key is there to the first page of the list."""

REPORTS: Final = 60
"""More than two screens."""

PASSPHRASE: Final = "orbit lantern maple quilt harbor tunnel"

ONE_WIDGET: Final = """
from textual.app import App
from textual.widgets import Static

class One(App):
    def compose(self):
        yield Static("One widget is here")

One().run()
"""

WITH_THE_KEY: Final = """
import sys, time
from pathlib import Path
from fieldkit.vault import keyslots

derived = keyslots.unlock

def unlock(*given):
    found = derived(*given)
    Path(sys.argv[2]).write_text(str(time.monotonic()))
    return found

keyslots.unlock = unlock
from fieldkit.tui.start import open_screens
open_screens(Path(sys.argv[1]))
"""
"""Notes the moment the key is there, by the clock every process of a machine shares."""


def start_rows(runs: int) -> Iterator[Row | str]:
    """First paint of the unlock screen; the list after the key."""
    with tempfile.TemporaryDirectory() as folder:
        home, note = Path(folder) / "home", Path(folder) / "note"
        _fill(home)
        bare, ours, after = [], [], []
        # One round more than is counted: the first fills the system's caches for all.
        for _ in range(runs + 1):
            bare.append(first_paint(["-c", ONE_WIDGET], b"One widget is here"))
            ours.append(first_paint(["-m", "fieldkit.cli.main", "--home", str(home)], b"then Enter."))
            after.append(list_after_key(home, note))
    yield Row(
        what="start to first paint, unlock screen",
        figure=round(median(ours[1:]) * 1_000),
        unit="ms",
        limit=Limit(
            name="one widget",
            value=round(median(bare[1:]) * 1_000),
            ratio=median(mine / one for mine, one in zip(ours[1:], bare[1:], strict=True)),
        ),
        budget=Budget(bound=START_RATIO, of_ratio=True),
    )
    yield Row(
        what=f"key derived to the list, {REPORTS} reports",
        figure=round(median(after[1:]) * 1_000),
        unit="ms",
        budget=Budget(bound=LIST_MS),
    )


def first_paint(arguments: list[str], text: bytes) -> float:
    """Seconds from the start of a program to a text on its screen."""
    with started(arguments) as screen:
        return screen.moment_of(text) - screen.began


def list_after_key(home: Path, note: Path) -> float:
    """Seconds from the derived key to the newest report's title on the screen."""
    with started(["-c", WITH_THE_KEY, str(home), str(note)]) as screen:
        screen.moment_of(b"then Enter.")
        # Somebody who types a passphrase gives the program this time, too.
        screen.still(1.0)
        screen.type(PASSPHRASE.encode() + b"\r")
        shown = screen.moment_of(f"Report {REPORTS:03}".encode())
    return shown - float(note.read_text(encoding="ascii"))


def _fill(home: Path) -> None:
    with unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST) as session:
        for number in range(1, REPORTS + 1):
            capture.new_draft(
                session, {"title": f"Report {number:03}", "start": "2026-05-03", "narrative": "word " * 100}
            )
