"""An insertion of one row as one of many: while one statement runs, other threads of the program do too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

ROWS_TOGETHER: Final = 50
"""Rows in one statement: of at most 15 values, far below what SQLite takes."""

_INSERT: Final = re.compile(
    r"(INSERT INTO \w+ \([\w, \n]+\)\s+VALUES )(\((?:\?, )*\?\))((?:\s+ON CONFLICT[^?]*DO NOTHING)?)"
)


@cache
def of_many(sql: str) -> str | None:
    """An insertion of plain values as one of ROWS_TOGETHER rows; None for any other statement."""
    found = _INSERT.fullmatch(sql)
    if found is None:
        return None
    before, row, after = found.groups()
    return before + ", ".join([row] * ROWS_TOGETHER) + after


def run_all(connection: Any, sql: str, rows: Sequence[Sequence[object]]) -> int:
    """Run a statement for each row; returns how many rows all of them changed. For the database alone."""
    many, changed, end = of_many(sql), 0, 0
    if many is not None:
        end = len(rows) - len(rows) % ROWS_TOGETHER
        for start in range(0, end, ROWS_TOGETHER):
            values = [value for row in rows[start : start + ROWS_TOGETHER] for value in row]
            changed += int(connection.execute(many, values).rowcount)
    return changed + max(0, int(connection.executemany(sql, rows[end:]).rowcount))
