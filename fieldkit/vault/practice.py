"""A practice vault on the disk: told from a real one, and thrown away."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from fieldkit.vault import keyslots
from fieldkit.vault.db_file import header_of
from fieldkit.vault.errors import VaultError
from fieldkit.vault.home import Home, of_a_program
from fieldkit.vault.keyslots import PRACTICE_ID
from fieldkit.vault.platform import sync_folder


def is_practice(home: Home) -> bool:
    """Whether a home holds a practice vault, or what is left of one. False for anything in doubt.

    Ask while no vault of this process is open there: closing its database's file drops SQLite's locks.
    """
    if home.slots.exists():
        return _slots_say_so(home.slots)
    if home.database.exists():
        head = header_of(PRACTICE_ID)
        with home.database.open("rb") as file:
            return file.read(len(head)) == head or (home.creating.exists() and not home.slots.exists())
    return home.creating.exists()


def remove(home: Home) -> None:
    """Take a practice vault away: its key slots first, then every file of a home, then the folder itself.

    What somebody else has put into the folder stays, and the folder with it.
    """
    home.slots.unlink(missing_ok=True)
    sync_folder(home.folder)
    running = [path for path in home.folder.iterdir() if of_a_program(path.name)]
    own = (home.lock, home.creating, home.settings, home.keymap, *running, *home.blobs.glob("*"))
    for left in (*home.left_by_a_vault(), *own):
        left.unlink(missing_ok=True)
    with suppress(OSError):
        home.blobs.rmdir()
        home.folder.rmdir()


def _slots_say_so(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return keyslots.parse(file.read(keyslots.FILE_BYTES)).practice
    except (VaultError, OSError):
        return False
