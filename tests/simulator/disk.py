"""What a laptop's vault lies on: SQLCipher in memory, or real encrypted files; both can die at any commit.

In memory nothing is encrypted and there is no write-ahead log; schema, statements and transactions are the
vault's. On files everything is as in a real home but the passphrase's derivation.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from sqlcipher3 import dbapi2 as sqlcipher

from fieldkit.vault import migrations
from fieldkit.vault.db import Database

MEMORY_PRAGMAS: Final = ("temp_store = MEMORY", "trusted_schema = OFF", "foreign_keys = ON")
"""Those of db.REQUIRED that mean anything without a file."""

FILE_KEY: Final = bytes(range(32))
FILE_VAULT: Final = bytes(range(12))


class Died(BaseException):
    """The laptop lost power here: nothing of it runs any more. No handler of the program may stop it."""


class Mortal(Database):
    """The vault's database with a fuse: at that commit, just before or just after it, the laptop dies."""

    fuse: int | None = None
    """Commits that still succeed; None for all."""
    after: bool = False
    """Whether the last commit still becomes durable."""
    dead: bool = False

    def _live(self) -> Any:
        if self.dead:
            raise Died
        return super()._live()

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """See `Database`; outside a transaction a statement is one by itself."""
        if self._depth or self.fuse is None:
            return super().run(sql, parameters)
        changed = 0
        if self._burn():
            changed = super().run(sql, parameters)
        self._die_if_due()
        return changed

    def _commit(self) -> None:
        if self._burn():
            super()._commit()
        self._die_if_due()

    def _burn(self) -> bool:
        """Whether the commit that is due now still becomes durable."""
        if self.fuse is None:
            return True
        self.fuse -= 1
        return self.fuse >= 0 or self.after

    def _die_if_due(self) -> None:
        if self.fuse is not None and self.fuse < 0:
            self.dead = True
            raise Died


class Disk(Protocol):
    """One laptop's storage."""

    def open(self) -> Mortal:
        """Open what is there, as the first thing after a start."""

    def image(self) -> object:
        """A copy of everything as it is now; the database may be open."""

    def put(self, image: object) -> None:
        """Replace everything by an image. The database must have been let go."""

    def let_go(self) -> None:
        """Close the database, as a stop or a crash does."""


def _memory() -> Any:
    connection = sqlcipher.connect(
        ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in MEMORY_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class MemoryDisk:
    """A database in memory. What is durable is what was committed."""

    def __init__(self) -> None:
        self._connection = _memory()

    def open(self) -> Mortal:
        """See `Disk`."""
        return Mortal(self._connection, Path("vault.db"))

    def image(self) -> object:
        """See `Disk`."""
        copy = _memory()
        self._connection.backup(copy)
        return copy

    def put(self, image: object) -> None:
        """See `Disk`."""
        source: Any = image
        self._connection.close()
        self._connection = _memory()
        source.backup(self._connection)

    def let_go(self) -> None:
        """See `Disk`: what was not committed is gone."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


class FileDisk:
    """Encrypted files, as `Vault` opens them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "vault.db"
        self._database: Mortal | None = None

    def open(self) -> Mortal:
        """See `Disk`."""
        self.let_go()
        opened = Mortal.open(self._path, FILE_KEY, FILE_VAULT)
        assert isinstance(opened, Mortal)
        self._database = opened
        return opened

    def image(self) -> object:
        """See `Disk`: the file and its write-ahead log, taken while the program may be running."""
        return {path.name: path.read_bytes() for path in self._files() if path.exists()}

    def put(self, image: object) -> None:
        """See `Disk`."""
        assert isinstance(image, dict)
        self.let_go()
        for path in self._files():
            path.unlink(missing_ok=True)
            if path.name in image:
                path.write_bytes(image[path.name])

    def let_go(self) -> None:
        """See `Disk`."""
        if self._database is not None:
            Database.close(self._database)
            self._database = None

    def _files(self) -> tuple[Path, Path]:
        return self._path, self._path.with_name("vault.db-wal")


def new_disk(folder: Path, *, on_files: bool) -> Disk:
    """An empty vault's storage with its schema."""
    if not on_files:
        disk = MemoryDisk()
        migrations.migrate(disk.open())
        return disk
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    made = Database.create(folder / "vault.db", FILE_KEY, FILE_VAULT)
    migrations.migrate(made)
    made.checkpoint()
    made.close()
    return FileDisk(folder)
