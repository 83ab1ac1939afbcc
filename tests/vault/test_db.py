"""The database: opening never creates, settings are asserted, transactions are whole (R1, R5, R6)."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from fieldkit.vault import db, db_file
from fieldkit.vault.db import Database
from fieldkit.vault.errors import (
    DamagedVault,
    NotAVault,
    OutOfStep,
    UnsafeEngine,
    VaultError,
    VaultLocked,
    WrongVault,
)

KEY = bytes(range(32))
VAULT_ID = b"twelve bytes"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed database with one row."""
    path = tmp_path / "vault.db"
    database = Database.create(path, KEY, VAULT_ID)
    with database.transaction():
        database.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT")
        database.run("INSERT INTO t VALUES (1, ?)", (b"one",))
    database.close()
    return path


def opened(path: Path) -> Database:
    """The database of `path`, opened again."""
    return Database.open(path, KEY, VAULT_ID)


def test_it_opens_again(path: Path) -> None:
    """What was committed is there; the file is private and begins with magic and vault id."""
    database = opened(path)
    assert database.rows("SELECT * FROM t") == [(1, b"one")]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes()[:16] == b"fkv1" + VAULT_ID
    assert b"CREATE TABLE" not in path.read_bytes()
    database.close()


FOREIGN = [
    ("empty", b"", NotAVault),
    ("text", b"not a database at all" * 500, NotAVault),
    ("plain sqlite", b"SQLite format 3\0" + bytes(4_080), NotAVault),
    ("short", b"fkv", NotAVault),
    ("another vault", b"fkv1" + b"other vault!" + bytes(4_080), WrongVault),
    ("right header, wrong rest", b"fkv1" + VAULT_ID + bytes(8_176), DamagedVault),
]


@pytest.mark.parametrize(("content", "error"), [row[1:] for row in FOREIGN], ids=[row[0] for row in FOREIGN])
def test_foreign_files_are_told_and_left_alone(
    tmp_path: Path, content: bytes, error: type[VaultError]
) -> None:
    """SQLCipher would take an empty file for a new vault: it is not asked; no file is touched or made."""
    path = tmp_path / "vault.db"
    path.write_bytes(content)
    with pytest.raises(error):
        opened(path)
    assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["vault.db"]


def test_sqlcipher_alone_would_create_a_vault(tmp_path: Path) -> None:
    """The control: without the check an empty file opens as an empty database."""
    path = tmp_path / "vault.db"
    path.touch()
    database = Database._connect(path, KEY, VAULT_ID)
    assert database.rows("SELECT * FROM sqlite_schema") == []
    database.close()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """Opening what is not there fails and leaves nothing behind."""
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "vault.db")
    assert list(tmp_path.iterdir()) == []


def test_another_key_opens_nothing(path: Path) -> None:
    """Pages authenticate under the key."""
    with pytest.raises(DamagedVault):
        Database.open(path, bytes(32), VAULT_ID)


def test_a_changed_page_is_found(path: Path) -> None:
    """One flipped bit anywhere in a page fails its MAC."""
    data = bytearray(path.read_bytes())
    data[-2_000] ^= 1
    path.write_bytes(data)
    database = opened(path)
    with pytest.raises(DamagedVault):
        database.check_integrity()
    database.close()


def test_integrity_is_checked_after_a_crash(path: Path) -> None:
    """A write-ahead log left behind means that nobody closed the database: every page is verified."""
    database = opened(path)
    database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
    left = path.with_name("vault.db-wal").read_bytes()
    database.close()
    data = bytearray(path.read_bytes())
    path.with_name("vault.db-wal").write_bytes(left)
    opened(path).close()
    data[-2_000] ^= 1
    path.write_bytes(data)
    path.with_name("vault.db-wal").write_bytes(b"left behind")
    with pytest.raises(DamagedVault):
        opened(path)


def test_a_page_torn_while_the_log_was_folded_is_no_damage(path: Path) -> None:
    """Power went, or the disk was full, in the middle of a page: it stands whole in the log."""
    database = opened(path)
    database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
    log, before = path.with_name("vault.db-wal").read_bytes(), path.read_bytes()
    database.close()
    after = path.read_bytes()
    torn = next(
        at for at in range(0, len(before), 4_096) if before[at : at + 4_096] != after[at : at + 4_096]
    )
    path.write_bytes(before[:torn] + after[torn : torn + 2_048] + before[torn + 2_048 :])
    path.with_name("vault.db-wal").write_bytes(log)
    database = opened(path)
    database.check_integrity()
    assert database.rows("SELECT * FROM t") == [(1, b"one"), (2, b"two")]
    database.close()


def test_a_log_in_use_does_not_hide_a_changed_page(path: Path) -> None:
    """While another process reads, the log stays; a page that the database reads is verified all the same."""
    data = bytearray(path.read_bytes())
    data[-2_000] ^= 1
    database, other = opened(path), opened(path)
    other.run("BEGIN")
    other.rows("SELECT count(*) FROM sqlite_schema")
    database.run("CREATE TABLE later (a INTEGER) STRICT")
    path.write_bytes(data)
    with pytest.raises(DamagedVault):
        database.check_integrity()
    other.close()
    database.close()


