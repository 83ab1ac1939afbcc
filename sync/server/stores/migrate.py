"""Brings a database to the newest schema, from scripts inside the package; one transaction a run.

Only `init` and `migrate` import this: the migration library takes most of a second to load."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sync.server.stores.base import StoreError
from sync.server.stores.sql import told, writing_engine

FOLDER: Final = Path(__file__).parent.parent / "migrations"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(FOLDER, version_locations=[FOLDER / "versions"])


def newest_version() -> str:
    """The newest migration there is."""
    return str(_scripts().get_current_head())


def create_database(path: Path) -> None:
    """Make an empty database, readable by its owner only, with the newest schema.

    Raises StoreError when something is there.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise StoreError(f"expected no database at {path}, found one") from None
    migrate_database(path)


def migrate_database(path: Path) -> tuple[str | None, str]:
    """Bring a database to the newest schema, all or nothing; the versions before and after.

    The server must not be running. Raises StoreError.
    """
    scripts = _scripts()

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)

    engine = writing_engine(path)
    try:
        with told(), engine.begin() as connection:
            before = _version_of(connection)
            with EnvironmentContext(Config(), scripts, fn=steps) as environment:
                environment.configure(connection=connection, transactional_ddl=True)
                environment.run_migrations()
            return before, str(_version_of(connection))
    finally:
        engine.dispose()


def _version_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
