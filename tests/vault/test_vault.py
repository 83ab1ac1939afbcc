"""A vault from creation to locking (threat model R1, R2, R4)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fieldkit.vault import keyslots, migrations
from fieldkit.vault.db import Database
from fieldkit.vault.errors import (
    DamagedVault,
    NewerVault,
    NotAVault,
    NoVault,
    TooSoon,
    UnsafeHome,
    VaultError,
    VaultExists,
    VaultLocked,
    WrongPassphrase,
    WrongVault,
)
from fieldkit.vault.keyslots import FLOOR_COST, SlotKind
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW, bare_vault

SECRET = "lid coat five mouse sixty useful"


def made(folder: Path) -> Path:
    """A home with a vault, locked."""
    Vault.create(folder, SECRET, cost=FLOOR_COST, random=os.urandom).lock()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a home."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_create_unlock_lock(tmp_path: Path) -> None:
    """A home is private, holds the files the design names, and opens with its passphrase only."""
    home = made(tmp_path / "home")
    assert home.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in home.iterdir()) == ["blobs", "slots.cbor", "vault.db"]
    assert {path.stat().st_mode & 0o777 for path in home.iterdir() if path.is_file()} == {0o600}
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        assert vault.records.page() == []
        vault.check_integrity()
    assert vault.locked
    vault.lock()
    for use in (vault.records.page, vault.clear_traces):
        with pytest.raises(VaultLocked):
            use()
    with pytest.raises(VaultLocked):
        vault.add_slot(SlotKind.PASSPHRASE, "x", cost=FLOOR_COST, random=os.urandom)


def test_creating_never_overwrites(tmp_path: Path) -> None:
    """Where a vault is, whole or without its key slots, no other one is made and nothing changes."""
    home = made(tmp_path / "home")
    for missing in ([], ["slots.cbor"]):
        for name in missing:
            (home / name).unlink()
        before = files(home)
        with pytest.raises(VaultExists):
            Vault.create(home, "another", cost=FLOOR_COST, random=os.urandom)
        assert files(home) == before


def test_an_interrupted_creation_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be in a vault whose key slots were never written, so it is made anew."""
    home = tmp_path / "home"

    def crash(given: object) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Vault.create(home, SECRET, cost=FLOOR_COST, random=crash)
    (home / "vault.db").write_bytes(b"half")
    monkeypatch.setattr(migrations, "migrate", crash)
    with pytest.raises(KeyboardInterrupt):
        made(home)
    with pytest.raises(NoVault):
        Vault.unlock(home, SECRET, now=NOW)
    monkeypatch.undo()
    made(home)
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        assert vault.records.page() == []


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("slots.cbor", None, NoVault),
        ("vault.db", None, NoVault),
        ("slots.cbor", b"", DamagedVault),
        ("slots.cbor", b"\0" * 100_000, DamagedVault),
        ("vault.db", b"", NotAVault),
        ("vault.db", b"something else", NotAVault),
        ("vault.db", b"fkv1" + b"another one." + bytes(4_080), WrongVault),
    ],
)
def test_what_is_missing_or_foreign_is_told_and_nothing_is_made(
    tmp_path: Path, name: str, content: bytes | None, error: type[VaultError]
) -> None:
    """Each fault has its own message, and the files stay as they are."""
    home = made(tmp_path / "home")
    if content is None:
        (home / name).unlink()
    else:
        (home / name).write_bytes(content)
    before = files(home)
    with pytest.raises(error) as told:
        Vault.unlock(home, SECRET, now=NOW)
    assert told.value.hint
    assert files(home) == before


def test_an_empty_folder_is_no_vault(tmp_path: Path) -> None:
    """Opening creates neither folder nor files."""
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(NoVault, match=r"slots\.cbor"):
            Vault.unlock(folder, SECRET, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_vault_is_told(tmp_path: Path) -> None:
    """A schema of a later version is neither opened nor changed."""
    home = made(tmp_path / "home")
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        vault._database.run("PRAGMA user_version = 99")
    before = files(home)
    with pytest.raises(NewerVault, match="99"):
        Vault.unlock(home, SECRET, now=NOW)
    assert files(home) == before


def test_a_database_without_tables_is_damage(tmp_path: Path) -> None:
    """An empty database is never taken for an empty vault."""
    database = Database.create(tmp_path / "vault.db", bytes(32), bytes(12))
    with pytest.raises(DamagedVault):
        migrations.check(database)
    database.close()


def test_a_home_open_to_others_is_refused(tmp_path: Path) -> None:
    """Others of this machine must not even list it."""
    home = made(tmp_path / "home")
    home.chmod(0o750)
    with pytest.raises(UnsafeHome, match="open to other users"):
        Vault.unlock(home, SECRET, now=NOW)


def test_wrong_passphrases_slow_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After five failures even the right one has to wait, and the wait is checked before any derivation."""
    home = made(tmp_path / "home")
    derive = keyslots.derive
    monkeypatch.setattr(keyslots, "derive", lambda secret, salt, cost: secret.encode()[:1] * 32)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            Vault.unlock(home, "wrong", now=NOW)
    with pytest.raises(TooSoon) as told:
        Vault.unlock(home, SECRET, now=NOW)
    assert told.value.seconds == 2
    monkeypatch.setattr(keyslots, "derive", derive)
    Vault.unlock(home, SECRET, now=NOW + 2).lock()
    assert not (home / "attempts").exists()


def test_changing_the_passphrase(tmp_path: Path) -> None:
    """Add one, remove the other: the old one opens no longer, what was written stays."""
    home = made(tmp_path / "home")
    with Vault.unlock(home, SECRET, now=NOW) as vault:
        old = vault.slots.slots[0].id
        new = vault.add_slot(SlotKind.PASSPHRASE, "another one", cost=FLOOR_COST, random=os.urandom)
        vault.remove_slot(old)
        assert [slot.id for slot in vault.slots.slots] == [new]
    with pytest.raises(WrongPassphrase):
        Vault.unlock(home, SECRET, now=NOW)
    Vault.unlock(home, "another one", now=NOW).lock()


def test_key_slots_are_replaced_durably(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temp, fsync, rename, fsync of the folder, in this order (R2)."""
    calls: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        calls.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        fsync(handle)

    def noted_replace(source: Path, target: Path) -> None:
        calls.append(f"{Path(source).name} to {Path(target).name}")
        replace(source, target)

    vault = bare_vault(tmp_path / "home")
    vault.home.slots.write_bytes(keyslots.write(vault.slots))
    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    vault.add_slot(SlotKind.RECOVERY, "printed words", cost=FLOOR_COST, random=os.urandom)
    assert calls == ["file", "slots.cbor.new to slots.cbor", "folder"]
    vault.lock()


def test_locking_works_while_another_process_reads(tmp_path: Path) -> None:
    """A reader elsewhere keeps the log, but never keeps this vault open."""
    vault = bare_vault(tmp_path / "home")
    vault.identities.set_progress("x", 1)
    key = vault._live_key()
    other = Database.open(vault.home.database, key, vault.slots.vault_id)
    other.run("BEGIN")
    other.rows("SELECT * FROM progress")
    vault.identities.set_progress("x", 2)
    vault._database.rows("PRAGMA busy_timeout = 50")
    vault.lock()
    assert vault.locked
    other.run("COMMIT")
    other.close()
