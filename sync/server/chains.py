"""The chains of one device while a request is committed.

Known frames, heads, forks, quotas (docs/protocol.md §3, §7).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from sync.protocol.chain import ChainLog, Link, Range, fork
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame
from sync.protocol.ids import Chain, FrameHash, Incarnation, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.permissions import Author, Standing
from sync.server.settings import Settings
from sync.server.stores.base import ChainState, Transaction, Void

EVIDENCE_FRAMES: Final = 2
"""Contradicting frames kept of one chain: two prove a fork, more would let a device fill the disk."""

CONTRADICTIONS: Final = 4
"""Held frames shown in one reply to a sender whose own were refused as forks: one a chain is proof enough."""

BEYOND_FRAMES: Final = 4_096
"""Frames held beyond a chain's head: they are read again with every request, so the gap must close first."""


def voided(frame: Frame) -> tuple[int, Link]:
    """The sequence that a void closes, and what its chain says of the frame that will never come."""
    header = frame.header
    return header[Key.VOIDED], Link(
        FrameHash(header[Key.VOIDED_HASH]), FrameHash(header[Key.VOIDED_PREVIOUS])
    )


@dataclass(slots=True)
class Working:
    """One chain in memory until the request is flushed."""

    chain: Chain
    state: ChainState
    log: ChainLog
    held: dict[int, Link] = field(default_factory=dict)
    """All beyond the head, and what the request names at or below it."""
    changed: bool = False
    top: int = 0
    frames: int = 0
    size: int = 0
    """Highest sequence, number and bytes of the frames taken."""
    voids: list[Void] = field(default_factory=list)

    def holds(self, frame: Frame) -> bool:
        """Whether this very frame is held, or its sequence is voided with its hash and what it follows.

        Raises ProtocolError (FORK).
        """
        link = self.held.get(frame.sequence)
        if link is None:
            return False
        if link != Link(frame.hash, frame.previous):
            raise fork(frame.sequence)
        return True

    def take(self, frame: Frame) -> None:
        """Count a new frame, and what it voids.

        Raises ProtocolError (FORK) and changes nothing when it contradicts.
        """
        if len(self.log.beyond) >= BEYOND_FRAMES and frame.sequence != self.log.head + 1:
            raise ProtocolError(
                Refusal.QUOTA, f"more than {BEYOND_FRAMES} frames beyond a gap: fill the gap first"
            )
        if frame.kind is Kind.VOID:
            self._take_void(frame)
        else:
            self.log.add(frame.sequence, frame.hash, frame.previous)
        self.top = max(self.top, frame.sequence)
        self.frames += 1
        self.size += len(frame.raw)
        self.held[frame.sequence] = Link(frame.hash, frame.previous)
        self.changed = True

    def _take_void(self, frame: Frame) -> None:
        """Count a void and the sequence it closes, both or neither.

        A frame that is held is not touched; a void that names another one there, or another one before it, is
        a fork.
        """
        sequence, closed_link = voided(frame)
        there = self.held.get(sequence)
        if there is not None and there != closed_link:
            raise fork(sequence)
        before = ChainLog(self.log.head, self.log.head_hash, dict(self.log.beyond))
        try:
            closed = there is None and self.log.close(sequence, closed_link.hash, closed_link.previous)
            self.log.add(frame.sequence, frame.hash, frame.previous)
        except ProtocolError:
            self.log = before
            raise
        if closed:
            self.voids.append(Void(sequence=sequence, link=closed_link, by=frame.sequence))
            self.held[sequence] = closed_link

    def contradicted(self, frame: Frame) -> int | None:
        """The held sequence that a refused frame contradicts: its own, or one beside it (§3)."""
        claims = [(frame.sequence, Link(frame.hash, frame.previous))]
        if frame.kind is Kind.VOID:
            claims.append(voided(frame))
        for sequence, link in claims:
            if sequence in self.held and self.held[sequence] != link:
                return sequence
            if self._hash_at(sequence - 1) not in (None, link.previous):
                return sequence - 1
            if sequence + 1 in self.held and self.held[sequence + 1].previous != link.hash:
                return sequence + 1
        return None

    def _hash_at(self, sequence: int) -> FrameHash | None:
        if sequence == self.log.head and sequence:
            return self.log.head_hash
        return self.held[sequence].hash if sequence in self.held else None

    def ranges(self) -> tuple[Range, ...]:
        """What is held beyond the head."""
        return self.log.ranges()

    def settled(self) -> ChainState:
        """The state to store."""
        return replace(
            self.state,
            head=self.log.head,
            head_hash=self.log.head_hash,
            top=max(self.state.top, self.top),
            frames=self.state.frames + self.frames,
            size=self.state.size + self.size,
        )


class DeviceChains:
    """Every chain of one device, and what it may still store."""

    def __init__(
        self, transaction: Transaction, settings: Settings, author: Author | None, like: Chain
    ) -> None:
        self._tx = transaction
        self._settings = settings
        self._pending = author is None or author.standing is Standing.PENDING
        self._organisation = like.organisation
        states = transaction.chains(like.organisation, like.device)
        self._states = {(state.lane, state.incarnation): state for state in states}
        self._frames = sum(state.frames for state in states)
        self._size = sum(state.size for state in states)
        self.working: dict[tuple[Lane, Incarnation], Working] = {}

    def open(self, chain: Chain, sequences: Collection[int]) -> Working | None:
        """The chain, read with what the request needs to know of it; None when nothing of it is held yet."""
        name = (chain.lane, chain.incarnation)
        if name in self.working:
            return self.working[name]
        state = self._states.get(name)
        return None if state is None else self._load(chain, state, sequences)

    def head(self, chain: Chain) -> int:
        """Up to where the chain is held as things stand; 0 when nothing of it is."""
        name = (chain.lane, chain.incarnation)
        if name in self.working:
            return self.working[name].log.head
        state = self._states.get(name)
        return 0 if state is None else state.head

    def _load(self, chain: Chain, state: ChainState, sequences: Collection[int]) -> Working:
        beyond = {}
        if state.top > state.head:
            beyond = self._tx.beyond(self._organisation, state.number, state.head)
        known = [sequence for sequence in sequences if sequence <= state.head]
        held = self._tx.held(self._organisation, state.number, known) if known else {}
        held |= beyond
        working = Working(chain, state, ChainLog(state.head, state.head_hash, beyond), held)
        self.working[(chain.lane, chain.incarnation)] = working
        return working

    def start(self, chain: Chain) -> Working:
        """A chain nothing is held of yet. Raises ProtocolError (QUOTA)."""
        if len(self._states) >= self._settings.member_chains:
            raise ProtocolError(
                Refusal.QUOTA, f"expected at most {self._settings.member_chains} chains of one device"
            )
        state = self._tx.open_chain(self._organisation, chain)
        self._states[(chain.lane, chain.incarnation)] = state
        return self._load(chain, state, ())

    def check_quota(self, size: int) -> None:
        """Raise ProtocolError (QUOTA) unless one more frame of `size` bytes may be stored."""
        limits = self._settings
        frames = limits.pending_frames if self._pending else limits.member_frames
        octets = limits.pending_bytes if self._pending else limits.member_bytes
        if self._frames >= frames:
            raise ProtocolError(Refusal.QUOTA, f"expected at most {frames} frames of one device")
        if self._size + size > octets:
            raise ProtocolError(Refusal.QUOTA, f"expected at most {octets} bytes of one device")

    def charge(self, size: int) -> None:
        """Count a stored frame, or one kept as evidence."""
        self._frames += 1
        self._size += size
