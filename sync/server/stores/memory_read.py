"""What a store in memory holds, and its answers."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sync.protocol.chain import Link
from sync.protocol.ids import Device, InviteId, Lane, Organisation
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    Entry,
    FeedRow,
    GenerationRow,
    Invite,
    LaneHead,
    MailRow,
    Marks,
    Member,
    Origin,
    Void,
)

_T = TypeVar("_T", FeedRow, MailRow)


@dataclass(slots=True)
class Held:
    """Everything of one organisation."""

    origin: Origin
    documents: dict[tuple[DocumentKind, int], Document] = field(default_factory=dict)
    members: dict[Device, Member] = field(default_factory=dict)
    invites: dict[InviteId, Invite] = field(default_factory=dict)
    nonces: dict[bytes, int] = field(default_factory=dict)
    lanes: dict[Lane, LaneHead] = field(default_factory=dict)
    generations: dict[Lane, list[GenerationRow]] = field(default_factory=dict)
    feeds: dict[Lane, dict[int, Entry]] = field(default_factory=dict)
    chains: dict[int, tuple[Device, ChainState]] = field(default_factory=dict)
    links: dict[int, dict[int, Link]] = field(default_factory=dict)
    voids: dict[int, dict[int, Void]] = field(default_factory=dict)
    evidence: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    mail: dict[Device, list[tuple[Lane, int]]] = field(default_factory=dict)

    def copy(self) -> Held:
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

    def __init__(self, held: dict[Organisation, Held]) -> None:
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

    def generations(self, organisation: Organisation, lane: Lane) -> list[GenerationRow]:
        """Every time the lane began anew, in order."""
        held = self._held.get(organisation)
        return [] if held is None else list(held.generations.get(lane, []))

    def chains(self, organisation: Organisation, device: Device) -> list[ChainState]:
        """Every chain of a device, in all lanes and incarnations."""
        held = self._held.get(organisation)
        return [] if held is None else [state for owner, state in held.chains.values() if owner == device]

    def _links(self, organisation: Organisation, number: int) -> dict[int, Link]:
        held = self._held.get(organisation)
        if held is None:
            return {}
        voided = {sequence: void.link for sequence, void in held.voids.get(number, {}).items()}
        return {**voided, **held.links.get(number, {})}

    def held(self, organisation: Organisation, number: int, sequences: Sequence[int]) -> dict[int, Link]:
        """Those of the sequences that are held or voided in the chain."""
        links = self._links(organisation, number)
        return {sequence: links[sequence] for sequence in sequences if sequence in links}

    def beyond(self, organisation: Organisation, number: int, head: int) -> dict[int, Link]:
        """Everything held or voided above a sequence of the chain."""
        links = self._links(organisation, number)
        return {sequence: link for sequence, link in links.items() if sequence > head}

    def standing(self, organisation: Organisation, number: int, sequence: int) -> bytes | None:
        """The frame that fills a sequence of a chain, or the void that closed it; None for neither."""
        held = self._held.get(organisation)
        if held is None:
            return None
        void = held.voids.get(number, {}).get(sequence)
        wanted = (sequence, sequence if void is None else void.by)
        found = {
            entry.sequence: entry.raw
            for feed in held.feeds.values()
            for entry in feed.values()
            if entry.number == number and entry.sequence in wanted
        }
        return found.get(wanted[0], found.get(wanted[1]))

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
