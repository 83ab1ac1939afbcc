"""The throw-away folder beside a home in which the panic key is practised, and what a kill left of one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from fieldkit.vault.errors import Busy
from fieldkit.vault.home import Home
from fieldkit.vault.locks import only_one
from fieldkit.vault.platform import PRIVATE_FILE, PRIVATE_FOLDER

TOKEN_BYTES: Final = 4

MARK: Final = "drill"
"""A file that stands in such a folder and in no other; the first to come and the last to go."""

WORDS: Final = b"fieldkit: a drill of the panic key; nothing here is of any use to anybody\n"

LOCK: Final = "drill.lock"
"""Held while the drill goes on."""


@contextmanager
def stage(folder: Path) -> Iterator[Home]:
    """A new folder beside a home; it is gone, with what a drill puts into it, when the block ends."""
    made = Home(folder.with_name(f"{folder.name}.drill-{os.urandom(TOKEN_BYTES).hex()}"))
    made.folder.mkdir(mode=PRIVATE_FOLDER)
    try:
        _write(made.folder / MARK)
        with only_one(made.folder / LOCK):
            yield made
    finally:
        _remove(made)


def clear_left(folder: Path) -> None:
    """Remove the folders that killed drills left beside a home, and nothing else at all.

    One that has another file in it, or a drill going on, stays as it is. Whatever fails leaves things as
    they are: nobody is kept from a vault by rubbish beside it.
    """
    ours = re.compile(rf"{re.escape(folder.name)}\.drill-[0-9a-f]{{{2 * TOKEN_BYTES}}}")
    with suppress(OSError), os.scandir(folder.parent) as entries:
        for entry in entries:
            if ours.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError, Busy):
                    _clear(Home(Path(entry.path)))


def _clear(left: Home) -> None:
    names = {entry.name for entry in left.folder.iterdir()}
    if not names:
        left.folder.rmdir()  # killed before anything was in it, or after everything was gone
    elif names <= {MARK, LOCK, left.slots.name, left.database.name} and _is_marked(left):
        with only_one(left.folder / LOCK) as sure:
            if not sure:
                return
            left.slots.unlink(missing_ok=True)
            left.database.unlink(missing_ok=True)
        _remove(left)


def _is_marked(left: Home) -> bool:
    mark = left.folder / MARK
    return not mark.is_symlink() and mark.is_file() and mark.read_bytes() == WORDS


def _remove(made: Home) -> None:
    with suppress(OSError):
        for path in (made.slots, made.database, made.folder / LOCK, made.folder / MARK):
            path.unlink(missing_ok=True)
        made.folder.rmdir()


def _write(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(WORDS)
