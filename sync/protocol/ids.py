"""Identifiers and the hashes that make them (docs/protocol.md §2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, NewType

from sync.protocol.encoding import encode
from sync.protocol.limits import SUITE

Organisation = NewType("Organisation", bytes)
Device = NewType("Device", bytes)
Incarnation = NewType("Incarnation", bytes)
Lane = NewType("Lane", int)
Generation = NewType("Generation", bytes)
Sequence = NewType("Sequence", int)
Index = NewType("Index", int)
FrameHash = NewType("FrameHash", bytes)
EpochId = NewType("EpochId", bytes)
SealId = NewType("SealId", bytes)
RevisionId = NewType("RevisionId", bytes)
KeyId = NewType("KeyId", bytes)
InviteId = NewType("InviteId", bytes)

ID_BYTES: Final = 16
INCARNATION_BYTES: Final = 8
GENERATION_BYTES: Final = 8
KEY_ID_BYTES: Final = 8
HASH_BYTES: Final = 32

MAIN: Final = Lane(1)
SOURCES: Final = Lane(2)
ADMIN: Final = Lane(3)
HELLO_LANE: Final = Lane(0)
FIRST_OWN_LANE: Final = Lane(16)
"""From here on lanes are an organisation's own compartments; those between are reserved (§2)."""

NO_HASH: Final = FrameHash(bytes(HASH_BYTES))
"""The hash before a chain's first frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Names one chain: the frames a device wrote into a lane under one incarnation (§3)."""

    organisation: Organisation
    lane: Lane
    device: Device
    incarnation: Incarnation


def is_lane(number: int) -> bool:
    """Whether frames may be in this lane: a reserved one and the hello's are none."""
    return number in (MAIN, SOURCES, ADMIN) or number >= FIRST_OWN_LANE


def sha256(data: bytes) -> bytes:
    """H(x) of the specification: 32 bytes."""
    return hashlib.sha256(data).digest()


def labelled(label: str, *fields: object) -> bytes:
    """`E([label, 1, field…])`: what is signed, MACed, hashed under a label or used as info (§1)."""
    return encode([label, SUITE, *fields])


def device_id(public_key: bytes) -> Device:
    """The device id of an Ed25519 public key of 32 bytes."""
    return Device(sha256(labelled("fieldkit/device", public_key))[:ID_BYTES])


def key_id(public_key: bytes) -> KeyId:
    """The short name of a public key in signed documents and hellos."""
    return KeyId(sha256(labelled("fieldkit/key", public_key))[:KEY_ID_BYTES])


def first_generation(organisation: Organisation, lane: Lane) -> Generation:
    """The first generation of a lane: derived, so that nobody chooses it."""
    return Generation(sha256(labelled("fieldkit/generation", organisation, lane))[:GENERATION_BYTES])


def revision_id(organisation: Organisation, author: Device, revision_bytes: bytes) -> RevisionId:
    """The id of a revision, from its canonical content bytes (§4); no id travels in a body."""
    return RevisionId(sha256(labelled("fieldkit/revision", organisation, author, revision_bytes))[:ID_BYTES])
