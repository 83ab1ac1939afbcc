"""The root document: who the organisation is (docs/protocol.md §6; rules after TUF 1.0 §5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sync.protocol.documents import Document, document_hash, parse_document, require, sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import HASH_BYTES, ID_BYTES, Organisation
from sync.protocol.limits import KEYS, ROOT_BYTES
from sync.protocol.shapes import ascending, between, fields, octets
from sync.protocol.signing import PUBLIC_BYTES, ROOT_PUBLIC_BYTES, RootKey, verify_root

LABEL: Final = "fieldkit/root"


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The payload of a root document."""

    organisation: Organisation
    version: int
    created: int
    """Days since 1970."""
    threshold: int
    keys: tuple[bytes, ...] = field(repr=False)
    directory_threshold: int
    directory_keys: tuple[bytes, ...]
    previous: bytes | None = None
    """Hash of the version before; None in version 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRoot:
    """A root document whose own thresholds hold."""

    root: Root
    hash: bytes
    document: Document

    @property
    def raw(self) -> bytes:
        """The bytes as signed."""
        return self.document.raw


_REQUIRED: Final = {
    1: octets(ID_BYTES),
    2: between(1),
    3: between(0),
    4: between(1, KEYS),
    5: ascending(octets(ROOT_PUBLIC_BYTES), lowest=1, highest=KEYS),
    6: between(1, KEYS),
    7: ascending(octets(PUBLIC_BYTES), lowest=1, highest=KEYS),
}
_OPTIONAL: Final = {8: octets(HASH_BYTES)}


def sign_root(root: Root, keys: Sequence[RootKey]) -> bytes:
    """The signed root document; sign version N+1 with enough keys of N and of N+1."""
    payload: dict[int, object] = {
        1: root.organisation,
        2: root.version,
        3: root.created,
        4: root.threshold,
        5: sorted(root.keys),
        6: root.directory_threshold,
        7: sorted(root.directory_keys),
    }
    if root.previous is not None:
        payload[8] = root.previous
    return sign_document(LABEL, encode(payload), keys)


def parse_root(raw: bytes) -> SignedRoot:
    """Parse a root document and check it under its own keys.

    Whether to trust those is for `check_next` or a known hash.
    """
    document = parse_document(raw, ROOT_BYTES)
    read = fields(decode(document.payload, limit=ROOT_BYTES), _REQUIRED, _OPTIONAL)
    root = Root(
        organisation=read[1],
        version=read[2],
        created=read[3],
        threshold=read[4],
        keys=read[5],
        directory_threshold=read[6],
        directory_keys=read[7],
        previous=read.get(8),
    )
    if root.threshold > len(root.keys) or root.directory_threshold > len(root.directory_keys):
        raise ProtocolError(Refusal.DOCUMENT, "a threshold is larger than the number of keys")
    if (root.version == 1) != (root.previous is None):
        raise ProtocolError(Refusal.DOCUMENT, "only version 1 of a root has no version before it")
    require(document, LABEL, root.keys, root.threshold, verify_root)
    return SignedRoot(root=root, hash=document_hash(LABEL, document.payload), document=document)


def check_next(held: SignedRoot, new: SignedRoot) -> None:
    """Raise ProtocolError (DOCUMENT) unless `new` follows `held`, signed under the thresholds of both."""
    old, root = held.root, new.root
    if root.version != old.version + 1:
        raise ProtocolError(Refusal.DOCUMENT, f"expected root version {old.version + 1}, got {root.version}")
    if root.organisation != old.organisation or root.previous != held.hash:
        raise ProtocolError(Refusal.DOCUMENT, "the root document does not follow the one held")
    require(new.document, LABEL, old.keys, old.threshold, verify_root)


def walk(raws: Iterable[bytes], anchor: bytes) -> SignedRoot:
    """The newest of a run of root documents, one of which must have the hash `anchor` (§10).

    Versions before the anchor are passed over: the anchor's own hash vouches for it. Those after it are
    checked step by step; raises ProtocolError when one does not follow.
    """
    newest: SignedRoot | None = None
    for raw in raws:
        root = parse_root(raw)
        if newest is not None:
            check_next(newest, root)
        elif root.hash != anchor:
            continue
        newest = root
    if newest is None:
        raise ProtocolError(Refusal.DOCUMENT, "none of the root documents is the one the invite names")
    return newest
