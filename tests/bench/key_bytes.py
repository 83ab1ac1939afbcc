"""Row 7: what keys cost, in bytes that the program writes to terminals of several sizes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from fieldkit.actions import capture, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.bench.reports import peer_records
from tests.bench.table import Budget, Row
from tests.support.pty_program import PtyProgram, pty_program

PASSPHRASE: Final = "orbit lantern maple quilt harbor tunnel"
REPORTS: Final = 60
DOWN, PAGE_DOWN, TAB, LEAVE = b"\x1b[B", b"\x1b[6~", b"\t", b"\x11"
SIZES: Final = ((80, 24), (120, 30))
"""Without the report beside the list, and with it."""

SSH: Final = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}

MOST_DOWN: Final = 1_024
"""Bytes of one step down in the list."""

MOST_TAB: Final = 4_096
"""Bytes of one step to the next field, over SSH."""


def key_rows(runs: int) -> Iterator[Row | str]:
    """Steps down in the list and to the next field, as the dearest of so many cost."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "vault"
        with unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST) as session:
            for number, told in enumerate(peer_records(REPORTS)):
                said = {"title": told["title"], "narrative": told["narrative"], "gov": "Aleppo"}
                capture.new_draft(session, {**said, "start": f"{number % 28 + 1} May 2026"})
        for look, environment in (("over SSH", SSH), ("with colours", {})):
            for size in SIZES:
                with pty_program(["--home", str(home)], size=size, environment=environment) as program:
                    yield from _measured(program, f"{look}, {size[0]} by {size[1]}", max(4, runs))


def _measured(program: PtyProgram, where: str, times: int) -> Iterator[Row]:
    program.wait_for("Quit")
    program.quiet()
    program.send(f"{PASSPHRASE}\r".encode())
    program.wait_for(f"{REPORTS} drafts")
    program.quiet()
    yield Row(what=f"start to the list, {where}", figure=len(program.output), unit="bytes")
    yield _row("  step down in the list", [program.cost(DOWN) for _ in range(times)], MOST_DOWN)
    program.cost(PAGE_DOWN)
    yield _row("  step that moves the list", [program.cost(DOWN) for _ in range(times)], MOST_DOWN)
    if "SSH" in where:
        program.send(b"e")
        program.wait_for("PgDn")
        program.quiet()
        yield _row("  step to the next field", [program.cost(TAB) for _ in range(times)], MOST_TAB)
    program.send(LEAVE)
    program.ended()


def _row(what: str, costs: list[int], most: int) -> Row:
    return Row(
        what=f"{what}, the dearest of {len(costs)}",
        figure=max(costs),
        unit=f"bytes, median {round(median(costs))}",
        budget=Budget(bound=most),
    )
