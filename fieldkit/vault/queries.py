"""Reads the named statements of `sql/*.sql`: each a line `-- name: what_it_is`, a comment, one statement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_NAME: Final = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One named statement."""

    name: str
    comment: str
    sql: str


@cache
def statements(part: str) -> Mapping[str, Statement]:
    """All statements of one file, by name. Raises ValueError for a name given twice."""
    text = (files("fieldkit.vault") / "sql" / f"{part}.sql").read_text(encoding="utf-8")
    found: dict[str, Statement] = {}
    pieces = _NAME.split(text)[1:]
    for name, body in zip(pieces[::2], pieces[1::2], strict=True):
        if name in found:
            raise ValueError(f"{part}.sql has two statements named {name}")
        lines = body.strip().splitlines()
        comment = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
        sql = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
        found[name] = Statement(name=name, comment=" ".join(comment), sql=sql)
    return found


@cache
def load(part: str) -> Mapping[str, str]:
    """The SQL of one file's statements, by name."""
    return {name: statement.sql for name, statement in statements(part).items()}
