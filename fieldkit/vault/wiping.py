"""Panic erase: first the key slots, without which nothing opens a vault, then the rest while time allows.

Overwriting in place cannot reach what a flash disk or a copying file system keeps of old pages, nor copies
made earlier. Whoever calls this says so to the person (threat model R9).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from fieldkit.vault.db_file import MAGIC as DATABASE_MAGIC
from fieldkit.vault.errors import NotErased
from fieldkit.vault.home import ERASED_MARK, Home, of_a_program
from fieldkit.vault.keyslots import FILE_BYTES
from fieldkit.vault.keyslots import MAGIC as SLOTS_MAGIC
from fieldkit.vault.platform import PRIVATE_FILE, sync_data, sync_folder

HEAD_BYTES: Final = 64
"""Where a file of key slots says what it is, whatever name it was given."""

TAIL_BYTES: Final = 2 * FILE_BYTES
"""The end of a backup file, which holds its key slots (docs/vault-format.md §5)."""

CHUNK_BYTES: Final = 1 << 20
"""Overwritten at a time; each is on the disk before progress is told."""

Progress = Callable[[int, int], None]
"""Bytes overwritten, bytes there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What stands in a home: found by names and first bytes, without changing anything."""

    slots: tuple[Path, ...]
    """Key slots, and temporaries and copies of them."""
    backups: tuple[Path, ...]
    """Backup files that lie in the home: they hold key slots at their end."""
    others: tuple[Path, ...]
    """The database and everything else of the home, the large ones last."""
    size: int
    """Bytes of all of them."""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to erase."""
        return not (self.slots or self.backups or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsGone:
    """The key slots were destroyed."""

    files: int
    overwritten: bool
    """False when a disk refused to overwrite one, which then was only removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestGone:
    """What became of the other files."""

    files: int
    """Removed."""
    size: int
    """Bytes overwritten before."""
    left: tuple[str, ...]
    """Names of what could not be removed."""


def survey(folder: Path) -> Survey:
    """Look at a home. Never opens the database: closing it again would take an open vault's locks away."""
    home, files = Home(folder), list(_files(folder))
    names = _names(home)
    named = [
        path
        for path in files
        if path.parent != folder or _belongs(path.name, names) or of_a_program(path.name)
    ]
    slots = [path for path in files if path.parent == folder and _holds_slots(path, home)]
    backups = [path for path in files if path not in named and _head(path).startswith(DATABASE_MAGIC)]
    others = sorted((path for path in named if path not in slots), key=_size)
    return Survey(
        slots=tuple(sorted(slots, key=lambda path: path != home.slots)),
        backups=tuple(backups),
        others=tuple(others),
        size=sum(map(_size, (*slots, *backups, *others))),
    )


def destroy_slots(folder: Path) -> SlotsGone:
    """Overwrite every key slot in place, wait for the disk, remove the copies of them, wait again.

    The home's own key slots come before everything, even before looking what else is there. Overwritten,
    they stay as a mark until `destroy_rest` is done: killed on the way, this leaves a vault that opens, or
    one whose slots are gone and whose erase goes on at the next start.
    Raises NotErased when one is still there as it was.
    """
    mark = Home(folder).slots
    marked = mark.exists() and _overwritten(mark, head=ERASED_MARK)
    found = survey(folder)
    files = [path for path in (*found.slots, *found.backups) if path != mark]
    overwritten = [_overwritten(path, tail=TAIL_BYTES if path in found.backups else None) for path in files]
    removed = [_removed(path) for path in files]
    if mark in found.slots:
        files.append(mark)
        overwritten.append(marked)
        removed.append(marked or _removed(mark))
    kept = [path.name for path, *done in zip(files, overwritten, removed, strict=True) if not any(done)]
    if kept:
        raise NotErased(
            f"{', '.join(kept)} could neither be overwritten nor removed: the vault STILL OPENS",
            "switch off and take the disk away, or destroy it",
        )
    if files:
        with suppress(OSError):
            # What was overwritten is gone whether or not the folder forgets its name.
            sync_folder(folder)
    return SlotsGone(files=len(files), overwritten=all(overwritten))


def destroy_rest(folder: Path, progress: Progress = lambda done, all_: None) -> RestGone:
    """Overwrite and remove the other files of a home, the small ones first; what cannot be is named."""
    found = survey(folder)
    total = sum(map(_size, found.others))
    size, files, left = 0, 0, []
    for path in found.others:
        length = _size(path)
        if _overwritten(path, progress=partial(_told, progress, size, total)):
            size += length
        if _removed(path):
            files += 1
        else:
            left.append(path.name)
    if not left:
        _removed(Home(folder).slots)
    with suppress(OSError):
        sync_folder(folder)
    for place in (Home(folder).blobs, folder):
        with suppress(OSError):
            # Only when nothing of anybody's is in it.
            place.rmdir()
    return RestGone(files=files, size=size, left=tuple(left))


def _told(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _names(home: Home) -> frozenset[str]:
    """Names of the files of a home, as the home itself gives them."""
    places = [getattr(home, name) for name, kind in vars(Home).items() if isinstance(kind, property)]
    return frozenset(place.name for place in places)


def _belongs(name: str, names: frozenset[str]) -> bool:
    """A file of a home, or one kept beside it: `vault.db-wal`, `attempts.new`, `slots.cbor~`."""
    return any(name == known or name.startswith((f"{known}.", f"{known}-", f"{known}~")) for known in names)


def _files(folder: Path) -> Iterator[Path]:
    """Every file of the home and of its folder of attachments; no other folder is entered."""
    for place in (folder, Home(folder).blobs):
        with suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                with suppress(OSError):
                    if stat.S_ISREG(entry.stat().st_mode):
                        yield Path(entry.path)


def _holds_slots(path: Path, home: Home) -> bool:
    return _belongs(path.name, frozenset({home.slots.name})) or SLOTS_MAGIC.encode() in _head(path)


def _head(path: Path) -> bytes:
    if path.name.startswith("vault.db"):
        return b""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _overwritten(
    path: Path, *, head: bytes = b"", tail: int | None = None, progress: Callable[[int], None] | None = None
) -> bool:
    """Put random bytes over a file, or over its last ones, after a head; whether the disk has them."""
    try:
        handle = _opened(path)
    except OSError:
        return False
    try:
        end = os.fstat(handle).st_size
        place = max(0, end - tail) if tail is not None else 0
        while place < end:
            # The head and what follows in one call: at no moment old bytes stand behind a head.
            chunk = head[place:] + os.urandom(min(CHUNK_BYTES, end - place))
            place += os.pwrite(handle, chunk[: end - place], place)
            sync_data(handle)
            if progress is not None:
                progress(place)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY)
    except PermissionError:
        path.chmod(PRIVATE_FILE)
        return os.open(path, os.O_WRONLY)


def _removed(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
