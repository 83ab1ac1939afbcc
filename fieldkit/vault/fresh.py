"""Which pulled reports nobody has read on this laptop since they came, or changed."""

from __future__ import annotations

from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.queries import load

SQL: Final = load("fresh")


class Fresh:
    """The reports of others that are new here. Every revision that comes makes its report new again."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def among(self, first: int, last: int) -> frozenset[int]:
        """Rows of new reports between two rows of the list, both included."""
        return frozenset(int(row) for (row,) in self._db.rows(SQL["among"], (first, last)))

    def count(self) -> int:
        """How many reports are new."""
        return int(self._db.rows(SQL["count"])[0][0])

    def read(self, number: int) -> bool:
        """It was read; whether it was new."""
        return self._db.run(SQL["read"], (number,)) > 0
