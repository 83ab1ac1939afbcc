"""The database library is asked what it is and what it lets anybody do, before a vault is trusted to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from fieldkit.vault import db
from fieldkit.vault.errors import UnsafeEngine


class Permissive:
    """A connection of a library that cannot forbid extensions."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlcipher.connect(path, isolation_level=None)
        self._connection.set_key("x'" + "00" * 48 + "'")
        self._connection.enable_load_extension(True)

    def execute(self, sql: str) -> Any:
        """As the real one."""
        return self._connection.execute(sql)

    def enable_load_extension(self, allowed: bool) -> None:
        """Does nothing."""

    def close(self) -> None:
        """As the real one."""
        self._connection.close()


def test_extensions_must_be_forbidden(tmp_path: Path) -> None:
    """What could load code into the process that holds the key is refused, whatever it says of itself."""
    connection = Permissive(tmp_path / "vault.db")
    with pytest.raises(UnsafeEngine, match="extensions could be loaded"):
        db._assert_settings(connection)
    connection.close()


def test_the_least_version_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version named as the least is taken, the one before it is not."""
    least = sqlcipher.sqlite_version_info
    monkeypatch.setattr(db, "LEAST_SQLITE", least)
    db.check_engine()
    monkeypatch.setattr(db, "LEAST_SQLITE", (*least[:2], least[2] + 1))
    with pytest.raises(UnsafeEngine, match=r"expected SQLite \d+\.\d+\.\d+ or newer, got "):
        db.check_engine()
