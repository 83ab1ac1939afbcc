"""Brings a database to the newest schema, one numbered step after the other, from version 1."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fieldkit.vault.db import Database
from fieldkit.vault.errors import DamagedVault, NewerVault


@cache
def steps() -> tuple[str, ...]:
    """The SQL of every step, in order, from `schema/0001.sql`; ValueError when a number is missing."""
    found = sorted(
        entry.name for entry in (files("fieldkit.vault") / "schema").iterdir() if entry.name.endswith(".sql")
    )
    expected = [f"{number:04}.sql" for number in range(1, len(found) + 1)]
    if found != expected:
        raise ValueError(f"expected schema steps {expected}, got {found}")
    return tuple((files("fieldkit.vault") / "schema" / name).read_text(encoding="utf-8") for name in found)


def version(database: Database) -> int:
    """The schema version a database stands at; 0 before the first step."""
    return int(database.value("PRAGMA user_version"))


def check(database: Database) -> None:
    """Raise NewerVault for a schema of a later fieldkit, DamagedVault for a database without one."""
    held, known = version(database), len(steps())
    if held > known:
        raise NewerVault(
            f"this vault has schema version {held}, this fieldkit knows {known}", "use a newer fieldkit"
        )
    if held < 1:
        raise DamagedVault("vault.db holds no tables", "put vault.db back from a backup")


def migrate(database: Database) -> int:
    """Run the missing steps, each in one transaction with its number; returns the version reached."""
    for number, text in enumerate(steps(), start=1):
        if number > version(database):
            with database.transaction():
                database.script(text)
                database.run(f"PRAGMA user_version = {number:d}")
    return version(database)
