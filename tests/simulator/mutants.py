"""Ways to be wrong that the simulator must catch: each is the real code with one rule taken out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, Final

from fieldkit.actions.reading import Reader
from fieldkit.actions.unsealing import Heard
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.losses import Losses
from sync.client.exchange import Exchange
from sync.client.ports import Answer
from sync.protocol.chain import Link
from sync.protocol.errors import ProtocolError
from sync.protocol.frames import parse
from sync.protocol.ids import Lane, Organisation
from sync.protocol.receipts import Receipt
from sync.server.stores.base import FeedRow
from sync.server.stores.memory import MemoryTransaction
from sync.server.stores.memory_read import MemoryReader
from tests.simulator.server import Durable, SimStore

Mutant = Callable[[], AbstractContextManager[Callable[[], SimStore]]]
"""Inside its block the program is wrong; what it gives makes the store to play with."""


class NaiveSequenceStore(SimStore):
    """Positions from a sequence: a later writer's commit is seen before that of an earlier one.

    Every second commit that adds frames is seen by readers only after the next one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._unseen: set[tuple[Lane, int]] = set()
        self._turn = 0

    @contextmanager
    def writing(self) -> Iterator[MemoryTransaction]:
        """A transaction that may come to light late."""
        before = self._positions()
        with super().writing() as transaction:
            yield transaction
        added = self._positions() - before
        if added:
            self._turn += 1
            self._unseen = added if self._turn % 2 else set()

    def _positions(self) -> set[tuple[Lane, int]]:
        return {
            (lane, place) for held in self._held.values() for lane in held.feeds for place in held.feeds[lane]
        }

    @contextmanager
    def reading(self) -> Iterator[MemoryReader]:
        """Everything but the first position that has not come to light."""
        yield LateReader(self._held, self._unseen and {min(self._unseen)})


class LateReader(MemoryReader):
    """A reader of feeds in which some positions are not there yet, though later ones are."""

    def __init__(self, held: Durable, unseen: set[tuple[Lane, int]]) -> None:
        super().__init__(held)
        self._unseen = unseen

    def feed(
        self, organisation: Organisation, lane: Lane, start: int, *, rows: int, size: int
    ) -> list[FeedRow]:
        """See `Reader.feed`."""
        found = super().feed(organisation, lane, start, rows=rows, size=size)
        return [row for row in found if (lane, row.index) not in self._unseen]


class HastyStore(SimStore):
    """Says it is done before anything is on the disk: a commit becomes durable with the next one."""

    def __init__(self) -> None:
        super().__init__()
        self._disk: Durable = {}

    @contextmanager
    def writing(self) -> Iterator[MemoryTransaction]:
        """A transaction; the one before it is written out now."""
        self._disk = self._held
        with super().writing() as transaction:
            yield transaction

    @property
    def durable(self) -> Durable:
        """What was written out."""
        return self._disk

    def put(self, backup: Durable) -> None:
        """See `SimStore`."""
        super().put(backup)
        self._disk = backup

    def died(self) -> None:
        """See `SimStore`."""
        super().died()
        self._held = self._disk or self._held


class OverwritingTransaction(MemoryTransaction):
    """Where a frame contradicts one that is held, the newer one wins."""

    def add_evidence(self, organisation: Organisation, number: int, sequence: int, raw: bytes) -> bool:
        """Put the frame in the place of the other."""
        held, frame = self._held[organisation], parse(raw)
        for feed in held.feeds.values():
            for place, entry in feed.items():
                if (entry.number, entry.sequence) == (number, sequence):
                    feed[place] = replace(entry, raw=raw, hash=frame.hash, previous=frame.previous)
                    held.links[number][sequence] = Link(frame.hash, frame.previous)
        return False


class OverwritingStore(SimStore):
    """A server that overwrites on a fork."""

    @contextmanager
    def writing(self) -> Iterator[MemoryTransaction]:
        """A transaction that overwrites."""
        with super().writing() as transaction:
            yield OverwritingTransaction(transaction._held)


def _with_store(store: Callable[[], SimStore]) -> Mutant:
    @contextmanager
    def mutant() -> Iterator[Callable[[], SimStore]]:
        yield store

    return mutant


@contextmanager
def believes_status() -> Iterator[Callable[[], SimStore]]:
    """A client for which HTTP 200 means received."""
    real = Exchange._read

    def read(self: Exchange, answer: Answer) -> None:
        database: Any = self._rules._store._vault._database  # type: ignore[attr-defined]
        for frame in self.request.frames:
            database.run(
                "UPDATE frame SET received = 1 WHERE lane = ? AND incarnation = ? AND sequence = ?",
                (frame.lane, frame.incarnation, frame.sequence),
            )
        real(self, answer)

    Exchange._read = read  # type: ignore[method-assign]
    try:
        yield SimStore
    finally:
        Exchange._read = real  # type: ignore[method-assign]


@contextmanager
def drops_what_awaits_a_key() -> Iterator[Callable[[], SimStore]]:
    """A reader that is done with an entry whose key has not come."""
    real = Reader._settled

    def settled(self: Reader, heard: Heard | ProtocolError | None) -> EntryState:
        state = real(self, heard)
        return EntryState.HANDLED if state is EntryState.AWAITING_KEY else state

    Reader._settled = settled  # type: ignore[method-assign]
    try:
        yield SimStore
    finally:
        Reader._settled = real  # type: ignore[method-assign]


@contextmanager
def keeps_ticks() -> Iterator[Callable[[], SimStore]]:
    """A laptop for which what was received once stays so, whatever later receipts say."""
    real = Losses.judge

    def judge(self: Losses, receipt: Receipt, raw: bytes, covered: Collection[int], *, at: int) -> None:
        return None

    Losses.judge = judge  # type: ignore[method-assign]
    try:
        yield SimStore
    finally:
        Losses.judge = real  # type: ignore[method-assign]


MUTANTS: Final[dict[str, Mutant]] = {
    "naive sequence": _with_store(NaiveSequenceStore),
    "acknowledges before storing": _with_store(HastyStore),
    "believes HTTP 200": believes_status,
    "drops what awaits a key": drops_what_awaits_a_key,
    "overwrites on a fork": _with_store(OverwritingStore),
    "keeps ticks": keeps_ticks,
}
