"""One exchange at a time, and it says who it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.vault import locks
from fieldkit.vault.errors import Busy
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW


def test_a_second_exchange_is_told_who_holds_the_home(tmp_path: Path) -> None:
    """The note names verb, process and time; when the holder is done the lock is free and the note empty."""
    path = tmp_path / "lock"
    with locks.exclusive(path, verb="sync", now=NOW):
        assert locks.holder(path) == locks.Holder(pid=os.getpid(), verb="sync", since=NOW)
        with (
            pytest.raises(Busy, match=f"`sync`, process {os.getpid()}"),
            locks.exclusive(path, verb="pull", now=NOW),
        ):
            pass
        note = path.read_bytes()
        assert b"pull" not in note
    assert path.read_bytes() == b""
    assert path.stat().st_mode & 0o777 == 0o600
    with locks.exclusive(path, verb="pull", now=NOW):
        pass


def test_a_dead_process_holds_nothing(tmp_path: Path) -> None:
    """The note of a process that was killed is still there; its lock is not."""
    path = tmp_path / "lock"
    code = (
        "import os, sys, pathlib\n"
        "from fieldkit.vault import locks\n"
        "with locks.exclusive(pathlib.Path(sys.argv[1]), verb='sync', now=1): os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    assert locks.holder(path) is not None
    with locks.exclusive(path, verb="pull", now=NOW):
        pass


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"x",
        b"{}",
        b"[1]",
        b'{"pid": "x"}',
        b"\xff" * 600,
        b'{"pid":1,"verb":null}',
        b'{"pid":1e999,"verb":"sync","since":1}',
    ],
)
def test_an_unreadable_note_still_says_busy(tmp_path: Path, note: bytes) -> None:
    """Whatever stands in the file, the second one is told that somebody exchanges."""
    path = tmp_path / "lock"
    with locks.exclusive(path, verb="sync", now=NOW):
        path.write_bytes(note)
        assert locks.holder(path) is None
        with pytest.raises(Busy, match="another fieldkit"), locks.exclusive(path, verb="pull", now=NOW):
            pass


def test_reading_goes_on_beside_an_exchange(vault: Vault) -> None:
    """The lock is of the exchange, not of the vault."""
    with vault.exchange("sync", now=NOW):
        assert vault.records.page() == []
