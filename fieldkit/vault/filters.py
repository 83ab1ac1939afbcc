"""Queries somebody gave a name to: they may name people and places, so they stand in the vault alone."""

from __future__ import annotations

from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.queries import load

SQL: Final = load("filters")


class Filters:
    """The named queries of a vault."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, name: str, query: str, *, now: int) -> None:
        """Store a query under a name; one of that name is replaced."""
        self._db.run(SQL["keep"], (name, query, now))

    def all(self) -> dict[str, str]:
        """Queries by name, in the order of their names."""
        return {str(name): str(query) for name, query in self._db.rows(SQL["all"])}

    def remove(self, name: str) -> bool:
        """Forget a name; whether there was one."""
        return bool(self._db.run(SQL["remove"], (name,)))
