"""Directories this laptop signed and the server may not have: two copies may sign one number (§6, §9).

The server's stands, for everybody else relies on it; what ours changed is kept until it is signed again.
"""

from __future__ import annotations

from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.evidence import SERVER, Evidence, Finding
from fieldkit.vault.identity import Identities
from fieldkit.vault.queries import load
from sync.protocol.directory import SignedDirectory
from sync.protocol.ids import ADMIN

SQL: Final = load("documents")

FIRST: Final = "directory_own"
"""Progress: version of the first own directory that the server is not known to have; 0 for none."""

BASE: Final = "directory_base"
"""Progress: version that a directory taken back had begun with, until its changes are merged; 0 for none."""

TAKEN_BACK: Final = (
    "another copy of this notebook had signed a directory under the same number: the server's stands,"
    " and what was changed here is signed again as the next one"
)

Raws = tuple[bytes, bytes]
"""A directory and the root it was signed under."""


class OwnDirectories:
    """Inside the caller's transactions."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._progress = Identities(database)
        self._evidence = Evidence(database)

    def first(self) -> int:
        """Version of the first one the server is not known to have; 0 for none."""
        return self._progress.progress(FIRST)

    def begin(self, version: int) -> None:
        """One was signed."""
        if not self.first():
            self._progress.set_progress(FIRST, version)

    def settle(self, served: SignedDirectory, *, now: int) -> bool:
        """The server has this one: whether it is ours of that number; if not, ours are taken back."""
        first, version = self.first(), served.directory.version
        if not first or version < first:
            return False
        held = self._db.row(SQL["directory_hash"], (version,))
        if held is not None and held[0] == served.hash:
            self._progress.set_progress(FIRST, self._db.value(SQL["next_version"], (version,)))
            return True
        self._take_back(first, now)
        return False

    def _take_back(self, first: int, now: int) -> None:
        ours = self._db.row(SQL["newest_below"], (0,))
        base = self._db.row(SQL["newest_below"], (first,))
        if ours is None or base is None:
            return
        self._evidence.add(Finding.DIRECTORY, ADMIN, SERVER, TAKEN_BACK, ours[0], at=now)
        self._db.run(SQL["take_back"], (first,))
        self._progress.set_progress(FIRST, 0)
        self._progress.set_progress(BASE, base[2])

    def to_merge(self) -> tuple[Raws, Raws] | None:
        """What a directory taken back began with, and it; None when there is none."""
        base = self._progress.progress(BASE)
        found = self._db.row(SQL["to_merge"], (base,)) if base else None
        return None if found is None else ((found[0], found[1]), (found[2], found[1]))

    def merged(self) -> None:
        """Nothing of it is left to do."""
        self._progress.set_progress(BASE, 0)
