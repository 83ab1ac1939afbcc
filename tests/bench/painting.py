"""Row 7, the list: its first paint and a key in it, beside an empty Textual app in the same run."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final, cast

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from fieldkit.actions.session import Session
from fieldkit.tui.desks.reports import VaultReports
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.record_list import RecordList
from tests.bench.starting import ONE_WIDGET, first_paint
from tests.bench.table import Budget, Limit, Row

if TYPE_CHECKING:
    from textual.pilot import Pilot  # the list's program loads this file, on the clock

PAINT_RATIO: Final = 1.5
KEY_RATIO: Final = 3.0
SIZE: Final = (80, 24)
KEYS: Final = 40
"""Presses a run: the list moves past its window twice."""

PATIENCE_TURNS: Final = 20_000

LIST_ALONE: Final = """
import sys, time
from pathlib import Path
import textual.app
began = time.monotonic()
from fieldkit.actions import copies, records, status
from fieldkit.actions.session import Session
from fieldkit.vault import keyslots
from fieldkit.vault.db import Database
from fieldkit.vault.home import Home
from fieldkit.vault.vault import Vault
Path(sys.argv[3]).write_text(str(time.monotonic() - began))
from tests.bench.painting import ListApp
home, key = Home(Path(sys.argv[1])), Path(sys.argv[2]).read_bytes()
slots = keyslots.parse(home.slots.read_bytes())
ListApp(Session(vault=Vault(home, Database.open(home.database, key, slots.vault_id), slots, key))).run()
"""
"""The list of a vault whose key is there. What is loaded while somebody types is noted, to be taken off."""


class EmptyApp(App[None]):
    """One text that a key changes: the least a Textual program does."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("0")

    def on_key(self, event: events.Key) -> None:
        """Draw another number."""
        self.count += 1
        self.query_one(Static).update(str(self.count))

    def ready(self) -> bool:
        """Whether it is there."""
        return bool(self.query(Static))


class _NoLink:
    """No exchange goes on while a list is drawn for the clock."""

    def coordinates(self) -> bool:
        """It does not pull."""
        return False


class _Desk:
    def __init__(self, session: Session) -> None:
        self.reports = VaultReports(session)
        self.link = _NoLink()


class ListApp(App[None]):
    """The list over a real vault, without the door before it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def on_mount(self) -> None:
        """Show the list."""
        self.push_screen(RecordsScreen(cast(Desk, _Desk(self._session)), lambda: int(time.time())))

    def ready(self) -> bool:
        """Whether reports are listed."""
        return any(view.count for view in self.screen.query(RecordList))


async def per_key(make: Callable[[], EmptyApp | ListApp]) -> float:
    """Processor time of one key until all of it is drawn, milliseconds."""
    app = make()
    async with cast("Any", app).run_test(size=SIZE) as pilot:
        await _until(app.ready)
        await settled(pilot)
        began = time.process_time()
        for _ in range(KEYS):
            await pilot.press("down")
        return (time.process_time() - began) * 1_000 / KEYS


async def _until(good: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_TURNS):
        if good():
            return
        await asyncio.sleep(0.001)
    raise TimeoutError("the program never showed what it is for")


async def settled(pilot: Pilot[None]) -> None:
    """Wait until all that a key set going is done and drawn."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def list_paint(session: Session, folder: Path, title: str) -> float:
    """Milliseconds from the start of a program to the list's newest report on its screen."""
    key, note = folder / "key", folder / "note"
    key.write_bytes(cast(bytes, session.vault._key))
    arguments = ["-c", LIST_ALONE, str(session.vault.home.folder), str(key), str(note)]
    whole = first_paint(arguments, title.encode())
    return (whole - float(note.read_text(encoding="ascii"))) * 1_000


def paint_rows(session: Session, title: str, runs: int) -> list[Row]:
    """First paint and key to paint of the list; the first round of each is not counted."""
    rounds = max(3, runs) + 1
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as folder:
        paints = [
            (
                first_paint(["-c", ONE_WIDGET], b"One widget is here") * 1_000,
                list_paint(session, Path(folder), title),
            )
            for _ in range(rounds)
        ][1:]
    keys = [
        (asyncio.run(per_key(EmptyApp)), asyncio.run(per_key(lambda: ListApp(session))))
        for _ in range(rounds)
    ][1:]
    return [
        ratio_row("list, start to first paint", paints, PAINT_RATIO),
        ratio_row("list, one key to its paint, processor time", keys, KEY_RATIO),
    ]


def ratio_row(what: str, pairs: list[tuple[float, float]], bound: float) -> Row:
    """Pairs of (bare, ours), milliseconds: the median of ours, held to the median of their ratios."""
    return Row(
        what=what,
        figure=median(ours for _, ours in pairs),
        unit="ms",
        limit=Limit(
            name="empty app",
            value=median(bare for bare, _ in pairs),
            ratio=median(ours / bare for bare, ours in pairs),
        ),
        budget=Budget(bound=bound, of_ratio=True),
    )
