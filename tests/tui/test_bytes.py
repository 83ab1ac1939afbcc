"""What keys cost on a slow link, in bytes that the real program writes to a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.actions import capture, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.support.pty_program import pty_program

pytestmark = pytest.mark.apart

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
SIZE = (100, 30)
DOWN, PAGE_DOWN, TAB, LEAVE = b"\x1b[B", b"\x1b[6~", b"\t", b"\x11"

MOST_DOWN = 1_024
"""Bytes of one step down in the list, in every look."""

MOST_TAB = 4_096
"""Bytes of one step to the next field, in the low-bandwidth look."""

MOST_START = 8_192
"""Bytes from the start to the list, in the low-bandwidth look."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with more reports than a screen has lines."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        for number in range(40):
            title = f"Report {number}" if number % 2 else f"تقرير {number}"
            capture.new_draft(session, {"title": title, "gov": "Aleppo", "start": "3 Aug 2026"})
    return folder


@pytest.mark.parametrize("low", [True, False], ids=["low bandwidth", "rich"])
def test_what_keys_cost(home: Path, low: bool) -> None:
    """Down in the list, also where that moves, and Tab in the form stay below their bounds; each is drawn."""
    environment = {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"} if low else {}
    with pty_program(["--home", str(home)], size=SIZE, environment=environment) as program:
        program.wait_for("Quit")
        program.quiet()
        program.send(f"{PASSPHRASE}\r".encode())
        program.wait_for("40 drafts")
        program.quiet()
        assert not low or len(program.output) <= MOST_START
        steps = [program.cost(DOWN) for _ in range(4)]
        program.cost(PAGE_DOWN)
        steps += [program.cost(DOWN) for _ in range(4)]
        assert min(steps) > 80 and max(steps) <= MOST_DOWN, steps
        assert b"\x1b[1M" in program.output, "the window of the list did not move"
        program.send(b"e")
        program.wait_for("PgDn")
        program.quiet()
        tabs = [program.cost(TAB) for _ in range(8)]
        assert not low or (0 < max(tabs) <= MOST_TAB), tabs
        program.send(LEAVE)
        assert program.ended() == 0
