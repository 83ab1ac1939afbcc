"""A vault in one file: whole, encrypted, read back; nothing is written over, nothing half is left behind."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.vault import copying, platform
from fieldkit.vault.copying import BACKUP_MAGIC, TRAILER
from fieldkit.vault.db import Database
from fieldkit.vault.errors import (
    Busy,
    DamagedVault,
    NotAVault,
    PracticeVault,
    VaultError,
    VaultExists,
    WrongPassphrase,
    WrongVault,
)
from fieldkit.vault.keyslots import FLOOR_COST, SlotKind
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW

SECRET = "lid coat five mouse sixty useful"
OTHER = "another six words that open it"
NOTE = "synthetic note that must come back"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked vault that holds one note."""
    folder = tmp_path_factory.mktemp("template") / "home"
    with Vault.create(folder, SECRET, cost=FLOOR_COST, random=os.urandom) as vault:
        put(vault, NOTE)
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "home")


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    target = tmp_path / "stick" / "mine.backup"
    target.parent.mkdir()
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        assert copying.back_up(vault, target) == target.stat().st_size
    return target


def put(vault: Vault, note: str) -> None:
    """Store something in the vault."""
    with vault.transaction():
        vault._database.run("INSERT INTO progress (name, value) VALUES (?, 1)", (f"test/{note}",))


def notes(vault: Vault) -> set[str]:
    """What was stored."""
    rows = vault._database.rows("SELECT substr(name, 6) FROM progress WHERE name LIKE 'test/%'")
    return {str(row[0]) for row in rows}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_there_and_back(home: Path, backup: Path, tmp_path: Path) -> None:
    """What comes out of a backup is the vault; the file holds nothing in clear and is for its owner alone."""
    assert NOTE.encode() not in backup.read_bytes()
    assert os.name == "nt" or backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    other = tmp_path / "other"
    copying.restore(backup, other, SECRET)
    with Vault.unlock(other, SECRET, now=NOW) as vault, Vault.unlock(home, SECRET, now=NOW) as first:
        vault.check_integrity()
        assert notes(vault) == notes(first) == {NOTE}
        assert vault.slots.vault_id == first.slots.vault_id
    assert set(contents(other)) == {"slots.cbor", "vault.db"}


def test_while_it_is_written_in(home: Path, tmp_path: Path) -> None:
    """What was committed before is in it, what is being written is not, and nobody waits for it."""
    done, go_on = threading.Event(), threading.Event()
    with Vault.unlock(home, SECRET, now=NOW) as vault, Vault.unlock(home, SECRET, now=NOW) as other:
        put(other, "committed a moment ago")

        def half() -> None:
            with other.transaction():
                other._database.run("INSERT INTO progress (name, value) VALUES ('test/half', 1)")
                done.set()
                assert go_on.wait(30)

        thread = threading.Thread(target=half)
        thread.start()
        assert done.wait(30)
        copying.back_up(vault, tmp_path / "b")
        go_on.set()
        thread.join()
        put(vault, "after it")
        assert notes(vault) == {NOTE, "committed a moment ago", "half", "after it"}
    copying.restore(tmp_path / "b", tmp_path / "other", SECRET)
    with Vault.unlock(tmp_path / "other", SECRET, now=NOW) as vault:
        assert notes(vault) == {NOTE, "committed a moment ago"}


def test_all_secrets_open_it(home: Path, tmp_path: Path) -> None:
    """Recovery words open the copy as they open the vault, also those another program has just added."""
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        with Vault.unlock(home, SECRET, now=NOW) as other:
            other.add_slot(SlotKind.RECOVERY, OTHER, cost=FLOOR_COST, random=os.urandom)
        copying.back_up(vault, tmp_path / "b")
    copying.restore(tmp_path / "b", tmp_path / "other", OTHER)
    Vault.unlock(tmp_path / "other", SECRET, now=NOW).lock()