def test_an_empty_log_is_no_crash(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifying every page takes long: it is done after a crash only, not for a log with nothing in it."""
    path.with_name("vault.db-wal").touch()
    monkeypatch.setattr(Database, "check_integrity", lambda self: pytest.fail("every page was verified"))
    opened(path).close()


def test_every_setting_holds(path: Path) -> None:
    """All of R5, read back from the open connection."""
    database = opened(path)
    held = {pragma: database.value(f"PRAGMA {pragma}") for pragma, _, _ in db.REQUIRED}
    assert held == {
        "cipher_log_level": "NONE",
        "journal_mode": "wal",
        "synchronous": 2,
        "temp_store": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
        "foreign_keys": 1,
    }
    assert sqlcipher.sqlite_version_info >= (3, 51, 3)
    with pytest.raises(sqlcipher.OperationalError, match="not authorized"):
        database.rows("SELECT load_extension('anything')")
    database.close()


@pytest.mark.parametrize("pragma", [row[0] for row in db.REQUIRED])
def test_a_setting_that_does_not_hold_stops(path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str) -> None:
    """If the library does not take a setting, the vault does not open."""
    wrong = tuple((name, value, "other" if name == pragma else back) for name, value, back in db.REQUIRED)
    monkeypatch.setattr(db, "REQUIRED", wrong)
    with pytest.raises(UnsafeEngine, match=pragma):
        opened(path)


def test_an_old_library_stops(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SQLite with the WAL-reset fault is not used."""
    monkeypatch.setattr(sqlcipher, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(UnsafeEngine):
        opened(path)


def test_a_transaction_is_whole(path: Path) -> None:
    """An exception undoes everything, in joined transactions too, even when the outer block swallows it."""
    database = opened(path)
    with pytest.raises(KeyError), database.transaction():
        database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
        raise KeyError
    with pytest.raises(OutOfStep, match="none of it"), database.transaction():
        database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
        try:
            with database.transaction():
                raise KeyError
        except KeyError:
            pass
    assert database.value("SELECT count(*) FROM t") == 1
    with database.transaction(), database.transaction():
        database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
    assert database.value("SELECT count(*) FROM t") == 2
    database.close()


def test_a_transaction_waits_for_another_thread(path: Path) -> None:
    """Threads share the connection; one transaction never sees half of another."""
    database = opened(path)
    inside, seen = threading.Event(), []

    def look() -> None:
        inside.wait()
        seen.append(database.value("SELECT count(*) FROM t"))

    thread = threading.Thread(target=look)
    thread.start()
    with database.transaction():
        database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
        inside.set()
        thread.join(0.05)
        assert seen == []
        database.run("INSERT INTO t VALUES (3, ?)", (b"three",))
    thread.join()
    assert seen == [3]
    database.close()


def test_a_second_process_reads_beside_a_writer(path: Path) -> None:
    """Another connection reads what was committed while a transaction is open, and its writes wait."""
    writer, reader = opened(path), opened(path)
    with writer.transaction():
        writer.run("INSERT INTO t VALUES (2, ?)", (b"two",))
        assert reader.value("SELECT count(*) FROM t") == 1
    assert reader.value("SELECT count(*) FROM t") == 2
    reader.close()
    writer.close()


def test_constraints_are_the_programs_mistake(path: Path) -> None:
    """What the schema refuses is told as such and changes nothing."""
    database = opened(path)
    with pytest.raises(OutOfStep):
        database.run("INSERT INTO t VALUES (1, ?)", (b"again",))
    with pytest.raises(OutOfStep):
        database.run("INSERT INTO t VALUES (2, 'text')")
    database.close()


def test_a_full_disk_is_told_and_loses_nothing(path: Path) -> None:
    """Out of pages: a message that says so, the transaction undone, and it goes on when there is room."""
    database = opened(path)
    pages = database.value("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(VaultError, match="disk is full"), database.transaction():
        database.run("INSERT INTO t VALUES (2, ?)", (os.urandom(100_000),))
    assert database.value("SELECT count(*) FROM t") == 1
    database.rows("PRAGMA max_page_count = 1000000")
    database.run("INSERT INTO t VALUES (2, ?)", (os.urandom(100_000),))
    database.close()


def test_a_disk_that_takes_no_files_is_no_damage(path: Path) -> None:
    """Where no WAL can be made the disk is blamed, not the vault; with room again everything is there."""
    opened(path).close()
    wal = path.with_name(path.name + "-wal")
    wal.unlink(missing_ok=True)
    wal.mkdir()
    with pytest.raises(VaultError, match="disk could not be read or written") as caught:
        Database.open(path, KEY, VAULT_ID)
    assert not isinstance(caught.value, DamagedVault)
    wal.rmdir()
    database = Database.open(path, KEY, VAULT_ID)
    assert database.value("SELECT count(*) FROM t") == 1
    database.close()


def test_a_closed_database_says_so(path: Path) -> None:
    """After locking every use is told apart from damage."""
    database = opened(path)
    database.close()
    for use in (lambda: database.rows("SELECT 1"), database.checkpoint, database.check_integrity):
        with pytest.raises(VaultLocked):
            use()


def test_checkpoint_empties_the_log_or_says_that_it_cannot(path: Path) -> None:
    """With a reader in the way nothing may be called erased."""
    database = opened(path)
    database.run("INSERT INTO t VALUES (2, ?)", (b"two",))
    wal = path.with_name("vault.db-wal")
    assert wal.stat().st_size > 0
    reader = sqlcipher.connect(path, isolation_level=None)
    reader.set_key(f"x'{KEY.hex()}{db_file.header_of(VAULT_ID).hex()}'")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    database.run("INSERT INTO t VALUES (3, ?)", (b"three",))
    database.rows("PRAGMA busy_timeout = 50")
    with pytest.raises(VaultError, match="another fieldkit is reading"):
        database.checkpoint()
    reader.close()
    database.checkpoint()
    assert wal.stat().st_size == 0
    database.close()
