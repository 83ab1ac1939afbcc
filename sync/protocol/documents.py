"""Signed documents: one payload, signatures by key id, thresholds (docs/protocol.md §6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import KEY_ID_BYTES, KeyId, key_id, labelled, sha256
from sync.protocol.limits import KEYS
from sync.protocol.shapes import ascending, blob, octets, row
from sync.protocol.signing import ROOT_SIGNATURE_BYTES

Verify = Callable[[bytes, bytes, bytes], bool]
"""(public key, signature, message) → whether it holds."""


class Signer(Protocol):
    """A key that signs documents."""

    public: bytes

    def sign(self, message: bytes) -> bytes:
        """A signature over `message`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed signed document, its signatures not yet checked."""

    payload: bytes = field(repr=False)
    signatures: Mapping[KeyId, bytes] = field(repr=False)
    raw: bytes = field(repr=False)


def document_hash(label: str, payload: bytes) -> bytes:
    """H(E([label, 1, payload])): independent of who signed."""
    return sha256(labelled(label, payload))


def sign_document(label: str, payload: bytes, keys: Sequence[Signer]) -> bytes:
    """The document signed by every key given."""
    message = labelled(label, payload)
    signatures = sorted((key_id(key.public), key.sign(message)) for key in keys)
    return encode([payload, [list(entry) for entry in signatures]])


def parse_document(raw: bytes, limit: int) -> Document:
    """Split a document of at most `limit` bytes; raise ProtocolError (SIZE or MALFORMED)."""
    if len(raw) > limit:
        raise ProtocolError(Refusal.SIZE, f"expected a document of at most {limit} bytes, got {len(raw)}")
    entry = row(octets(KEY_ID_BYTES), blob(ROOT_SIGNATURE_BYTES))
    payload, entries = row(blob(limit), ascending(entry, highest=2 * KEYS))(decode(raw, limit=limit))
    return Document(payload=payload, signatures=dict(entries), raw=raw)


def require(document: Document, label: str, keys: Collection[bytes], threshold: int, holds: Verify) -> None:
    """Raise ProtocolError (DOCUMENT) unless `threshold` of `keys` signed.

    A bad signature by one of them spoils it.
    """
    message = labelled(label, document.payload)
    good = 0
    for public in keys:
        signature = document.signatures.get(key_id(public))
        if signature is None:
            continue
        if not holds(public, signature, message):
            raise ProtocolError(Refusal.DOCUMENT, "a signature on the document does not hold")
        good += 1
    if good < threshold:
        raise ProtocolError(Refusal.DOCUMENT, f"expected signatures by {threshold} known keys, got {good}")