@pytest.mark.parametrize("links", [True, False], ids=["disk", "stick"])
def test_two_to_one_name(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """While one is written a second one to its name is told so and touches nothing; the first is whole."""
    half, go_on, sizes = threading.Event(), threading.Event(), []
    real = copying._seal

    def seal(part: Path, slots: bytes) -> int:
        half.set()
        assert go_on.wait(30)
        return real(part, slots)

    def no_link(*_: object) -> None:
        raise PermissionError("no second names here")

    monkeypatch.setattr(copying, "_seal", seal)
    if not links:
        monkeypatch.setattr(os, "link", no_link)
    target = tmp_path / "stick" / "mine.backup"
    target.parent.mkdir()
    with Vault.unlock(home, SECRET, now=NOW) as vault, Vault.unlock(home, SECRET, now=NOW) as other:
        thread = threading.Thread(target=lambda: sizes.append(copying.back_up(vault, target)))
        thread.start()
        assert half.wait(30)
        before = contents(target.parent)
        with pytest.raises(Busy, match=r"mine\.backup is being written"):
            copying.back_up(other, target)
        assert contents(target.parent) == before
        go_on.set()
        thread.join()
        with pytest.raises(VaultExists):
            copying.back_up(other, target)
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert sizes == [target.stat().st_size]
    copying.look(target)


def test_where_a_disk_knows_no_locks(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup is written there too; what might be somebody's half of one is then left alone, and told."""

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    with Vault.unlock(home, SECRET, now=NOW) as vault:
        monkeypatch.setattr(platform, "_lock", no_locks)
        copying.back_up(vault, tmp_path / "b")
        part = tmp_path / "next.part"
        part.write_bytes(b"fkv1" + bytes(100))
        with pytest.raises(VaultExists, match=r"next\.part"):
            copying.back_up(vault, tmp_path / "next")
        assert part.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "home", "next.part"]


def test_nothing_is_written_over(home: Path, backup: Path) -> None:
    """Not by a backup, neither of the file nor of what has its temporary name; not by a restore."""
    before = backup.read_bytes()
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        with pytest.raises(VaultExists):
            copying.back_up(vault, backup)
        letter = backup.with_name("next.part")
        letter.write_text("somebody's letter")
        with pytest.raises(VaultExists, match=r"next\.part"):
            copying.back_up(vault, backup.with_name("next"))
        assert letter.read_text() == "somebody's letter"
        for inside in (home, home / "blobs"):
            with pytest.raises(VaultError, match="lost with it"):
                copying.back_up(vault, inside / "mine.backup")
    assert backup.read_bytes() == before
    kept = contents(home)
    with pytest.raises(VaultExists):
        copying.restore(backup, home, SECRET)
    assert contents(home) == kept


def test_one_that_was_cut_short_is_cleared(home: Path, backup: Path) -> None:
    """What a crash left under the temporary names does not stand in the way of the next."""
    part, lock = backup.with_name("next.part"), backup.with_name("next.lock")
    part.write_bytes(backup.read_bytes()[:5_000])
    lock.touch()
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        copying.back_up(vault, backup.with_name("next"))
    assert not part.exists() and not lock.exists()
    copying.look(backup.with_name("next"))


def cut(data: bytes) -> bytes:
    """Without its end."""
    return data[: len(data) // 2]


def swap_slots(data: bytes) -> bytes:
    """The slots of another vault behind the database, with a digest that fits."""
    _, database, slots, _ = TRAILER.unpack(data[-TRAILER.size :])
    other = bytearray(data[:database])
    other[4:16] = bytes(12)
    whole = bytes(other) + data[database : database + slots]
    return whole + TRAILER.pack(BACKUP_MAGIC, database, slots, hashlib.sha256(whole).digest())


def flip(place: int) -> Callable[[bytes], bytes]:
    """One bit of a byte, counted from the end when negative."""

    def flipped(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[place] ^= 1
        return bytes(changed)

    return flipped


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (cut, NotAVault),
        (lambda data: b"", NotAVault),
        (lambda data: data + b"x", NotAVault),
        (lambda data: os.urandom(len(data)), NotAVault),
        (lambda data: b"x" + data, DamagedVault),
        (flip(100), DamagedVault),
        (flip(-TRAILER.size - 20), DamagedVault),
        (flip(-1), DamagedVault),
        (flip(-40), DamagedVault),
        (swap_slots, WrongVault),
    ],
)
def test_damage_is_told(
    backup: Path, tmp_path: Path, damage: Callable[[bytes], bytes], error: type[VaultError]
) -> None:
    """A file that is cut, changed or put together is refused, and no home is made of it."""
    bad = tmp_path / "bad"
    bad.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(error):
        copying.look(bad)
    with pytest.raises(error):
        copying.restore(bad, tmp_path / "other", SECRET)
    assert not (tmp_path / "other").exists()


def test_a_changed_page_is_found_even_with_a_fitting_digest(backup: Path, tmp_path: Path) -> None:
    """The digest tells damage; the database's own MACs tell somebody's hand."""
    data = bytearray(backup.read_bytes())
    _, database, slots, _ = TRAILER.unpack(data[-TRAILER.size :])
    data[4_096 + 50] ^= 1
    whole = bytes(data[: database + slots])
    bad = tmp_path / "bad"
    bad.write_bytes(whole + TRAILER.pack(BACKUP_MAGIC, database, slots, hashlib.sha256(whole).digest()))
    with pytest.raises(DamagedVault):
        copying.restore(bad, tmp_path / "other", SECRET)
    assert not (tmp_path / "other").exists()


def test_a_wrong_passphrase_makes_nothing(backup: Path, tmp_path: Path) -> None:
    """It is asked for before anything is made."""
    with pytest.raises(WrongPassphrase):
        copying.restore(backup, tmp_path / "other", "not this one at all")
    assert not (tmp_path / "other").exists()


def test_a_disk_that_gives_something_else_back(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read back differs: there is no backup, and nobody is told that there is one."""
    real = copying._look

    def spoilt(file: object, name: str) -> object:
        (tmp_path / "b.part").write_bytes(flip(200)((tmp_path / "b.part").read_bytes()))
        return real(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "_look", spoilt)
    with Vault.unlock(home, SECRET, now=NOW) as vault, pytest.raises(DamagedVault):
        copying.back_up(vault, tmp_path / "b")
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.part").exists()


def test_a_stick_that_knows_no_second_names(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the file is renamed, and still nothing is written over."""

    def refuse(*given: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        copying.back_up(vault, tmp_path / "b")
        with pytest.raises(VaultExists):
            copying._publish(tmp_path / "b", tmp_path / "b")
    copying.look(tmp_path / "b")


def test_a_full_disk_leaves_no_home(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restore that breaks off takes away what it made, and a home that was a folder before stays one."""

    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "write_durably", full)
    (tmp_path / "empty").mkdir(mode=0o700)
    for name, stays in (("other", False), ("empty", True)):
        with pytest.raises(OSError, match="No space"):
            copying.restore(backup, tmp_path / name, SECRET)
        assert (tmp_path / name).exists() is stays
        assert not stays or contents(tmp_path / name) == {}


def test_no_practice_leaves_the_laptop(tmp_path: Path) -> None:
    """A vault for practice is not backed up: nobody should take it for one of value."""
    with (
        Vault.create(tmp_path / "p", SECRET, cost=FLOOR_COST, random=os.urandom, practice=True) as vault,
        pytest.raises(PracticeVault),
    ):
        copying.back_up(vault, tmp_path / "b")


def test_an_open_vault_keeps_its_locks(home: Path, tmp_path: Path) -> None:
    """Opening and closing the same files beside it costs an open vault none of its locks on them."""
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        with vault.transaction():
            held = (home / "vault.db-shm").stat().st_ino
        copying.back_up(vault, tmp_path / "b")
        assert (home / "vault.db-shm").stat().st_ino == held
        put(vault, "still here")
        assert isinstance(vault._database, Database)
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        assert "still here" in notes(vault)
