"""What became of pulled frames, and what is known of the chains they belong to (docs/protocol.md §8, §11)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from fieldkit.vault.db import Database, Row
from fieldkit.vault.evidence import Evidence, Finding
from fieldkit.vault.queries import load
from sync.protocol.acknowledgement import OpenedFrame
from sync.protocol.ids import Device, EpochId, FrameHash, Generation, Incarnation, Lane
from sync.protocol.sealing import EpochSecret
from sync.protocol.shapes import UINT_MAX

SQL: Final = load("inbox")

PAGE: Final = 500
"""Entries read at a time: at most 32 MB of frames."""


class EntryState(IntEnum):
    """Where a pulled or mailed frame stands. Everything but REFUSED may be tried again."""

    NEW = 0
    OPENED = 1
    """A record that was opened and whose content is stored."""
    HANDLED = 2
    """A frame that is not sealed, verified and taken in."""
    AWAITING_KEY = 3
    """Its epoch, or the seed of its lane's term, has not come."""
    AWAITING_MEMBER = 4
    """Its sender has no certificate yet."""
    REFUSED = 5
    """It did not hold; `reason` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A frame at a position of a feed."""

    id: int
    lane: Lane
    generation: Generation
    position: int
    device: Device
    incarnation: Incarnation
    raw: bytes = field(repr=False)
    hash: FrameHash
    state: EntryState
    reason: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a verified frame says of one sequence of its chain."""

    entry: Entry
    sequence: int
    hash: FrameHash
    previous: FrameHash

    @property
    def chain(self) -> tuple[Lane, Device, Incarnation]:
        """Lane, device and incarnation."""
        return self.entry.lane, self.entry.device, self.entry.incarnation


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Sequences of a chain that have not come, although later ones have."""

    lane: Lane
    device: Device
    incarnation: Incarnation
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Opened frames of one chain whose sender has not been told."""

    lane: Lane
    device: Device
    incarnation: Incarnation
    opened: dict[int, OpenedFrame] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEpoch:
    """The key of an epoch and the term it was sealed to."""

    term: int
    secret: EpochSecret = field(repr=False)


class Inbox:
    """Reading: states, chains, epochs, acknowledgements owed. Told anything twice, nothing changes (R17)."""

    def __init__(self, database: Database, evidence: Evidence) -> None:
        self._db = database
        self._evidence = evidence

    def entries(self, lane: Lane, state: EntryState, *, after: int = 0, limit: int = PAGE) -> list[Entry]:
        """Entries in one state in feed order; the next page goes on after the last id."""
        return [_entry(row) for row in self._db.rows(SQL["entries"], (lane, state, after, limit))]

    def settle(self, settled: Iterable[tuple[int, EntryState, str]]) -> None:
        """Say what became of entries: (id, state, reason)."""
        alike: dict[tuple[EntryState, str], list[int]] = defaultdict(list)
        for entry, state, reason in settled:
            alike[state, reason].append(entry)
        for (state, reason), entries in alike.items():
            self._db.run(SQL["settle"], (state, reason, json.dumps(entries)))

    def incarnation_of(self, frame: FrameHash) -> Incarnation | None:
        """The incarnation under which a pulled frame came; None when it was not pulled."""
        found = self._db.row(SQL["incarnation_of"], (frame,))
        return None if found is None else Incarnation(found[0])

    def counts(self) -> dict[tuple[Lane, EntryState], int]:
        """How many entries stand in each state."""
        return {(Lane(lane), EntryState(state)): count for lane, state, count in self._db.rows(SQL["counts"])}

    def waiting(self, state: EntryState) -> int:
        """How many entries of all lanes stand in a state in which they may move on."""
        return int(self._db.value(SQL["waiting"], (state,)))

    def refused(self) -> list[Entry]:
        """Entries that did not hold."""
        return [_entry(row) for row in self._db.rows(SQL["refused"])]

    def link(self, links: Iterable[Link], *, at: int) -> bool:
        """Take what verified frames say of their chains; False, with evidence kept, when any two contradict.

        A void says what another sequence of its chain holds and follows; the frame itself may come after it
        and says the same.
        """
        agree = True
        with self._db.transaction():
            for run in _runs(links):
                agree &= self._link(run, at)
        return agree

    def _link(self, run: list[Link], at: int) -> bool:
        """Take links of neighbouring sequences of one chain."""
        chain, agree = run[0].chain, True
        known: dict[int, set[tuple[FrameHash, FrameHash]]] = defaultdict(set)
        around = (*chain, run[0].sequence - 1, min(run[-1].sequence + 1, UINT_MAX))
        for sequence, hash_, previous in self._db.rows(SQL["links_near"], around):
            known[sequence].add((hash_, previous))
        for link in run:
            if _contradicts(known, link):
                agree = False
                where = f"sequence {link.sequence}, incarnation {chain[2].hex()}"
                told = f"two frames contradict each other: {where}"
                self._evidence.add(Finding.FORK, chain[0], chain[1], told, link.entry.raw, at=at)
            known[link.sequence].add((link.hash, link.previous))
        self._db.run_many(SQL["add_link"], [(*chain, one.sequence, one.hash, one.previous) for one in run])
        return agree

    def gaps(self) -> list[Gap]:
        """What is missing of each chain, below the highest sequence seen."""
        return [
            Gap(lane=lane, device=device, incarnation=incarnation, first=first, last=last)
            for lane, device, incarnation, first, last in self._db.rows(SQL["gaps"])
        ]

    def keep_epoch(self, entry: Entry, epoch: EpochId, term: int, secret: EpochSecret) -> None:
        """Store the key of an opened epoch."""
        values = (epoch, entry.lane, entry.device, entry.incarnation, term, secret)
        self._db.run(SQL["add_epoch"], values)

    def epoch(self, entry: Entry, epoch: EpochId) -> OpenedEpoch | None:
        """The epoch a record names, if it belongs to the record's own chain."""
        found = self._db.row(SQL["epoch"], (epoch, entry.lane, entry.device, entry.incarnation))
        return None if found is None else OpenedEpoch(term=found[0], secret=found[1])

    def owe(self, opened: Iterable[tuple[Entry, int, bytes]]) -> None:
        """Remember that the senders of opened frames should be told: (entry, sequence, token)."""
        values = [
            (entry.lane, entry.device, entry.incarnation, sequence, entry.hash, token)
            for entry, sequence, token in opened
        ]
        self._db.run_many(SQL["owe"], values)

    def owed(self) -> list[Owed]:
        """Acknowledgements to write, one for each chain."""
        chains: dict[tuple[Lane, Device, Incarnation], dict[int, OpenedFrame]] = {}
        for lane, device, incarnation, sequence, hash_, token in self._db.rows(SQL["owed"]):
            opened = chains.setdefault((lane, device, incarnation), {})
            opened[sequence] = OpenedFrame(hash=hash_, token=token)
        return [
            Owed(lane=lane, device=device, incarnation=incarnation, opened=opened)
            for (lane, device, incarnation), opened in chains.items()
        ]

    def told(self, owed: Owed, sequences: list[int], *, at: int) -> None:
        """These are acknowledged by a frame of our own; call it in the transaction that stores that frame."""
        chain = (owed.lane, owed.device, owed.incarnation)
        self._db.run_many(SQL["told"], [(at, *chain, sequence) for sequence in sequences])


def _runs(links: Iterable[Link]) -> Iterator[list[Link]]:
    """Links by chain and sequence, in runs without a hole: what one look around shows."""
    run: list[Link] = []
    for link in sorted(links, key=lambda one: (one.chain, one.sequence)):
        if run and not (link.chain == run[-1].chain and link.sequence - run[-1].sequence <= 1):
            yield run
            run = []
        run.append(link)
    if run:
        yield run


def _contradicts(known: Mapping[int, set[tuple[FrameHash, FrameHash]]], link: Link) -> bool:
    here, before, after = (known.get(link.sequence + step, set()) for step in (0, -1, 1))
    if any(known_link != (link.hash, link.previous) for known_link in here):
        return True
    if before and all(hash_ != link.previous for hash_, _ in before):
        return True
    return any(previous != link.hash for _, previous in after)


def _entry(row: Row) -> Entry:
    id_, lane, generation, position, device, incarnation, raw, hash_, state, reason = row
    return Entry(
        id=id_,
        lane=lane,
        generation=generation,
        position=position,
        device=device,
        incarnation=incarnation,
        raw=raw,
        hash=hash_,
        state=EntryState(state),
        reason=reason,
    )
