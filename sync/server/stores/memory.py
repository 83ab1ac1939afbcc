"""The same port in memory: for tests and simulations, with the same rules about transactions, and no disk."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TypeVar

from sync.protocol.chain import Link
from sync.protocol.ids import Chain, Device, FrameHash, InviteId, Lane, Organisation
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    Entry,
    FeedRow,
    Invite,
    LaneHead,
    MailRow,
    Marks,
    Member,
    Origin,
)

_T = TypeVar("_T", FeedRow, MailRow)


@dataclass(slots=True)
class _Held:
    """Everything of one organisation."""

    origin: Origin
    documents: dict[tuple[DocumentKind, int], Document] = field(default_factory=dict)
    members: dict[Device, Member] = field(default_factory=dict)
    invites: dict[InviteId, Invite] = field(default_factory=dict)
    nonces: dict[bytes, int] = field(default_factory=dict)
    lanes: dict[Lane, LaneHead] = field(default_factory=dict)
    feeds: dict[Lane, dict[int, Entry]] = field(default_factory=dict)
    chains: dict[int, tuple[Device, ChainState]] = field(default_factory=dict)
    links: dict[int, dict[int, Link]] = field(default_factory=dict)
    voids: dict[int, dict[int, Link]] = field(default_factory=dict)
    evidence: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    mail: dict[Device, list[tuple[Lane, int]]] = field(default_factory=dict)

    def copy(self) -> _Held:
        """A copy that shares rows, which are immutable, but no container."""
        fresh = copy.copy(self)
        for name in self.__dataclass_fields__:
            if name != "origin":
                setattr(fresh, name, _containers(getattr(self, name)))
        return fresh


def _containers(value: object) -> object:
    if isinstance(value, dict):
        return {key: _containers(item) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value


class MemoryReader:
    """Questions to the organisations of one moment."""

    def __init__(self, held: dict[Organisation, _Held]) -> None:
        self._held = held

    def origin(self, organisation: Organisation) -> Origin | None:
        """How the organisation was made; None when it does not exist here."""
        held = self._held.get(organisation)
        return None if held is None else held.origin

    def documents(self, organisation: Organisation, kind: DocumentKind, above: int) -> list[Document]:
        """Every version higher than `above`, ascending."""
        held = self._held.get(organisation)
        kept = {} if held is None else held.documents
        return [kept[key] for key in sorted(kept) if key[0] is kind and key[1] > above]

    def newest(self, organisation: Organisation, kind: DocumentKind) -> Document | None:
        """The highest version."""
        kept = self.documents(organisation, kind, 0)
        return kept[-1] if kept else None

    def marks(self, organisation: Organisation, device: Device) -> Marks:
        """How far documents and a device's mailbox go."""
        root, directory = (self.newest(organisation, kind) for kind in DocumentKind)
        held = self._held.get(organisation)
        return Marks(
            root=0 if root is None else root.version,
            directory=0 if directory is None else directory.version,
            mail=0 if held is None else len(held.mail.get(device, [])),
        )

    def member(self, organisation: Organisation, device: Device) -> Member | None:
        """A device that joined or was certified."""
        held = self._held.get(organisation)
        return None if held is None else held.members.get(device)

    def invite(self, organisation: Organisation, invite: InviteId) -> Invite | None:
        """An invite by its id."""
        held = self._held.get(organisation)
        return None if held is None else held.invites.get(invite)

    def lane(self, organisation: Organisation, lane: Lane) -> LaneHead | None:
        """A lane's head; None while nothing was written."""
        held = self._held.get(organisation)
        return None if held is None else held.lanes.get(lane)

    def chains(self, organisation: Organisation, device: Device) -> list[ChainState]:
        """Every chain of a device, in all lanes and incarnations."""
        held = self._held.get(organisation)
        return [] if held is None else [state for owner, state in held.chains.values() if owner == device]

    def _links(self, organisation: Organisation, number: int) -> dict[int, Link]:
        held = self._held.get(organisation)
        return {} if held is None else {**held.voids.get(number, {}), **held.links.get(number, {})}

    def held(self, organisation: Organisation, number: int, sequences: Sequence[int]) -> dict[int, Link]:
        """Those of the sequences that are held or voided in the chain."""
        links = self._links(organisation, number)
        return {sequence: links[sequence] for sequence in sequences if sequence in links}

    def beyond(self, organisation: Organisation, number: int, head: int) -> dict[int, Link]:
        """Everything held or voided above a sequence of the chain."""
        links = self._links(organisation, number)
        return {sequence: link for sequence, link in links.items() if sequence > head}

    def feed(
        self, organisation: Organisation, lane: Lane, start: int, *, rows: int, size: int
    ) -> list[FeedRow]:
        """Entries from index `start` on.

        At most `rows`, and no more than `size` bytes of frames unless the first is larger.
        """
        held = self._held.get(organisation)
        feed = {} if held is None else held.feeds.get(lane, {})
        wanted = (feed[index] for index in sorted(feed) if index >= start)
        return _cut(
            (
                FeedRow(index=entry.index, device=entry.device, incarnation=entry.incarnation, raw=entry.raw)
                for entry in wanted
            ),
            rows,
            size,
        )

    def mail(
        self, organisation: Organisation, device: Device, start: int, *, rows: int, size: int
    ) -> list[MailRow]:
        """Mailbox entries from position `start` on, cut as in `feed`."""
        held = self._held.get(organisation)
        if held is None:
            return []
        places = enumerate(held.mail.get(device, []))
        wanted = ((place, lane, held.feeds[lane][index]) for place, (lane, index) in places if place >= start)
        return _cut(
            (
                MailRow(
                    position=place,
                    lane=lane,
                    index=entry.index,
                    device=entry.device,
                    incarnation=entry.incarnation,
                    raw=entry.raw,
                )
                for place, lane, entry in wanted
            ),
            rows,
            size,
        )

    def evidence(self, organisation: Organisation, number: int) -> list[tuple[int, bytes]]:
        """Sequence and bytes of the frames that contradict what a chain holds."""
        held = self._held.get(organisation)
        return [] if held is None else sorted(held.evidence.get(number, []))


def _cut(entries: Iterable[_T], rows: int, size: int) -> list[_T]:
    taken: list[_T] = []
    left = size
    for entry in entries:
        if len(taken) == rows or (taken and left < len(entry.raw)):
            break
        left -= len(entry.raw)
        taken.append(entry)
    return taken


class MemoryTransaction(MemoryReader):
    """Writes to a private copy, which replaces the shared one at the commit."""

    def add_organisation(self, organisation: Organisation, origin: Origin) -> bool:
        """Create an organisation; False when its id or its ticket code is taken."""
        codes = {held.origin.code_hash for held in self._held.values()}
        if organisation in self._held or origin.code_hash in codes:
            return False
        self._held[organisation] = _Held(origin)
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

    def add_void(self, organisation: Organisation, number: int, sequence: int, frame_hash: FrameHash) -> None:
        """Count a sequence as held that its chain will never fill."""
        voids = self._held[organisation].voids.setdefault(self._own(organisation, number), {})
        voids[sequence] = Link(frame_hash, None)

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
        self._held: dict[Organisation, _Held] = {}
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
