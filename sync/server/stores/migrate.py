"""Brings a database to the newest schema, from scripts inside the package; one transaction a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER: Final = Path(__file__).parent.parent / "migrations"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(FOLDER, version_locations=[FOLDER / "versions"])


def newest_version() -> str:
    """The schema this program works with."""
    return str(_scripts().get_current_head())


def version_of(connection: Connection) -> str | None:
    """The schema a database has; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring a database to the newest schema; the versions before and after. All or nothing."""
    scripts = _scripts()

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("head", revision)

    with engine.begin() as connection:
        before = version_of(connection)
        with EnvironmentContext(Config(), scripts, fn=steps) as environment:
            environment.configure(connection=connection, transactional_ddl=True)
            environment.run_migrations()
        after = version_of(connection)
    return before, str(after)
