"""Receipts and checkpoints: what a server states under its log key (docs/protocol.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sync.protocol.chain import Range, range_hash
from sync.protocol.documents import parse_document, require, sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.ids import (
    GENERATION_BYTES,
    HASH_BYTES,
    ID_BYTES,
    INCARNATION_BYTES,
    NO_HASH,
    Chain,
    FrameHash,
    Generation,
    Lane,
    Organisation,
)
from sync.protocol.limits import RANGES
from sync.protocol.shapes import ascending, between, fields, lane_number, octets, row, uint
from sync.protocol.signing import SigningKey, verify

RECEIPT_LABEL: Final = "fieldkit/receipt"
CHECKPOINT_LABEL: Final = "fieldkit/checkpoint"
STATEMENT_BYTES: Final = 8_192
"""A receipt with 64 ranges and the signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a lane's tree, bound to one hello by its nonce."""

    organisation: Organisation
    lane: Lane
    generation: Generation
    size: int
    root: bytes
    nonce: bytes
    hours: int
    """The server's clock in hours since 1970: a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the server holds of one chain, and the state of the lane's tree."""

    chain: Chain
    generation: Generation
    head: int
    head_hash: FrameHash
    beyond: tuple[Range, ...]
    first_index: int
    count: int
    size: int
    root: bytes
    nonce: bytes
    hours: int


_TREE: Final = {
    1: octets(ID_BYTES),
    2: lane_number,
    3: octets(GENERATION_BYTES),
    11: uint,
    12: octets(HASH_BYTES),
    13: octets(ID_BYTES),
    14: uint,
}
_RECEIPT: Final = {
    **_TREE,
    4: octets(ID_BYTES),
    5: octets(INCARNATION_BYTES),
    6: uint,
    7: octets(HASH_BYTES),
    8: ascending(row(between(1), between(1), octets(HASH_BYTES)), highest=RANGES),
    9: uint,
    10: uint,
}


def sign_receipt(receipt: Receipt, log_key: SigningKey) -> bytes:
    """The signed receipt."""
    payload = {
        1: receipt.chain.organisation,
        2: receipt.chain.lane,
        3: receipt.generation,
        4: receipt.chain.device,
        5: receipt.chain.incarnation,
        6: receipt.head,
        7: receipt.head_hash,
        8: [[held.first, held.last, held.hash] for held in receipt.beyond],
        9: receipt.first_index,
        10: receipt.count,
        11: receipt.size,
        12: receipt.root,
        13: receipt.nonce,
        14: receipt.hours,
    }
    return sign_document(RECEIPT_LABEL, encode(payload), [log_key])


def open_receipt(raw: bytes, log_public: bytes) -> Receipt:
    """Check and read a receipt.

    Raise ProtocolError. Whether it answers this exchange is for the caller (nonce, chain).
    """
    read = _open(raw, log_public, RECEIPT_LABEL, _RECEIPT)
    beyond = tuple(Range(first=first, last=last, hash=hash_) for first, last, hash_ in read[8])
    _check_ranges(read[6], beyond)
    if read[6] == 0 and read[7] != NO_HASH:
        raise malformed("a receipt has a hash for a head that it does not have")
    if read[9] + read[10] > read[11]:
        raise malformed("a receipt counts frames beyond the tree's size")
    return Receipt(
        chain=Chain(organisation=read[1], lane=read[2], device=read[4], incarnation=read[5]),
        generation=read[3],
        head=read[6],
        head_hash=read[7],
        beyond=beyond,
        first_index=read[9],
        count=read[10],
        size=read[11],
        root=read[12],
        nonce=read[13],
        hours=read[14],
    )


def _check_ranges(head: int, beyond: tuple[Range, ...]) -> None:
    """What is held beyond the head is in runs: each leaves a gap of one sequence at least before it."""
    last = head
    for held in beyond:
        if not last + 1 < held.first <= held.last:
            raise malformed("a receipt's ranges overlap, touch, or end before they begin")
        last = held.last


def covered(receipt: Receipt, hashes: Mapping[int, bytes]) -> set[int]:
    """The sequences of our own chain (sequence → frame hash) that this receipt proves to be held.

    Those at or below a head whose hash is ours there; those of a range beyond whose hash we compute alike.
    A sequence that we closed with a void is among them although its frame is not held: leave it out.
    """
    proven: set[int] = set()
    if receipt.head and hashes.get(receipt.head) == receipt.head_hash:
        proven.update(sequence for sequence in hashes if sequence <= receipt.head)
    for held in receipt.beyond:
        if (
            all(sequence in hashes for sequence in range(held.first, held.last + 1))
            and range_hash(hashes, held.first, held.last) == held.hash
        ):
            proven.update(range(held.first, held.last + 1))
    return proven


def sign_checkpoint(checkpoint: Checkpoint, log_key: SigningKey) -> bytes:
    """The signed checkpoint."""
    payload = {
        1: checkpoint.organisation,
        2: checkpoint.lane,
        3: checkpoint.generation,
        11: checkpoint.size,
        12: checkpoint.root,
        13: checkpoint.nonce,
        14: checkpoint.hours,
    }
    return sign_document(CHECKPOINT_LABEL, encode(payload), [log_key])


def open_checkpoint(raw: bytes, log_public: bytes) -> Checkpoint:
    """Check and read a checkpoint; raise ProtocolError."""
    read = _open(raw, log_public, CHECKPOINT_LABEL, _TREE)
    return Checkpoint(
        organisation=read[1],
        lane=read[2],
        generation=read[3],
        size=read[11],
        root=read[12],
        nonce=read[13],
        hours=read[14],
    )


def _open(raw: bytes, log_public: bytes, label: str, shape: Mapping[int, Any]) -> dict[int, Any]:
    document = parse_document(raw, STATEMENT_BYTES)
    if len(document.signatures) != 1:
        raise ProtocolError(Refusal.SIGNATURE, "expected one signature, by the log key")
    try:
        require(document, label, [log_public], 1, verify)
    except ProtocolError as error:
        raise ProtocolError(Refusal.SIGNATURE, f"not signed by the server's log key: {error}") from None
    return fields(decode(document.payload, limit=STATEMENT_BYTES), shape)
