"""Two programs write to one vault: the second waits, and is told when it waited too long."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from fieldkit.vault import db, db_file
from fieldkit.vault.db import Database
from fieldkit.vault.errors import VaultError
from fieldkit.vault.vault import CLOSING_MILLISECONDS
from tests.vault.world import bare_vault

KEY, VAULT_ID = b"k" * 32, b"v" * 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one table."""
    file = tmp_path / "vault.db"
    database = Database.create(file, KEY, VAULT_ID)
    database.run("CREATE TABLE t (id INTEGER)")
    database.close()
    return file


def test_a_second_writer_is_told(path: Path) -> None:
    """After its patience it says who is in the way, and neither vault nor disk is blamed."""
    first, second = (Database.open(path, KEY, VAULT_ID) for _ in range(2))
    second.rows("PRAGMA busy_timeout = 50")
    with first.transaction():
        for use in (lambda: second.run("INSERT INTO t VALUES (1)"), lambda: second.transaction().__enter__()):
            with pytest.raises(VaultError) as told:
                use()
            assert str(told.value) == "another fieldkit is writing to this vault"
            assert told.value.hint == "try again in a moment"
    second.run("INSERT INTO t VALUES (1)")
    assert first.value("SELECT count(*) FROM t") == 1
    first.close()
    second.close()


def test_a_second_writer_waits(path: Path) -> None:
    """A transaction of another program lasts milliseconds: nobody hears of it."""
    first, second = (Database.open(path, KEY, VAULT_ID) for _ in range(2))
    assert second.value("PRAGMA busy_timeout") == db.BUSY_MILLISECONDS
    written: list[float] = []

    def write() -> None:
        second.run("INSERT INTO t VALUES (1)")
        written.append(time.monotonic())

    thread = threading.Thread(target=write)
    with first.transaction():
        thread.start()
        thread.join(0.1)
        ended = time.monotonic()
        assert written == []
    thread.join()
    assert written[0] >= ended
    first.close()
    second.close()


@pytest.mark.parametrize("other", ["BEGIN IMMEDIATE", "BEGIN"])
def test_a_lock_waits_for_nobody(tmp_path: Path, other: str) -> None:
    """Another program writes or reads, or was stopped in the middle of it: a lock gives it only a moment, so
    that no screen stands open until it ends.
    """
    vault = bare_vault(tmp_path / "home")
    beside = sqlcipher.connect(str(vault.home.database), isolation_level=None)
    beside.set_key(f"x'{vault._key.hex()}{db_file.header_of(vault.slots.vault_id).hex()}'")  # type: ignore[union-attr]
    beside.execute(other)
    beside.execute("SELECT count(*) FROM incident").fetchall()
    patience: list[int] = []
    checkpoint = vault._database.checkpoint

    def noting() -> None:
        patience.append(vault._database.value("PRAGMA busy_timeout"))
        checkpoint()

    vault._database.checkpoint = noting  # type: ignore[method-assign]
    vault.lock()
    assert vault.locked
    assert patience == [CLOSING_MILLISECONDS]
    assert CLOSING_MILLISECONDS <= 1_000
    beside.close()
