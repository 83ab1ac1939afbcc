"""Making a home: nothing there is overwritten, and the mark of an unfinished one is on the disk first."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.vault import home
from fieldkit.vault.errors import VaultExists
from fieldkit.vault.home import Home


def test_a_vault_is_not_cleared_away_by_a_left_over_mark(tmp_path: Path) -> None:
    """Key slots decide: with them a mark of an unfinished creation clears nothing."""
    place = Home(tmp_path / "home")
    place.prepare()
    place.slots.write_bytes(b"slots")
    place.database.write_bytes(b"database")
    assert place.creating.exists()
    with pytest.raises(VaultExists, match="holds a vault already"):
        place.prepare()
    assert place.database.read_bytes() == b"database"


def test_a_database_without_slots_is_not_cleared_away(tmp_path: Path) -> None:
    """It may be all that a wrong copy left; without a mark nothing of it is touched."""
    place = Home(tmp_path / "home")
    place.folder.mkdir(mode=0o700)
    place.database.write_bytes(b"database")
    with pytest.raises(VaultExists, match=r"holds a vault\.db without key slots"):
        place.prepare()
    assert place.database.read_bytes() == b"database"


def test_what_an_unfinished_creation_left_is_cleared_away(tmp_path: Path) -> None:
    """All of it: a write-ahead log of another database would be read into the new one."""
    place = Home(tmp_path / "home")
    place.prepare()
    left = [place.database, place.new_slots, place.attempts]
    left += [place.folder / name for name in ("vault.db-wal", "vault.db-shm")]
    for path in left:
        path.write_bytes(b"left")
    place.prepare()
    assert [path.name for path in left if path.exists()] == []
    assert place.creating.exists() and place.blobs.is_dir()


def test_the_mark_is_durable_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut a database without a mark would be taken for a vault that lost its slots."""
    place = Home(tmp_path / "home")
    synced: list[tuple[Path, bool]] = []
    monkeypatch.setattr(home, "sync_folder", lambda folder: synced.append((folder, place.creating.exists())))
    place.prepare()
    assert synced == [(place.folder, True)]
