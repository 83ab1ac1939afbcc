"""The store on SQLite.

One writing connection, many reading ones, WAL, every commit on the disk before it returns (R22).

SQLite before 3.51.3 can damage a database when two connections write or checkpoint at the same instant.
Here only the writing connection does either: readers are `query_only`, and the folder's lock keeps a
second process away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from sync.server.stores import schema
from sync.server.stores.base import StoreError
from sync.server.stores.sql_read import SqlReader
from sync.server.stores.sql_write import SqlTransaction

BUSY_MILLISECONDS: Final = 10_000
"""How long a connection waits for a lock that only `stats` or a backup tool can hold."""

COMMON: Final = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
}
"""Asserted on every connection, with the answers SQLite gives.

Synchronous 2 is FULL: durable at COMMIT in WAL mode.
"""

READING: Final = {"query_only": 1}

READERS: Final = 32
"""Reading connections kept open at most."""


class SqlStore:
    """`Store` over SQLAlchemy Core and SQLite."""

    def __init__(self, path: Path) -> None:
        self._writer = writing_engine(path)
        try:
            with told(), self._writer.connect() as connection:
                _check_version(connection)
        except StoreError:
            self._writer.dispose()
            raise
        self._readers = _engine(path, "BEGIN", READING, pool_size=READERS, max_overflow=READERS)
        self._connection = self._writer.connect()

    @contextmanager
    def reading(self) -> Iterator[SqlReader]:
        """One moment, from any thread."""
        with self._readers.connect() as connection:
            yield SqlReader(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlTransaction]:
        """One transaction, on the writer's thread only."""
        with self._connection.begin():
            yield SqlTransaction(self._connection)

    def close(self) -> None:
        """Close every connection; the last one folds the log into the database."""
        self._connection.close()
        self._readers.dispose()
        self._writer.dispose()


def writing_engine(path: Path) -> Engine:
    """The one connection that writes. Opening never creates a database. Raises StoreError."""
    if not path.is_file():
        raise StoreError(f"expected a database at {path}, found none")
    return _engine(path, "BEGIN IMMEDIATE", {}, poolclass=StaticPool)


def count_rows(path: Path) -> dict[str, int]:
    """Rows of each table and the bytes of all frames; safe beside a running server. Raises StoreError."""
    if not path.is_file():
        raise StoreError(f"expected a database at {path}, found none")
    engine = _engine(path, "BEGIN", READING)
    try:
        with told(), engine.connect() as connection:
            _check_version(connection)
            found = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in schema.metadata.sorted_tables
            }
            size = select(func.coalesce(func.sum(schema.chain.c.size), 0))
            return {**found, "frame_bytes": connection.execute(size).scalar_one()}
    finally:
        engine.dispose()


def _check_version(connection: Connection) -> None:
    version = None
    if inspect(connection).has_table("alembic_version"):
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version != schema.VERSION:
        raise StoreError(f"the database has schema {version}, this program needs {schema.VERSION}")


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database says into a StoreError: for commands, which an operator reads."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}") from error


def _engine(path: Path, begin: str, extra: dict[str, int], **options: Any) -> Engine:
    arguments = {"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1_000}
    engine = create_engine(f"sqlite:///{path}", connect_args=arguments, **options)

    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # the driver begins nothing by itself; on_begin does
        for name, value in {**COMMON, **extra}.items():
            raw.execute(f"PRAGMA {name}={value}")
            got = raw.execute(f"PRAGMA {name}").fetchone()[0]
            if got != value:
                raise StoreError(f"SQLite: expected {name} = {value}, got {got!r}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
