"""Root documents and directories: verified before they are stored (docs/protocol.md §6, threat model R15)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.errors import JOIN_FIRST, VaultError
from fieldkit.vault.own_directories import OwnDirectories
from fieldkit.vault.queries import load
from sync.protocol.directory import SignedDirectory, check_newer, parse_directory
from sync.protocol.root import SignedRoot, check_next, parse_root, walk

SQL: Final = load("documents")


class Documents:
    """Signed documents of the organisation. Nothing unverified is ever stored here."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._own = OwnDirectories(database)

    def adopt(self, roots: Sequence[bytes], anchor: bytes, directory: bytes, *, now: int) -> SignedDirectory:
        """Take the first documents, at joining or making an organisation: every root from version 1.

        `anchor` is the root hash the invite named. Raises ProtocolError when something does not hold, and
        VaultError when documents are here already.
        """
        with self._db.transaction():
            if self.versions() != (0, 0):
                raise VaultError("this vault has an organisation already", "use another home for another one")
            newest = walk(roots, anchor)
            parsed = [parse_root(raw) for raw in roots]
            # Those before the anchor too: a server must not slip in an earlier history.
            for older, newer in pairwise(parsed):
                check_next(older, newer)
            for root in parsed:
                self._keep_root(root, now)
            held = parse_directory(directory, newest)
            self._keep_directory(held, now)
            return held

    def keep(self, roots: Sequence[bytes], directory: bytes | None, *, now: int) -> bool:
        """Take newer documents: roots step by step from the one held, then the directory.

        Returns whether anything was new. Raises ProtocolError when one does not hold; those before it stay.
        """
        changed = False
        for raw in roots:
            changed |= self._next_root(raw, now)
        if directory is None:
            return changed
        with self._db.transaction():
            new = parse_directory(directory, self.root())
            if self._own.settle(new, now=now) or not check_newer(self._find_directory(), new):
                return changed
            self._keep_directory(new, now)
            return True

    def issue(self, directory: bytes, *, now: int) -> None:
        """Take a directory this laptop has just signed, which the server does not have yet."""
        with self._db.transaction():
            new = parse_directory(directory, self.root())
            if check_newer(self._find_directory(), new):
                self._own.begin(new.directory.version)
                self._keep_directory(new, now)

    def to_merge(self) -> tuple[SignedDirectory, SignedDirectory] | None:
        """Where the server took another directory than ours: what both began with, and ours; None if not."""
        found = self._own.to_merge()
        return None if found is None else (_opened(*found[0]), _opened(*found[1]))

    def merged(self) -> None:
        """Its changes are in a newer directory, or need not be."""
        self._own.merged()

    def _next_root(self, raw: bytes, now: int) -> bool:
        with self._db.transaction():
            new = parse_root(raw)
            held = self._db.row(SQL["root"], (new.root.version,))
            if held is not None and held[0] == raw:
                return False
            check_next(self.root(), new)
            self._keep_root(new, now)
            return True

    def root(self) -> SignedRoot:
        """The newest root; raises VaultError before there is one."""
        found = self._db.row(SQL["newest_root"])
        if found is None:
            raise _nothing()
        return parse_root(found[0])

    def roots(self) -> list[bytes]:
        """Every root document held, ascending."""
        return [bytes(row[0]) for row in self._db.rows(SQL["roots"])]

    def directory(self) -> SignedDirectory:
        """The newest directory; raises VaultError before there is one."""
        found = self._find_directory()
        if found is None:
            raise _nothing()
        return found

    def _find_directory(self) -> SignedDirectory | None:
        found = self._db.row(SQL["newest_directory"])
        # Checked again under the root it was accepted under: a newer root may have come before its directory.
        return None if found is None else _opened(found[0], found[1])

    def versions(self) -> tuple[int, int]:
        """Newest directory and root version held, 0 for none: without what the server may not have of ours.

        So it tells of its own newest one, whatever this laptop signed meanwhile.
        """
        directory, root = self._db.rows(SQL["versions"], (self._own.first(),))[0]
        return int(directory), int(root)

    def knows(self, root_hash: bytes, directory_version: int, directory_hash: bytes) -> bool:
        """Whether a join relies on a root and a directory that are held here."""
        roots = {bytes(hash_) for _, hash_ in self._db.rows(SQL["root_hashes"])}
        directories: dict[int, bytes] = dict(self._db.rows(SQL["directory_hashes"]))
        return root_hash in roots and directories.get(directory_version) == directory_hash

    def _keep_root(self, root: SignedRoot, now: int) -> None:
        self._db.run(SQL["keep_root"], (root.root.version, root.hash, root.raw, now))

    def _keep_directory(self, signed: SignedDirectory, now: int) -> None:
        directory = signed.directory
        values = (directory.version, directory.root_version, signed.hash, signed.raw, now)
        self._db.run(SQL["keep_directory"], values)


@lru_cache(maxsize=4)
def _opened(directory: bytes, root: bytes) -> SignedDirectory:
    """Checking the root's signatures takes milliseconds, and every screen asks for the directory."""
    return parse_directory(directory, parse_root(root))


def _nothing() -> VaultError:
    return VaultError("this vault belongs to no organisation yet", JOIN_FIRST)
