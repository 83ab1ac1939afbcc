"""§5: epochs, the ratchet, records and grants."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from .bodies import expand, parse_plain
from .failure import Failure, Item, need
from .frames import EPOCH, GRANT, HEARTBEAT, RECORD, STEP_MAX, Frame, Place
from .keys import derive, hpke_open, inbox
from .names import labelled, sha256
from .padding import unpad

ZERO_NONCE = bytes(12)


def commitment(first: bytes) -> bytes:
    """What an epoch frame says of K0."""
    return sha256(labelled("commit", first))


def epoch_info(place: Place, term: int, commit: bytes) -> bytes:
    """HPKE info of an epoch frame."""
    return labelled("epoch", place.organisation, place.lane, term, place.device, place.incarnation, commit)


def grant_info(organisation: bytes, lane: int, term: int, to: bytes) -> bytes:
    """HPKE info of a grant; the lane is the one whose seed is granted."""
    return labelled("grant", organisation, lane, term, to)


def open_epoch(frame: Frame, place: Place, seed: bytes) -> tuple[bytes, bytes]:
    """Epoch id and K0."""
    need(frame.kind == EPOCH, "kind", "not an epoch frame")
    commit = frame.header[8]
    first = hpke_open(inbox(seed), frame.body, epoch_info(place, frame.header[7], commit))
    need(commitment(first) == commit, "sealed", "another K0 than the commitment says")
    return frame.hash[:16], first


def open_grant(frame: Frame, organisation: bytes, reader_seed: bytes) -> bytes:
    """The lane seed."""
    need(frame.kind == GRANT, "kind", "not a grant")
    header = frame.header
    info = grant_info(organisation, header[18], header[7], header[6])
    return hpke_open(inbox(reader_seed), frame.body, info)


def ratchet(first: bytes, step: int) -> bytes:
    """K(step); the limit stands before the loop."""
    need(0 <= step <= STEP_MAX, "malformed", "a step beyond 1,023")
    for _ in range(step):
        first = derive(first, "step")
    return first


def record_key(key: bytes, place: Place, epoch: bytes, step: int, seal: bytes) -> bytes:
    """The key of one record; it is used once."""
    where = (place.organisation, place.lane, place.device, place.incarnation)
    return derive(key, "record", *where, epoch, step, seal)


def seal(key: bytes, padded: bytes, header: bytes) -> bytes:
    """The body of a record."""
    return ChaCha20Poly1305(key).encrypt(ZERO_NONCE, padded, header)


def token(frame: Frame, first: bytes) -> bytes:
    """§5: the acknowledgement token of a sealed frame, from K0 of its epoch."""
    if frame.kind == EPOCH:
        return derive(first, "ack-epoch", frame.hash[:16])
    need(frame.kind in (RECORD, HEARTBEAT), "kind", "only sealed kinds have a token")
    return derive(ratchet(first, frame.header[4]), "ack", frame.header[5])


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a record says, and the token that proves it was opened."""

    sort: int
    content: dict[Item, Item]
    gossip: Item
    plain: bytes
    token: bytes


def open_record(frame: Frame, place: Place, epoch: bytes, first: bytes) -> Opened:
    """§11 step 6: epoch, step, tag, padding, decompression, canonical form, type and lane."""
    need(frame.kind in (RECORD, HEARTBEAT), "kind", "not a record")
    need(frame.header[3] == epoch, "sealed", "another epoch")
    key = record_key(ratchet(first, frame.header[4]), place, epoch, frame.header[4], frame.header[5])
    try:
        padded = ChaCha20Poly1305(key).decrypt(ZERO_NONCE, frame.body, frame.header_bytes)
    except InvalidTag:
        raise Failure("sealed", "the tag does not hold") from None
    plain = expand(unpad(padded))
    sort, content, gossip = parse_plain(plain, frame.kind, place.lane)
    return Opened(sort=sort, content=content, gossip=gossip, plain=plain, token=token(frame, first))
