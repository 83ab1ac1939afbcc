"""Statements compiled once.

Tables and statements are those of SQLAlchemy Core. Handing the compiled text to the driver leaves out what it
does anew each time, which on the writer's thread would cost as much as SQLite itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """One statement with named parameters. Values pass as they are; a boolean comes back as an integer."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=sqlite.dialect()))
        self._text = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def _row(self, values: Mapping[str, object]) -> tuple[object, ...]:
        fixed = self._fixed
        return tuple(values[name] if name in values else fixed[name] for name in self._names)

    def run(self, connection: Connection, values: Mapping[str, object]) -> CursorResult[Any]:
        """Execute with one set of values."""
        return connection.exec_driver_sql(self._text, self._row(values))

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Execute once for each row."""
        connection.exec_driver_sql(self._text, [self._row(row) for row in rows])
