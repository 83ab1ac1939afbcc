"""The SQLite store beyond the contract: pragmas, durability across opens, migrations (R22)."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from sync.protocol.ids import Organisation
from sync.server.stores import schema
from sync.server.stores.base import Origin, StoreError
from sync.server.stores.migrate import create_database, migrate_database, newest_version
from sync.server.stores.sql import COMMON, SqlStore, count_rows, writing_engine

OURS = Organisation(b"o" * 16)
ORIGIN = Origin(code_hash=b"c" * 32, root_hash=b"r" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new database."""
    create_database(tmp_path / "server.db")
    return tmp_path / "server.db"


def test_migrations_make_the_schema(path: Path) -> None:
    """What the migrations made is what `schema` says, and there is nothing left to migrate."""
    engine = writing_engine(path)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    engine.dispose()
    assert newest_version() == schema.VERSION
    assert migrate_database(path) == (schema.VERSION, schema.VERSION)


def test_failed_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails in its middle leaves the database as it was, and runs whole afterwards."""
    made = tmp_path / "half.db"
    made.touch()
    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", lambda *_arguments, **_options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate_database(made)
    with sqlite3.connect(made) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []
    database.close()
    assert migrate_database(made) == (None, newest_version())


def test_pragmas_on_every_connection(path: Path) -> None:
    """The writer and the readers have WAL, synchronous=FULL and the rest; readers cannot write."""
    store = SqlStore(path)
    with store.writing() as transaction, store.reading() as reader:
        for one in (transaction, reader):
            for name, expected in COMMON.items():
                got = one._connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                assert (name, got) == (name, expected)
        with pytest.raises(Exception, match="readonly"):
            reader._connection.execute(text("DELETE FROM nonce"))
    store.close()


def test_database_is_private(path: Path) -> None:
    """Database and log are readable by their owner only."""
    store = SqlStore(path)
    with store.writing() as transaction:
        transaction.add_organisation(OURS, ORIGIN)
    files = sorted(path.parent.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(os.stat(file).st_mode) for file in files} == {0o600}
    store.close()


def test_commit_survives_without_close(path: Path) -> None:
    """What was committed is there for whoever opens the files next, also without a close."""
    first = SqlStore(path)
    with first.writing() as transaction:
        transaction.add_organisation(OURS, ORIGIN)
    copy = path.parent / "copy"
    copy.mkdir()
    for file in list(path.parent.glob("server.db*")):
        (copy / file.name).write_bytes(file.read_bytes())
    second = SqlStore(copy / "server.db")
    with second.reading() as reader:
        assert reader.origin(OURS) == ORIGIN
    second.close()
    first.close()


def test_opening_never_creates(tmp_path: Path) -> None:
    """A path without a database is an error and stays without one; so is a database of another schema."""
    missing = tmp_path / "none.db"
    for opening in (SqlStore, count_rows, migrate_database):
        with pytest.raises(StoreError, match="expected a database"):
            opening(missing)
    assert not missing.exists()
    missing.touch()
    for opening in (SqlStore, count_rows):
        with pytest.raises(StoreError, match="the database has schema None, this program needs 0001"):
            opening(missing)
    with pytest.raises(StoreError, match="expected no database"):
        create_database(missing)


def test_counts(path: Path) -> None:
    """`stats` counts rows beside an open store."""
    store = SqlStore(path)
    with store.writing() as transaction:
        transaction.add_organisation(OURS, ORIGIN)
    counts = count_rows(path)
    assert counts["organisation"] == 1
    assert counts["frame"] == counts["frame_bytes"] == 0
    store.close()
