"""What differs between operating systems: locks, durable folders, private processes."""

from __future__ import annotations

import errno
import os
import stat
import struct
import sys
from pathlib import Path
from typing import IO

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
"""Permission bits: a home belongs to one person."""

_PR_SET_DUMPABLE = 4
"""prctl(2): with 0, no core file and no debugger of the same user."""

_FLOCK = "hhqqi4x"
"""struct flock of Linux on 64 bits: kind, whence, start, length, process."""

if sys.platform == "win32":
    import msvcrt

    _HELD = (errno.EACCES, errno.EDEADLK)

    def _lock(handle: IO[bytes]) -> None:
        # Far beyond the note in the file, so that others can still read who holds the lock.
        handle.seek(1 << 30)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    _HELD = (errno.EAGAIN, errno.EACCES)

    def _lock(handle: IO[bytes]) -> None:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(handle: IO[bytes]) -> bool:
    """Take the exclusive lock of an open file, or return False at once; it goes when the process does."""
    return bool(lock_where_known(handle))


def lock_where_known(handle: IO[bytes]) -> bool | None:
    """The same; None on a disk that knows no locks, as some are that are reached over a network."""
    try:
        _lock(handle)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True


def held_by(path: Path) -> int | None:
    """Another process that holds a lock on a file, as all do that have a vault open, on `vault.db-shm`.

    None when there is none, or where the system does not tell. Only for files this process has not open:
    closing one drops this process's own locks on it.
    """
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return None
    asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with path.open("rb+") as file:
            kind, _, _, _, process = struct.unpack(_FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    except OSError:
        return None
    return None if kind == fcntl.F_UNLCK else int(process)


def sync_folder(path: Path) -> None:
    """Make names created, renamed or removed in a folder durable. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_data(handle: int) -> None:
    """Wait until the bytes written to an open file are on the disk; its name and times may follow later."""
    (os.fsync if sys.platform in ("win32", "darwin") else os.fdatasync)(handle)


def open_file(path: Path) -> IO[bytes]:
    """Open a file to be read that a person named. Raises OSError, also for what is none: a pipe that nobody
    writes to would be waited for without an end.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "that is no file", str(path))
    return os.fdopen(handle, "rb")


def open_lock(path: Path) -> IO[bytes]:
    """Open or make the file of a lock. Raises OSError where its name leads elsewhere."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, PRIVATE_FILE), "r+b", buffering=0)


def write_durably(path: Path, content: bytes, *, temporary: Path) -> None:
    """Replace a file; after a crash the old or the new content is whole: temp, fsync, rename, fsync."""
    # What stands there is left by a crash, or leads to a file of somebody else: it is never written into.
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_folder(path.parent)


def others_may_enter(path: Path) -> bool:
    """Whether somebody but the owner may read or write a folder, or it belongs to another user."""
    if sys.platform == "win32":
        return False
    status = path.stat()
    return bool(status.st_mode & 0o077) or status.st_uid != os.geteuid()


def physical_memory() -> int | None:
    """Bytes of memory this machine has; None where it does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def harden_process() -> list[str]:
    """No core files, not dumpable (threat model R28). Returns what this system could not do."""
    missing: list[str] = []
    if sys.platform == "win32":
        return ["core files and debuggers are left to the system's settings"]
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            missing.append("the process may be read by a debugger of the same user")
    else:
        missing.append("the process may be read by a debugger of the same user")
    return missing
