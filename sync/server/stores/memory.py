"""The same port in memory: for tests and simulations, with the same rules about transactions, and no disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock

from sync.protocol.chain import Link
from sync.protocol.ids import Chain, Device, Lane, Organisation
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    Entry,
    GenerationRow,
    Invite,
    LaneHead,
    Member,
    Origin,
    Void,
)
from sync.server.stores.memory_read import Held, MemoryReader


class MemoryTransaction(MemoryReader):
    """Writes to a private copy, which replaces the shared one at the commit."""

    def add_organisation(self, organisation: Organisation, origin: Origin) -> bool:
        """Create an organisation; False when its id or its ticket code is taken."""
        codes = {held.origin.code_hash for held in self._held.values()}
        if organisation in self._held or origin.code_hash in codes:
            return False
        self._held[organisation] = Held(origin)
        return True

    def add_document(self, organisation: Organisation, kind: DocumentKind, document: Document) -> None:
        """Keep a new version."""
        if self._held[organisation].documents.setdefault((kind, document.version), document) is not document:
            raise ValueError(f"version {document.version} is taken")

    def put_member(self, organisation: Organisation, member: Member) -> None:
        """Add or replace a member."""
        self._held[organisation].members[member.device] = member

    def put_invite(self, organisation: Organisation, invite: Invite) -> None:
        """Add or replace an invite."""
        self._held[organisation].invites[invite.invite] = invite

    def add_nonce(self, organisation: Organisation, nonce: bytes, hour: int) -> bool:
        """Remember a nonce; False if it is remembered already."""
        nonces = self._held[organisation].nonces
        if nonce in nonces:
            return False
        nonces[nonce] = hour
        return True

    def forget_nonces(self, organisation: Organisation, before: int) -> None:
        """Drop nonces of hours before `before`."""
        held = self._held[organisation]
        held.nonces = {nonce: hour for nonce, hour in held.nonces.items() if hour >= before}

    def open_chain(self, organisation: Organisation, chain: Chain) -> ChainState:
        """Start a chain that is not held yet."""
        numbers = [number for held in self._held.values() for number in held.chains]
        state = ChainState(number=max(numbers, default=0) + 1, lane=chain.lane, incarnation=chain.incarnation)
        self._held[organisation].chains[state.number] = (chain.device, state)
        return state

    def save_chain(self, organisation: Organisation, state: ChainState) -> None:
        """Replace the state of a chain."""
        chains = self._held[organisation].chains
        if state.number in chains:
            device, old = chains[state.number]
            chains[state.number] = (device, replace(state, lane=old.lane, incarnation=old.incarnation))

    def save_lane(self, organisation: Organisation, lane: Lane, head: LaneHead) -> None:
        """Replace or start a lane's head."""
        self._held[organisation].lanes[lane] = head

    def add_generation(self, organisation: Organisation, lane: Lane, row: GenerationRow) -> None:
        """Remember the frame by which a lane that is saved began anew."""
        self._held[organisation].generations.setdefault(lane, []).append(row)

    def append(self, organisation: Organisation, lane: Lane, entries: Sequence[Entry]) -> None:
        """Add entries at their indexes; an index or a sequence that is taken is a bug and raises."""
        held = self._held[organisation]
        feed = held.feeds.setdefault(lane, {})
        for entry in entries:
            links = held.links.setdefault(entry.number, {})
            if entry.index in feed or entry.sequence in links:
                raise ValueError(f"index {entry.index} or sequence {entry.sequence} is taken")
            feed[entry.index] = entry
            links[entry.sequence] = Link(entry.hash, entry.previous)

    def _own(self, organisation: Organisation, number: int) -> int:
        if number not in self._held[organisation].chains:
            raise ValueError(f"chain {number} belongs to another organisation")
        return number

    def add_void(self, organisation: Organisation, number: int, void: Void) -> None:
        """Count a sequence as held that its chain will never fill."""
        voids = self._held[organisation].voids.setdefault(self._own(organisation, number), {})
        voids[void.sequence] = void

    def add_evidence(self, organisation: Organisation, number: int, sequence: int, raw: bytes) -> bool:
        """Keep a frame that contradicts what a chain holds; False if it is kept already."""
        kept = self._held[organisation].evidence.setdefault(self._own(organisation, number), [])
        if (sequence, raw) in kept:
            return False
        kept.append((sequence, raw))
        return True

    def add_mail(
        self, organisation: Organisation, device: Device, lane: Lane, indexes: Sequence[int]
    ) -> None:
        """Put frames of a lane into a device's mailbox, at its next positions."""
        self._held[organisation].mail.setdefault(device, []).extend((lane, index) for index in indexes)


class MemoryStore:
    """`Store` in memory."""

    def __init__(self) -> None:
        self._held: dict[Organisation, Held] = {}
        self._lock = Lock()

    @contextmanager
    def reading(self) -> Iterator[MemoryReader]:
        """One moment, from any thread: a commit replaces the whole, so nothing moves under a reader."""
        yield MemoryReader(self._held)

    @contextmanager
    def writing(self) -> Iterator[MemoryTransaction]:
        """One transaction."""
        with self._lock:
            private = {organisation: held.copy() for organisation, held in self._held.items()}
            yield MemoryTransaction(private)
            self._held = private

    def close(self) -> None:
        """Nothing to release."""
