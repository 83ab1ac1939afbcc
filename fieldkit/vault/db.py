"""The one owner of the encrypted database's connection: docs/vault-format.md §3.

Nothing else imports sqlcipher3.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from fieldkit.vault.db_file import MAGIC, check_header, header_of
from fieldkit.vault.db_troubles import damaged, disk_trouble
from fieldkit.vault.errors import DamagedVault, OutOfStep, UnsafeEngine, VaultError, VaultLocked
from fieldkit.vault.platform import PRIVATE_FILE, sync_folder
from fieldkit.vault.rows_together import run_all

Row = tuple[Any, ...]

APPLICATION_ID: Final = int.from_bytes(MAGIC, "big")
LEAST_SQLITE: Final = (3, 51, 3)
"""Before this version two connections that reset the WAL at once could lose a commit."""

BUSY_MILLISECONDS: Final = 10_000
"""How long a write waits for another process of the same home; its transactions last milliseconds."""

REQUIRED: Final[tuple[tuple[str, str, object], ...]] = (
    ("cipher_log_level", "NONE", "NONE"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("mmap_size", "0", 0),
    ("foreign_keys", "ON", 1),
)
"""Set and read back at every open (threat model R5): pragma, value to set, value that must come back."""


class Database:
    """One connection, one lock, one transaction at a time.

    Threads may share it: a transaction holds the lock from BEGIN to COMMIT, a query while it runs.
    """

    def __init__(self, connection: Any, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._doomed = False

    @classmethod
    def create(cls, path: Path, key: bytes, vault_id: bytes) -> Database:
        """Make a new, empty database. The caller has made sure that nothing is there."""
        path.touch(mode=PRIVATE_FILE, exist_ok=False)
        database = cls._connect(path, key, vault_id)
        # Writing something makes the first page, which carries the header, durable.
        database.run(f"PRAGMA application_id = {APPLICATION_ID}")
        database.checkpoint()
        sync_folder(path.parent)
        return database

    @classmethod
    def open(cls, path: Path, key: bytes, vault_id: bytes) -> Database:
        """Open what exists; never creates.

        Raises as `check_header`, and DamagedVault when pages do not authenticate.
        """
        check_header(path, vault_id)
        wal = path.with_name(path.name + "-wal")
        unclean = wal.exists() and wal.stat().st_size > 0
        database = cls._connect(path, key, vault_id)
        try:
            if unclean:
                database.check_integrity()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _connect(cls, path: Path, key: bytes, vault_id: bytes) -> Database:
        check_engine()
        connection = _connection(path, "mode=rw", key, vault_id)
        try:
            connection.set_busy_timeout(BUSY_MILLISECONDS / 1_000)
            _assert_settings(connection)
        except sqlcipher.DatabaseError as error:
            connection.close()
            # A full or failing disk is no damage: nobody should reach for an old backup because of it.
            raise disk_trouble(str(error)) or damaged(path, str(error)) from None
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    def _live(self) -> Any:
        if self._connection is None:
            raise VaultLocked("the vault is locked", "unlock it and try again")
        return self._connection

    @property
    def closed(self) -> bool:
        """Whether the connection is gone."""
        return self._connection is None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: BEGIN IMMEDIATE … COMMIT, durable when the block ends.

        A transaction inside one joins it. When the inner one fails the whole is undone; an outer block that
        swallowed the exception gets OutOfStep instead of a commit.
        """
        with self._lock:
            if self._depth:
                with self._joined():
                    yield
                return
            self._begin()
            self._depth, self._doomed = 1, False
            try:
                yield
                if self._doomed:
                    raise OutOfStep("a part of this change failed, so none of it was stored")
                self._commit()
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    @contextmanager
    def _joined(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        except BaseException:
            self._doomed = True
            raise
        finally:
            self._depth -= 1

    def _begin(self) -> None:
        try:
            self._live().execute("BEGIN IMMEDIATE")
        except sqlcipher.Error as error:
            raise self._failed(error) from error

    def _commit(self) -> None:
        try:
            self._live().execute("COMMIT")
        except sqlcipher.Error as error:
            raise self._failed(error) from error

    def _roll_back(self) -> None:
        connection = self._connection
        if connection is not None and connection.in_transaction:
            connection.execute("ROLLBACK")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement and return its rows."""
        with self._lock:
            try:
                found: list[Row] = self._live().execute(sql, tuple(parameters)).fetchall()
            except sqlcipher.Error as error:
                raise self._failed(error) from error
            return found

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row; raises LookupError when there is none."""
        found = self.row(sql, parameters)
        if found is None:
            raise LookupError("the statement gave no row")
        return found[0]

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one writing statement; returns how many rows it changed."""
        with self._lock:
            try:
                return int(self._live().execute(sql, tuple(parameters)).rowcount)
            except sqlcipher.Error as error:
                raise self._failed(error) from error

    def run_many(self, sql: str, parameters: Iterable[Sequence[object]]) -> int:
        """Run one writing statement for each row of parameters; returns how many rows all of them changed."""
        with self._lock:
            try:
                return run_all(self._live(), sql, list(parameters))
            except sqlcipher.Error as error:
                raise self._failed(error) from error

    def script(self, text: str) -> None:
        """Run several statements in the current transaction; the library's own call would commit first."""
        statement = ""
        for line in text.splitlines(keepends=True):
            statement += line
            if line.rstrip().endswith(";") and sqlcipher.complete_statement(statement):
                self.run(statement)
                statement = ""

    def checkpoint(self) -> None:
        """Move everything into vault.db and empty the WAL: what was overwritten is gone from both files.

        Raises VaultError when a reader in another process holds the WAL: then nothing may be called erased.
        """
        with self._lock:
            busy, _, _ = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if busy:
            raise VaultError(
                "old pages could not be cleared: another fieldkit is reading this vault",
                "close it; the next exchange or lock clears them",
            )

    def check_integrity(self) -> None:
        """Verify every page's MAC and the database's structure; raise DamagedVault.

        The WAL is folded in first: what a power cut or a full disk tore in vault.db while it was copied there
        stands whole in the WAL. Where that cannot be done now, the pages are verified as the database reads
        them.
        """
        problems: list[str] = []
        if self._folded():
            # Looks at vault.db alone, past the WAL.
            problems += [str(row[0]) for row in self.rows("PRAGMA cipher_integrity_check")]
        problems += [str(row[0]) for row in self.rows("PRAGMA quick_check(3)") if row[0] != "ok"]
        if problems:
            raise damaged(self._path, problems[0])

    def copy_to(self, target: Path, key: bytes, vault_id: bytes) -> None:
        """Write the database as it is at one moment to a new file, under the same key; verify every page.

        Over a connection of its own: whoever reads and writes here goes on beside it. Raises VaultError.
        """
        target.touch(mode=PRIVATE_FILE, exist_ok=False)
        source = self._connect(self._path, key, vault_id)
        try:
            copy = _connection(target, "mode=rw", key, vault_id)
            try:
                # A copy that is cut short is thrown away whole: it needs no journal beside it.
                copy.execute("PRAGMA journal_mode = OFF").fetchall()
                source._live().backup(copy)
            finally:
                copy.close()
            written = Database(_connection(target, "mode=ro&immutable=1", key, vault_id), target)
            try:
                written.check_integrity()
            finally:
                written.close()
        except sqlcipher.Error as error:
            raise self._failed(error) from None
        finally:
            source.close()

    def _folded(self) -> bool:
        """Copy the WAL into vault.db without waiting for anybody; whether all of it is there now."""
        try:
            busy, pages, moved = self.rows("PRAGMA wal_checkpoint(PASSIVE)")[0]
        except (DamagedVault, VaultLocked):
            raise
        except VaultError:
            return False
        return not busy and pages == moved

    def close(self) -> None:
        """Close the connection. Later calls raise VaultLocked."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _failed(self, error: Exception) -> Exception:
        text = str(error)
        if isinstance(error, sqlcipher.IntegrityError):
            return OutOfStep(
                f"the vault refused to store this: {text}", "report this as a fault; nothing was changed"
            )
        if "malformed" in text or "not a database" in text:
            return damaged(self._path, text)
        if trouble := disk_trouble(text):
            return trouble
        if "locked" in text or "busy" in text:
            return VaultError("another fieldkit is writing to this vault", "try again in a moment")
        return error


def check_engine() -> None:
    """Raise UnsafeEngine when the SQLite here is too old or is not SQLCipher."""
    version: tuple[int, ...] = sqlcipher.sqlite_version_info
    if version < LEAST_SQLITE:
        raise UnsafeEngine(
            f"expected SQLite {'.'.join(map(str, LEAST_SQLITE))} or newer, got {sqlcipher.sqlite_version}",
            "install the pinned sqlcipher3",
        )


def _connection(path: Path, mode: str, key: bytes, vault_id: bytes) -> Any:
    """A connection with the key set; nothing of the file was read yet."""
    try:
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.set_key(f"x'{key.hex()}{header_of(vault_id).hex()}'")
    except sqlcipher.Error as error:
        raise VaultError(
            f"{path.name} cannot be opened: {error}", "check the disk and the permissions"
        ) from None
    return connection


def _assert_settings(connection: Any) -> None:
    if not connection.execute("PRAGMA cipher_version").fetchall():
        raise UnsafeEngine("the database library does not encrypt", "install the pinned sqlcipher3")
    # The first statement that reads the file: fails here when key or header do not fit.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    for pragma, wanted, expected in REQUIRED:
        connection.execute(f"PRAGMA {pragma} = {wanted}").fetchall()
        got = connection.execute(f"PRAGMA {pragma}").fetchall()
        if got != [(expected,)]:
            raise UnsafeEngine(
                f"expected {pragma} to be {expected}, got {got}", "install the pinned sqlcipher3"
            )
    connection.enable_load_extension(False)
    try:
        connection.execute("SELECT load_extension('')").fetchall()
    except sqlcipher.OperationalError as error:
        if "not authorized" in str(error):
            return
    raise UnsafeEngine("extensions could be loaded into the vault", "install the pinned sqlcipher3")
