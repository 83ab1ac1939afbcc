"""The server's folder: what is in it, and when it is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sync.server.folder import Folder, FolderError, create
from sync.server.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A new server's folder."""
    return create(tmp_path / "server", Settings())


def test_new_folder(folder: Folder) -> None:
    """Everything is private, keys are of their length, the two pins differ."""
    folder.check()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.path.iterdir()} == {0o600}
    assert len(folder.ticket_key()) == 32
    assert len(set(folder.pins())) == 2
    assert folder.settings() == Settings()
    assert folder.log_key().public == folder.log_key().public


def test_folders_have_keys_of_their_own(tmp_path: Path) -> None:
    """No two servers share a key."""
    first, second = (create(tmp_path / name, Settings()) for name in ("a", "b"))
    assert first.ticket_key() != second.ticket_key()
    assert first.log_key().public != second.log_key().public
    assert not set(first.pins()) & set(second.pins())


def test_create_takes_only_what_is_empty(tmp_path: Path) -> None:
    """An empty folder of ours is used; anything else that is there is left alone."""
    (tmp_path / "empty").mkdir(mode=0o700)
    create(tmp_path / "empty", Settings())
    with pytest.raises(FolderError, match="is not an empty folder"):
        create(tmp_path / "empty", Settings())
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match="is not an empty folder"):
        create(tmp_path / "file", Settings())
    (tmp_path / "open").mkdir(mode=0o755)
    with pytest.raises(FolderError, match="has mode 0755"):
        create(tmp_path / "open", Settings())
    with pytest.raises(FolderError, match="does not exist"):
        create(tmp_path / "none" / "server", Settings())


@pytest.mark.parametrize("name", [".", "server.db", "log.key", "settings.toml"])
@pytest.mark.parametrize("mode", [0o770, 0o604])
def test_others_must_not_reach_it(folder: Folder, name: str, mode: int) -> None:
    """A folder or file that others can reach is refused, and the hint says what to do."""
    path = folder.path / name
    path.chmod(mode)
    with pytest.raises(FolderError, match=f"has mode {mode:04o}") as refused:
        folder.check()
    assert refused.value.hint.startswith("chmod go= ")


def test_wrong_owner(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the owner serves from a folder, root no more than anybody else."""
    monkeypatch.setattr(os, "geteuid", lambda: folder.path.stat().st_uid + 1)
    with pytest.raises(FolderError, match="belongs to user"):
        folder.check()


def test_links_are_refused(folder: Folder, tmp_path: Path) -> None:
    """A link could lead a key or the database elsewhere."""
    (folder.path / "log.key").rename(tmp_path / "log.key")
    (folder.path / "log.key").symlink_to(tmp_path / "log.key")
    with pytest.raises(FolderError, match="neither a file nor a folder"):
        folder.check()


def test_incomplete_folder(tmp_path: Path, folder: Folder) -> None:
    """No settings file, no server folder; a key of another length is told."""
    with pytest.raises(FolderError, match="is no server folder"):
        Folder(tmp_path).check()
    (folder.path / "log.key").write_bytes(b"short")
    with pytest.raises(FolderError, match="expected 32 bytes, got 5"):
        folder.log_key()


def test_one_at_a_time(folder: Folder) -> None:
    """The lock keeps a second server away, and is free again after the first."""
    with folder.lock(), pytest.raises(FolderError, match="a server is running"), folder.lock():
        pass
    with folder.lock():
        pass
