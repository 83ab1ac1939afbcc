"""§2: identifiers, and the labelled encodings they are hashed from."""

from __future__ import annotations

import hashlib

from .cbor import encode
from .failure import Item, need, uint

SUITE = 1


def sha256(data: bytes) -> bytes:
    """H of the specification."""
    return hashlib.sha256(data).digest()


def labelled(label: str, *fields: Item) -> bytes:
    """E([label, 1, field…])."""
    return encode([f"fieldkit/{label}", SUITE, *fields])


def device_id(public_key: bytes) -> bytes:
    """A device is its Ed25519 key."""
    return sha256(labelled("device", public_key))[:16]


def key_id(public_key: bytes) -> bytes:
    """What a signed document names a key by."""
    return sha256(labelled("key", public_key))[:8]


def first_generation(organisation: bytes, lane: int) -> bytes:
    """The generation a lane begins with."""
    return sha256(labelled("generation", organisation, lane))[:8]


def revision_id(organisation: bytes, author: bytes, revision: bytes) -> bytes:
    """The id of a revision, from the bytes of its content."""
    return sha256(labelled("revision", organisation, author, revision))[:16]


def lane_number(value: Item, name: str = "malformed") -> int:
    """A lane that frames may be in: 1 to 3, or 16 and up."""
    lane = uint(value, name=name)
    need(lane in (1, 2, 3) or lane >= 16, "lane", f"no lane {lane}")
    return lane
