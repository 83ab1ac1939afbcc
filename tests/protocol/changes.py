"""How samples are changed so that the changes get past checksums, signatures and tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sync.protocol import enrolment, sealing
from sync.protocol.documents import sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Frame
from sync.protocol.ids import SealId
from sync.protocol.kinds import Key, Kind
from tests.protocol import samples
from tests.protocol.mutations import Mutator

Change = Callable[[Mutator, Any], Any]

WHOLE_BYTES = 200_000
"""Larger than any sample."""

ACKNOWLEDGED = samples.frame(Kind.ACKNOWLEDGEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """A way into the package: what it reads, good samples, and how these are changed."""

    name: str
    """Module and function, as `encoding.decode`; behind a colon what is special about this row."""
    read: Callable[[Any], object]
    good: list[Any]
    change: Change
    refuses: type[Exception] | tuple[type[Exception], ...] = ProtocolError
    """The declared exception."""
    costly: int = 1
    """An ordinary run tries so many times fewer samples."""


def raw(mutator: Mutator, sample: bytes) -> bytes:
    """Other bytes."""
    return mutator.raw(sample)


def text(mutator: Mutator, sample: str) -> str:
    """Another text."""
    return mutator.text(sample)


def value(mutator: Mutator, sample: bytes) -> object:
    """A decoded item whose bytes were changed; where nothing canonical came out, the sample's own."""
    for _ in range(20):
        try:
            return decode(mutator.raw(sample), limit=WHOLE_BYTES)
        except ProtocolError:
            continue
    return decode(sample, limit=WHOLE_BYTES)


def item(mutator: Mutator, sample: bytes) -> tuple[object, bytes]:
    """The same with the bytes beside it."""
    changed = value(mutator, sample)
    return changed, encode(changed)


def signed_again(label: str, keys: list[Any]) -> Change:
    """Change the payload of a signed document and sign it again."""

    def change(mutator: Mutator, sample: bytes) -> bytes:
        document: Any = decode(sample, limit=WHOLE_BYTES)
        return sign_document(label, mutator.raw(document[0]), keys)

    return change


def checksummed(prefix: str) -> Change:
    """Change what is in a ticket or invite and give it a good checksum."""

    def change(mutator: Mutator, sample: bytes) -> str:
        packed = mutator.raw(sample)
        return prefix + enrolment._to_text(packed + enrolment._checksum(packed))

    return change


def body_of(frame: Frame) -> Change:
    """Change the body of a frame and leave its length."""

    def change(mutator: Mutator, sample: bytes) -> Frame:
        return samples.changed(frame, mutator.raw(sample)[: len(sample)].ljust(len(sample), b"\0"))

    return change


def sealed_again(frame: Frame, ratchet: sealing.Ratchet) -> Change:
    """Change what is sealed in a record and seal it with the same key."""
    key = sealing._record_key(ratchet, samples.chain(), SealId(frame.header[Key.SEAL]))

    def change(mutator: Mutator, sample: bytes) -> Frame:
        padded = mutator.raw(sample)[: len(sample)].ljust(len(sample), b"\0")
        return samples.changed(frame, ChaCha20Poly1305(key).encrypt(bytes(12), padded, frame.header_bytes))

    return change


def ranges(mutator: Mutator, sample: bytes) -> Frame:
    """An acknowledgement with other ranges, where these make a frame at all."""
    try:
        return samples.changed(ACKNOWLEDGED, RANGES=value(mutator, sample))
    except (ProtocolError, TypeError):
        return ACKNOWLEDGED


def join(mutator: Mutator, sample: bytes) -> Frame:
    """A join with another value in its header, where this makes a frame at all."""
    frame = samples.frame(Kind.JOIN)
    fields = value(mutator, sample)
    if not isinstance(fields, dict):
        return frame
    try:
        return samples.changed(frame, **{Key(key).name: fields[key] for key in fields if key in frame.header})
    except (ProtocolError, TypeError):
        return frame
