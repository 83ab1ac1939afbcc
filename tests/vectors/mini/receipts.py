"""§7: the lane tree, receipts and checkpoints, and what a receipt covers."""

from __future__ import annotations

from dataclasses import dataclass

from .cbor import decode
from .documents import require, take_apart
from .failure import Item, bstr, keyed, need, ranges, uint
from .names import labelled, lane_number, sha256
from .signing import verifies

STATEMENT_MAX = 8_192
RANGES_MAX = 64
BAD = "document"


def leaf(frame_hash: bytes, device: bytes, index: int) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + labelled("leaf", frame_hash, device, index))


def tree_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 over leaf hashes."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"")
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\1" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


def range_hash(hashes: list[bytes]) -> bytes:
    """The hash a receipt gives of a range of frames."""
    return sha256(labelled("range", hashes))


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the reader of a statement knows already. Device and incarnation are not used for a checkpoint."""

    organisation: bytes
    device: bytes
    incarnation: bytes
    nonce: bytes
    log_key: bytes


def _open(raw: bytes, label: str, keys: set[int], expected: Expected) -> dict[int, Item]:
    signed = take_apart(raw, label, STATEMENT_MAX)
    need(len(signed.entries) == 1, BAD, "a statement has one signature")
    payload = keyed(decode(signed.payload), keys, name=BAD)
    require(signed, [expected.log_key], 1, verifies)
    lane_number(payload[2], name=BAD)
    bstr(payload[3], 8, name=BAD)
    uint(payload[11], name=BAD)
    bstr(payload[12], 32, name=BAD)
    uint(payload[14], name=BAD)
    need(bstr(payload[1], 16, name=BAD) == expected.organisation, BAD, "another organisation")
    need(bstr(payload[13], 16, name=BAD) == expected.nonce, BAD, "another exchange")
    return payload


def open_receipt(raw: bytes, expected: Expected) -> dict[int, Item]:
    """The payload of a receipt for this exchange."""
    payload = _open(raw, "receipt", set(range(1, 15)), expected)
    need(bstr(payload[4], 16, name=BAD) == expected.device, BAD, "another device")
    need(bstr(payload[5], 8, name=BAD) == expected.incarnation, BAD, "another incarnation")
    head = uint(payload[6], name=BAD)
    bstr(payload[7], 32, name=BAD)
    need(head > 0 or not any(payload[7]), BAD, "a head hash without a head")
    for entry in ranges(payload[8], head + 2, RANGES_MAX, 3, name=BAD):
        bstr(entry[2], 32, name=BAD)
    first, count = uint(payload[9], name=BAD), uint(payload[10], name=BAD)
    need(first + count <= payload[11], BAD, "committed beyond the tree")
    return payload


def open_checkpoint(raw: bytes, expected: Expected) -> dict[int, Item]:
    """The payload of a checkpoint for this exchange."""
    return _open(raw, "checkpoint", {1, 2, 3, 11, 12, 13, 14}, expected)


def covered(payload: dict[int, Item], hashes: dict[int, bytes], voided: set[int]) -> list[int]:
    """The sequences that are received, of those the sender has; `hashes` holds the voided ones too."""
    found: set[int] = set()
    head = payload[6]
    if head and hashes.get(head) == payload[7]:
        found.update(sequence for sequence in hashes if sequence <= head)
    for first, last, stated in payload[8]:
        # Compared before it is walked: a range as long as a number can be costs nothing.
        if last - first < len(hashes):
            own = [hashes.get(sequence, b"") for sequence in range(first, last + 1)]
            if all(own) and range_hash(own) == stated:
                found.update(range(first, last + 1))
    return sorted(found - voided)
