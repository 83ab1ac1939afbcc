"""Names that lead elsewhere: nothing of a vault is written through a link that somebody planted."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.vault import attempts, copying
from fieldkit.vault.keyslots import FLOOR_COST, SlotKind
from fieldkit.vault.platform import open_file, write_durably
from fieldkit.vault.vault import Vault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")

WORDS = b"another file, which is nobody's business here\n" * 20

Plant = Callable[[Path, Path], None]
PLANTS: dict[str, Plant] = {
    "symbolic": lambda there, victim: there.symlink_to(victim),
    "hard": lambda there, victim: os.link(victim, there),
}


@pytest.fixture(params=PLANTS)
def plant(request: pytest.FixtureRequest) -> Plant:
    """How one name is made to lead to another."""
    return PLANTS[request.param]


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file that has to stay as it is."""
    path = tmp_path / "victim"
    path.write_bytes(WORDS)
    return path


def test_new_key_slots(tmp_path: Path, victim: Path, plant: Plant) -> None:
    """Another slot is written beside the planted name, and it opens the vault."""
    folder, words = tmp_path / "home", "synthetic recovery words"
    with Vault.create(folder, "synthetic passphrase", cost=FLOOR_COST, random=os.urandom) as vault:
        plant(vault.home.new_slots, victim)
        vault.add_slot(SlotKind.RECOVERY, words, cost=FLOOR_COST, random=os.urandom)
    assert victim.read_bytes() == WORDS
    assert not vault.home.slots.is_symlink()
    Vault.unlock(folder, words, now=0).lock()


def test_count_of_wrong_passphrases(tmp_path: Path, victim: Path, plant: Plant) -> None:
    """It is counted all the same."""
    plant(tmp_path / "attempts.new", victim)
    attempts.count_failure(tmp_path / "attempts", 7)
    assert victim.read_bytes() == WORDS
    assert attempts.load(tmp_path / "attempts").failures == 1


def test_lock_of_the_exchange(vault: Vault, victim: Path, plant: Plant) -> None:
    """Refused, naming the file: a note is never written over somebody's words."""
    plant(vault.home.lock, victim)
    with pytest.raises(OSError, match="lock"), vault.exchange("sync", now=0):
        pass
    assert victim.read_bytes() == WORDS


@pytest.mark.parametrize("suffix", ["", ".part"])
def test_backup(vault: Vault, tmp_path: Path, victim: Path, plant: Plant, suffix: str) -> None:
    """Neither its name nor that of the part is written through."""
    plant(tmp_path / f"backup{suffix}", victim)
    with pytest.raises(Exception, match="is there already"):
        copying.back_up(vault, tmp_path / "backup")
    assert victim.read_bytes() == WORDS


def test_nothing_is_made_where_a_lock_leads(vault: Vault, tmp_path: Path) -> None:
    """The lock of a backup makes no file behind a link that leads nowhere."""
    (tmp_path / "backup.lock").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Exception, match="could not be read or written"):
        copying.back_up(vault, tmp_path / "backup")
    assert not (tmp_path / "nowhere").exists()


def test_what_a_crash_left_is_replaced(tmp_path: Path) -> None:
    """The rest of an interrupted replacement is in nobody's way."""
    (tmp_path / "x.new").write_bytes(b"half")
    write_durably(tmp_path / "x", b"whole", temporary=tmp_path / "x.new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_bytes() == b"whole"


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    """A pipe that nobody writes to would never be open; a backup or an invite is a file."""
    path = Path(os.devnull) if kind == "device" else tmp_path / "named"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(OSError, match="that is no file"):
        open_file(path)
