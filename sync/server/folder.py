"""The server's folder: one place, mode 0700, for settings, keys, database and lock; nothing outside it."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.protocol.signing import SigningKey
from sync.server import tls
from sync.server.settings import FILE_NAME, Settings

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
TICKET_KEY_BYTES: Final = 32
LOG_KEY_BYTES: Final = 32


class FolderError(Exception):
    """The folder is not fit to serve from. The text is for the operator; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Folder:
    """Names of what is in a server's folder, and how it is read."""

    path: Path

    @property
    def database(self) -> Path:
        """The SQLite database."""
        return self.path / "server.db"

    @property
    def tls_key(self) -> Path:
        """The TLS key in use; `tls-spare.key` is the one whose pin clients know already."""
        return self.path / "tls.key"

    @property
    def tls_certificate(self) -> Path:
        """The certificate of the TLS key in use."""
        return self.path / "tls.crt"

    def settings(self) -> Settings:
        """The settings file. Raises SettingsError."""
        return Settings.load(self.path)

    def log_key(self) -> SigningKey:
        """The key that signs receipts and checkpoints."""
        return SigningKey.from_bytes(self._secret("log.key", LOG_KEY_BYTES))

    def ticket_key(self) -> bytes:
        """The key that makes and checks ticket codes."""
        return self._secret("ticket.key", TICKET_KEY_BYTES)

    def pins(self) -> tuple[bytes, ...]:
        """The pin of the TLS key in use, then that of the spare one."""
        keys = (self.tls_key, self.path / "tls-spare.key")
        return tuple(tls.pin_of(key.read_bytes()) for key in keys)

    def _secret(self, name: str, length: int) -> bytes:
        secret = (self.path / name).read_bytes()
        if len(secret) != length:
            raise FolderError(
                f"{name}: expected {length} bytes, got {len(secret)}", "restore it from a backup"
            )
        return secret

    def check(self) -> None:
        """Raise FolderError unless the folder is complete, ours, and closed to everybody else."""
        if not (self.path / FILE_NAME).is_file():
            raise FolderError(f"{self.path} is no server folder", "make one with 'fieldkit-server init DIR'")
        for path in (self.path, *sorted(self.path.iterdir())):
            _check_private(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder against a second server or a migration. Raises FolderError when it is held."""
        with (self.path / "lock").open("r+b") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderError(f"a server is running in {self.path}", "stop it first") from None
            yield


def _check_private(path: Path) -> None:
    held = path.lstat()
    if held.st_uid != os.geteuid():
        raise FolderError(f"{path} belongs to user {held.st_uid}, not {os.geteuid()}", "run as its owner")
    if not (stat.S_ISREG(held.st_mode) or stat.S_ISDIR(held.st_mode)):
        raise FolderError(f"{path} is neither a file nor a folder", "remove it, or use another folder")
    if held.st_mode & 0o077:
        mode = stat.S_IMODE(held.st_mode)
        raise FolderError(f"{path} has mode {mode:04o}, others can reach it", f"chmod go= {path}")


def create(path: Path, settings: Settings) -> Folder:
    """Make a server's folder with new keys and an empty database.

    Raises FolderError when something is there.
    """
    from sync.server.stores.migrate import create_database  # slow to load, and only `init` needs it

    try:
        path.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        if not path.is_dir() or any(path.iterdir()):
            raise FolderError(f"{path} exists and is not an empty folder", "name another one") from None
        _check_private(path)
    except FileNotFoundError:
        raise FolderError(f"{path.parent} does not exist", "make it first") from None
    folder = Folder(path)
    key = tls.new_key()
    _write(folder.tls_key, key)
    _write(folder.tls_certificate, tls.certificate(key))
    _write(path / "tls-spare.key", tls.new_key())
    _write(path / "log.key", os.urandom(LOG_KEY_BYTES))
    _write(path / "ticket.key", os.urandom(TICKET_KEY_BYTES))
    _write(path / "lock", b"")
    create_database(folder.database)
    _write(path / FILE_NAME, settings.to_text().encode())  # last: it is what makes the folder complete
    _sync_folder(path)
    return folder


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
