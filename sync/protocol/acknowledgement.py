"""Acknowledgements: proof that a coordinator opened the frames it names (docs/protocol.md §8)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.protocol.chain import runs
from sync.protocol.errors import malformed
from sync.protocol.frames import Frame, build
from sync.protocol.ids import Chain, Device, FrameHash, Incarnation, labelled, sha256
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import RANGES
from sync.protocol.signing import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFrame:
    """What both sides of an acknowledgement know of a frame."""

    hash: FrameHash
    token: bytes = field(repr=False)


def proof(chain: Chain, opened: Mapping[int, OpenedFrame]) -> bytes:
    """The proof over these sequences of a chain, ascending: 32 bytes."""
    entries = [[sequence, opened[sequence].hash, opened[sequence].token] for sequence in sorted(opened)]
    return sha256(
        labelled(
            "fieldkit/acknowledge", chain.organisation, chain.lane, chain.device, chain.incarnation, entries
        )
    )


def batches(sequences: list[int]) -> list[list[int]]:
    """Split sequences so that each part fits the ranges of one acknowledgement."""
    spans = runs(sequences)
    parts = [spans[at : at + RANGES] for at in range(0, len(spans), RANGES)]
    return [[sequence for first, last in part for sequence in range(first, last + 1)] for part in parts]


def build_acknowledgement(
    own: Chain,
    key: SigningKey,
    *,
    sequence: int,
    previous: FrameHash,
    target: Chain,
    opened: Mapping[int, OpenedFrame],
) -> Frame:
    """The frame that tells `target`'s device which of its frames were opened; at most 64 ranges."""
    header = {
        Key.SEQUENCE: sequence,
        Key.PREVIOUS: previous,
        Key.TO: target.device,
        Key.INCARNATION: target.incarnation,
        Key.RANGES: [list(span) for span in runs(opened)],
        Key.PROOF: proof(target, opened),
    }
    return build(own, key, Kind.ACKNOWLEDGEMENT, header)


def target_of(frame: Frame, own: Chain) -> Chain:
    """The chain that an acknowledgement in `own` speaks of: same organisation and lane."""
    return Chain(
        organisation=own.organisation,
        lane=own.lane,
        device=Device(frame.header[Key.TO]),
        incarnation=Incarnation(frame.header[Key.INCARNATION]),
    )


def sequences_of(frame: Frame, highest: int) -> list[int]:
    """The sequences an acknowledgement names.

    Raise ProtocolError (MALFORMED) beyond `highest`, the last one we sent.
    """
    ranges = frame.header[Key.RANGES]
    if ranges[-1][1] > highest:
        raise malformed(f"an acknowledgement names sequence {ranges[-1][1]}, the last one sent is {highest}")
    return [sequence for first, last in ranges for sequence in range(first, last + 1)]


def check_acknowledgement(frame: Frame, target: Chain, kept: Mapping[int, OpenedFrame]) -> bool:
    """Whether it names this chain and exactly the sequences of `kept`, and proves that all were opened.

    The caller has checked the signature and that the signer reads the lane.
    """
    header = frame.header
    if (header[Key.TO], header[Key.INCARNATION]) != (target.device, target.incarnation):
        return False
    if list(header[Key.RANGES]) != runs(kept):
        return False
    return hmac.compare_digest(header[Key.PROOF], proof(target, kept))
