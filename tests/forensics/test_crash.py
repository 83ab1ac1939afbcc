"""A crash while a report is open: neither terminal, core file nor any other file tells a word of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from fieldkit.actions import capture, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.faults.needs import need
from tests.forensics import breaking, canaries
from tests.forensics.canaries import MAIN, PASSPHRASES, WRITTEN
from tests.forensics.desk import SCREEN_ASKS
from tests.forensics.disguises import find
from tests.forensics.places import search_folder
from tests.tui.terminal import TMUX, Terminal, terminal

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = PASSPHRASES["passphrase of the reporter"]
FAULTS = ("worker", *breaking.FAULTS)

QUIET = ("thread", "forgotten task", "callback", "letting go")
"""Faults beside the screens' own work: the screens may stay open after them."""

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with one draft full of the texts."""
    folder = tmp_path_factory.mktemp("crash") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        capture.new_draft(session, canaries.english())
    return folder


def crashed(fault: str, home: Path, folder: Path) -> str:
    """Let the program crash with the report open; everything the terminal remembers afterwards."""
    for name in ("user", "temporary", "tmux"):
        (folder / name).mkdir()
    environment = {
        "HOME": str(folder / "user"),
        "TMPDIR": str(folder / "temporary"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        breaking.STRUCK: str(folder / "struck"),
    }
    words = [sys.executable, "-m", "tests.forensics.breaking", fault, "--home", str(home)]
    # A person's system may well be set to keep core files; they would land in this folder.
    command = f"cd {shlex.quote(str(folder / 'user'))}; ulimit -c unlimited; {shlex.join(words)}"
    with terminal(folder / "tmux", command, size=(150, 60), environment=environment) as shown:
        shown.wait_for(SCREEN_ASKS)
        shown.type(PASSPHRASE)
        shown.press("Enter")
        shown.wait_for("0001")
        shown.press("Enter")
        if fault in QUIET:
            shown.wait_for("What happened")
            shown.press("C-q")
        shown.wait_for("LEFT WITH")
        assert (folder / "struck").exists()
        return _everything(shown)


def _everything(shown: Terminal) -> str:
    said = shown.scrollback() + shown.other_screen() + shown.title()
    return said + said.replace("\n", "")


@pytest.mark.parametrize("fault", FAULTS)
def test_crash_tells_no_word(fault: str, home: Path, tmp_path: Path) -> None:
    """The terminal shows at most a type and an id, no file appears, and the vault's log is closed (R27)."""
    said = crashed(fault, home, tmp_path)
    assert find(said.encode(), WRITTEN) == []
    assert "Traceback" not in said
    assert "cannot modify limit" not in said
    if fault not in (*QUIET, "dead"):
        assert "fieldkit: error: internal error ValueError, id " in said
    assert [path.name for name in ("user", "temporary") for path in (tmp_path / name).rglob("*")] == []
    assert search_folder(home, WRITTEN) == {}


@pytest.mark.parametrize("fault", ["message", "worker"])
def test_bare_crash_is_caught(fault: str, home: Path, tmp_path: Path) -> None:
    """The control: without our handler the terminal shows the report in a traceback, and we see it."""
    said = crashed(f"bare {fault}", home, tmp_path)
    assert "narrative" in {hit.name for hit in find(said.encode(), WRITTEN)}


def test_bare_core_is_caught(home: Path, tmp_path: Path) -> None:
    """The control: a process that is not hardened leaves a core file, and the report stands in it."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    need("needs core files in the working folder" if pattern[:1] in ("|", "/") else None)
    crashed("bare dead", home, tmp_path)
    (core,) = (tmp_path / "user").iterdir()
    assert MAIN["narrative"].encode() in core.read_bytes()
    core.unlink()
