"""What opening and locking do even where another safeguard would do as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.vault import db
from fieldkit.vault.db import Database
from fieldkit.vault.errors import VaultError
from tests.vault.world import bare_vault


def test_lock_clears_the_log_beside_an_idle_reader(tmp_path: Path) -> None:
    """While another process has the vault open, closing alone would leave every old page in the log."""
    vault = bare_vault(tmp_path / "home")
    other = Database.open(vault.home.database, vault._live_key(), vault.slots.vault_id)
    vault.identities.set_progress("x", 1)
    log = vault.home.database.with_name("vault.db-wal")
    assert log.stat().st_size > 0
    vault.lock()
    assert log.stat().st_size == 0
    other.close()


def test_opening_never_creates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the file goes between the look at it and its opening: nothing is made (R1)."""
    monkeypatch.setattr(db, "check_header", lambda path, vault_id: None)
    with pytest.raises(VaultError):
        Database.open(tmp_path / "vault.db", bytes(32), bytes(12))
    assert list(tmp_path.iterdir()) == []
