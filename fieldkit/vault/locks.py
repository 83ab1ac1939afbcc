"""One exchange at a time, and it says who it is; reading goes on beside it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fieldkit.vault.errors import Busy
from fieldkit.vault.platform import lock_where_known, open_lock, try_lock

NOTE_BYTES = 512
"""Largest note read from a lock file; a longer one is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a home's lock."""

    pid: int
    verb: str
    """What it is doing: the command's name."""
    since: int
    """UTC seconds by this machine's clock."""


@contextmanager
def exclusive(path: Path, *, verb: str, now: int) -> Iterator[Holder]:
    """Hold the lock file for one exchange; raise Busy, naming the holder, when somebody else does.

    The system drops the lock with the process, so a note left by a crash blocks nobody.
    """
    with open_lock(path) as handle:
        if not try_lock(handle):
            raise _busy(holder(path))
        if os.fstat(handle.fileno()).st_size > NOTE_BYTES:
            raise OSError(
                errno.EEXIST, "that is another file, where the lock of the exchange should be", str(path)
            )
        mine = Holder(pid=os.getpid(), verb=verb, since=now)
        note = json.dumps({"pid": mine.pid, "verb": mine.verb, "since": mine.since})
        handle.seek(0)
        handle.truncate(0)
        handle.write(note.encode())
        try:
            yield mine
        finally:
            handle.truncate(0)


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold a lock file that is there only while it is held; False on a disk that knows no locks.

    Raises Busy while another holds it. A file of somebody else that has this name stays.
    """
    handle, held = _own(path)
    try:
        yield bool(held)
    finally:
        empty = not os.fstat(handle.fileno()).st_size
        # Windows removes nothing that is open; what is left there stands in nobody's way.
        with handle, suppress(OSError):
            if empty:
                path.unlink()


def _own(path: Path) -> tuple[IO[bytes], bool | None]:
    while True:
        handle = open_lock(path)
        held = lock_where_known(handle)
        if held is False:
            handle.close()
            raise Busy("another fieldkit holds it", "wait until it is done")
        if held is None or _is_at(handle, path):
            return handle, held
        # Whoever had it removed the file between the two calls: the lock is of a name that is gone.
        handle.close()


def _is_at(handle: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def holder(path: Path) -> Holder | None:
    """What the lock file says about its holder; None when it says nothing readable."""
    try:
        with path.open("rb") as file:
            note = json.loads(file.read(NOTE_BYTES))
        return Holder(pid=int(note["pid"]), verb=str(note["verb"]), since=int(note["since"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        # OverflowError: JSON may hold 1e999, of which no integer can be made.
        return None


def _busy(who: Holder | None) -> Busy:
    if who is None:
        return Busy("another fieldkit is exchanging in this home", "wait until it ends, then try again")
    return Busy(
        f"another fieldkit is exchanging in this home: `{who.verb}`, process {who.pid}",
        "wait until it ends, then try again; lists and drafts work meanwhile",
    )
