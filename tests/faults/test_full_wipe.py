"""A panic erase on a disk without one free byte, and on one that answers slowly (R9)."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from fieldkit.actions import unlock, wiping
from fieldkit.actions.errors import LockedProblem
from fieldkit.vault import wiping as files
from fieldkit.vault.keyslots import FLOOR_COST
from fieldkit.vault.platform import sync_data
from tests.faults import small_disk
from tests.faults.needs import need

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"

CALLS_BEFORE_THE_SLOTS = 1
"""Waits for the disk until nothing opens the vault: one, however slow each is."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault."""
    home = tmp_path_factory.mktemp("full") / "home"
    unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST).close()
    return home


def test_full_disk(template: Path, tmp_path: Path) -> None:
    """Overwriting in place asks for no space: all of it goes, as on any disk."""
    need(small_disk.missing())
    with small_disk.mounted(tmp_path / "disk") as disk:
        home = shutil.copytree(template, disk.folder / "home")
        disk.leave(0)
        done = wiping.erase(home)
        assert (done.overwritten, done.left) == (True, ())
        assert not home.exists()


def test_slow_disk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the slots are gone the disk is waited for once, and nothing of the large files is touched."""
    home = shutil.copytree(template, tmp_path / "home")
    waits: list[str] = []
    real = sync_data

    def slow(handle: int) -> None:
        waits.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)
        real(handle)

    monkeypatch.setattr(files, "sync_data", slow)
    seen: list[int] = []

    def gone() -> None:
        seen.append(len(waits))
        with pytest.raises(LockedProblem, match="was erased"):
            unlock.unlock(home, PASSPHRASE)

    began = time.perf_counter()
    done = wiping.erase(home, slots_gone=gone)
    assert done.slots_seconds <= time.perf_counter() - began
    assert seen == [CALLS_BEFORE_THE_SLOTS]
    assert waits[0] == "slots.cbor"
    assert waits[-1] == "vault.db"
