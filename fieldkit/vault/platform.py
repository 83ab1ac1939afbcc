"""What differs between operating systems: locks, durable folders, private processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
"""Permission bits: a home belongs to one person."""

_PR_SET_DUMPABLE = 4
"""prctl(2): with 0, no core file and no debugger of the same user."""

if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: IO[bytes]) -> bool:
        """Take the exclusive lock of an open file, or return False at once; it goes when the process does."""
        try:
            # Far beyond the note in the file, so that others can still read who holds the lock.
            handle.seek(1 << 30)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: IO[bytes]) -> bool:
        """Take the exclusive lock of an open file, or return False at once; it goes when the process does."""
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def sync_folder(path: Path) -> None:
    """Make names created, renamed or removed in a folder durable. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, content: bytes, *, temporary: Path) -> None:
    """Replace a file; after a crash the old or the new content is whole: temp, fsync, rename, fsync."""
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
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
