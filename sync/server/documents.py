"""The roots and directories a server holds, parsed once (docs/protocol.md §6)."""

from __future__ import annotations

from threading import Lock
from typing import Final

from sync.protocol.directory import SignedDirectory, check_newer, parse_directory
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import Organisation
from sync.protocol.root import SignedRoot, check_next, parse_root
from sync.server.stores.base import Document, DocumentKind, Reader

CACHED: Final = 256
"""Parsed directories kept in memory: one an organisation."""


class Documents:
    """Reads the newest directory and root; what was parsed is kept by its hash, which cannot go stale."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[Organisation, bytes], SignedDirectory] = {}
        self._lock = Lock()

    def directory(self, reader: Reader, organisation: Organisation) -> SignedDirectory:
        """The newest directory. Raises ProtocolError (ORGANISATION) when the organisation is not known."""
        held = reader.newest(organisation, DocumentKind.DIRECTORY)
        if held is None:
            raise ProtocolError(Refusal.ORGANISATION, "no such organisation on this server")
        name = (organisation, held.hash)
        with self._lock:
            found = self._parsed.get(name)
        if found is None:
            found = _parse(reader, organisation, held)
            with self._lock:
                if len(self._parsed) >= CACHED:
                    self._parsed.clear()
                self._parsed[name] = found
        return found

    def root(self, reader: Reader, organisation: Organisation) -> SignedRoot:
        """The newest root. Raises ProtocolError (ORGANISATION)."""
        held = reader.newest(organisation, DocumentKind.ROOT)
        if held is None:
            raise ProtocolError(Refusal.ORGANISATION, "no such organisation on this server")
        return parse_root(held.raw)


def _parse(reader: Reader, organisation: Organisation, held: Document) -> SignedDirectory:
    """Parse a stored directory under the root it was accepted with, which need not be the newest any more."""
    roots = reader.documents(organisation, DocumentKind.ROOT, 0)
    for root in reversed(roots):
        try:
            return parse_directory(held.raw, parse_root(root.raw))
        except ProtocolError as error:
            last = error
    raise last


def new_root(held: SignedRoot, raw: bytes, version: int) -> SignedRoot | None:
    """The root that follows the one held; None when it is held already.

    Raises ProtocolError (DOCUMENT and others).
    """
    new = parse_root(raw)
    if new.root.version != version:
        raise ProtocolError(
            Refusal.DOCUMENT, f"the header says version {version}, the root {new.root.version}"
        )
    if new.hash == held.hash:
        return None
    check_next(held, new)
    return new


def new_directory(
    root: SignedRoot, held: SignedDirectory, raw: bytes, version: int
) -> SignedDirectory | None:
    """The directory that replaces the one held; None when it is that one. Raises ProtocolError."""
    new = parse_directory(raw, root)
    if new.directory.version != version:
        got = new.directory.version
        raise ProtocolError(Refusal.DOCUMENT, f"the header says version {version}, the directory {got}")
    return new if check_newer(held, new) else None
