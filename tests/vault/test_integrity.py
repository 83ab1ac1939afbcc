"""What a commit and a check of all pages must not pass over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fieldkit.vault.db import Database
from fieldkit.vault.errors import DamagedVault, OutOfStep

KEY, VAULT_ID = bytes(range(32)), b"twelve bytes"
PAGE = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed database of a few tables, one of them gone: its pages are free, and still there."""
    file = tmp_path / "vault.db"
    database = Database.create(file, KEY, VAULT_ID)
    with database.transaction():
        database.run("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        database.run("CREATE TABLE child (of INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        database.run("CREATE TABLE gone (b BLOB)")
        database.run("INSERT INTO gone VALUES (?)", (os.urandom(20 * PAGE),))
    database.run("DROP TABLE gone")
    database.checkpoint()
    assert database.value("PRAGMA freelist_count") >= 20
    database.close()
    return file


def test_a_commit_that_fails_is_told_and_undone(path: Path) -> None:
    """Some errors come with COMMIT only: then nothing was stored, and nobody may believe otherwise."""
    database = Database.open(path, KEY, VAULT_ID)
    with pytest.raises(OutOfStep, match="refused to store"), database.transaction():
        database.run("INSERT INTO child VALUES (7)")
    assert database.value("SELECT count(*) FROM child") == 0
    with database.transaction():
        database.run("INSERT INTO parent VALUES (7)")
        database.run("INSERT INTO child VALUES (7)")
    assert database.value("SELECT count(*) FROM child") == 1
    database.close()


def test_a_change_where_nothing_reads_is_found(path: Path) -> None:
    """No statement looks at a free page, but somebody changed the file: its MAC says so."""
    data = bytearray(path.read_bytes())
    data[-PAGE // 2] ^= 1
    path.write_bytes(data)
    database = Database.open(path, KEY, VAULT_ID)
    assert database.rows("PRAGMA quick_check(3)") == [("ok",)]
    with pytest.raises(DamagedVault, match=r"vault\.db is damaged or was changed from outside"):
        database.check_integrity()
    database.close()
