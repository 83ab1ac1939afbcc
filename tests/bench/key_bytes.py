"""Row 7: what keys cost on a slow link, in bytes that the program writes to a terminal of 100 by 30."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from fieldkit.actions import capture, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.bench.table import Budget, Row
from tests.support.pty_program import PtyProgram, pty_program

PASSPHRASE: Final = "orbit lantern maple quilt harbor tunnel"
REPORTS: Final = 60
DOWN, TAB, LEAVE = b"\x1b[B", b"\t", b"\x11"
SSH: Final = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}

MOST_DOWN: Final = 1_024
"""Bytes of one step down in the list."""

MOST_TAB: Final = 4_096
"""Bytes of one step to the next field, over SSH."""


def key_rows(runs: int) -> Iterator[Row | str]:
    """A step down and a step to the next field, as most of so many cost."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "vault"
        with unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST) as session:
            for number in range(REPORTS):
                capture.new_draft(session, {"title": f"Report {number}", "gov": "Aleppo", "start": "2026"})
        with pty_program(["--home", str(home)], size=(100, 30), environment=SSH) as program:
            yield from _measured(program, max(4, runs))


def _measured(program: PtyProgram, times: int) -> Iterator[Row]:
    program.wait_for("Quit")
    program.quiet()
    program.send(f"{PASSPHRASE}\r".encode())
    program.wait_for(f"{REPORTS} drafts")
    program.quiet()
    yield Row(what="start to the list", figure=len(program.output), unit="bytes")
    yield _row("step down in the list", [program.cost(DOWN) for _ in range(times)], MOST_DOWN)
    program.send(b"e")
    program.wait_for("PgDn")
    program.quiet()
    yield _row("step to the next field", [program.cost(TAB) for _ in range(times)], MOST_TAB)
    program.send(LEAVE)
    program.ended()


def _row(what: str, costs: list[int], most: int) -> Row:
    return Row(
        what=f"{what}, the dearest of {len(costs)}",
        figure=max(costs),
        unit=f"bytes, median {round(median(costs))}",
        budget=Budget(bound=most),
    )
