"""Honest clients: the real engine over TLS, each with a chain of its own, a few records an exchange.

They run in processes of their own and think between exchanges, so that their own work is a small part of
what is measured; how much processor time they took is measured too.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from sync.client.clock import SystemClock
from sync.client.engine import Engine
from sync.client.errors import ExchangeError
from sync.client.http import HttpsTransport
from sync.client.ports import Identity
from sync.protocol.ids import MAIN
from sync.protocol.limits import STALL_SECONDS
from sync.protocol.signing import SigningKey
from tests.client.laptop import MemoryStore, Sealed
from tests.client.memory import INCARNATION
from tests.faults.organisation import Party
from tests.server.world import Person

PROCESSES = 2
RECORDS = 3
"""Records of an exchange."""

RECORD_BYTES = 576 + 16
THINK_SECONDS = (0.5, 3.5)
"""Between two exchanges of one client, evenly spread."""

SEED = 20_261_123


@dataclass(frozen=True, slots=True)
class Sync:
    """One exchange: when it began, how long it took, and what went wrong."""

    began: float
    seconds: float
    error: str = ""


@dataclass(slots=True)
class Told:
    """What the clients of one process did: exchanges, the frames a receipt covered, processor seconds."""

    syncs: list[Sync] = field(default_factory=list)
    acknowledged: dict[bytes, set[bytes]] = field(default_factory=dict)
    """Hashes of frames by device."""
    waiting: int = 0
    cpu: float = 0.0


@dataclass(slots=True)
class Client:
    """One laptop with a vault in memory."""

    party: Party
    key: SigningKey
    address: str
    store: MemoryStore = field(default_factory=MemoryStore)
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        self.person = Person(self.party.organisation, key=self.key, incarnation=INCARNATION)

    def write(self) -> None:
        """Finish a few records."""
        for _ in range(RECORDS):
            frame = self.person.record(size=RECORD_BYTES)
            sealed = Sealed(
                lane=MAIN,
                device=self.person.device,
                incarnation=INCARNATION,
                sequence=frame.sequence,
                raw=frame.raw,
                hash=frame.hash,
            )
            self.store.frames.append(sealed)

    def sync(self) -> Sync:
        """One run of the engine, timed."""
        began, error = time.monotonic(), ""
        try:
            self.run()
        except ExchangeError as found:
            error = f"{type(found).__name__}: {found}"
        return Sync(began, time.monotonic() - began, error)

    def run(self) -> None:
        """One run of the engine on a connection of its own, as each `fieldkit sync` makes one."""
        with self.transport() as transport:
            engine = Engine(
                identity=self.identity,
                store=self.store,
                transport=transport,
                clock=SystemClock(),
                random=os.urandom,
            )
            engine.sync()

    def transport(self, stall: float = STALL_SECONDS) -> HttpsTransport:
        """A way to the server."""
        return HttpsTransport(address=self.address, pins=self.party.pins, stall=stall)

    def identity(self) -> Identity:
        """Who the laptop is."""
        return Identity(
            organisation=self.party.organisation,
            device=self.person.device,
            incarnation=INCARNATION,
            key=self.key,
            log_key=self.party.log_key,
            pins=self.party.pins,
            address=self.address,
        )

    def acknowledged(self) -> set[bytes]:
        """Hashes of the frames that verified receipts cover."""
        received = self.store.received
        return {frame.hash for frame in self.store.frames if (frame.lane, frame.sequence) in received}


class Clients:
    """Honest clients at work while the block runs, until `stop`."""

    def __init__(self, address: str, members: Sequence[tuple[Party, SigningKey]]) -> None:
        context = multiprocessing.get_context("fork")
        self._end, self._results = context.Event(), context.Queue()
        self._processes = [
            context.Process(
                target=_work,
                args=(address, members[number::PROCESSES], self._end, self._results, SEED + number),
            )
            for number in range(PROCESSES)
        ]

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()  # they have ended, unless the block failed
            process.join()

    def stop(self) -> Told:
        """End when everybody is through with the present exchange; what all did."""
        self._end.set()
        whole = Told()
        for _ in self._processes:
            told: Told = self._results.get(timeout=120)
            whole.syncs += told.syncs
            whole.acknowledged |= told.acknowledged
            whole.waiting += told.waiting
            whole.cpu += told.cpu
        for process in self._processes:
            process.join()
        return whole


def _work(
    address: str, members: Sequence[tuple[Party, SigningKey]], end: Any, results: Any, seed: int
) -> None:
    clients = [Client(party, key, address) for party, key in members]
    told = Told()

    def live(client: Client, chance: random.Random) -> None:
        end.wait(chance.uniform(0, THINK_SECONDS[1]))
        while not end.is_set():
            client.write()
            told.syncs.append(client.sync())
            end.wait(chance.uniform(*THINK_SECONDS))

    threads = [
        threading.Thread(target=live, args=(client, random.Random(seed * 1_000 + number)))
        for number, client in enumerate(clients)
    ]
    began = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.cpu = time.process_time() - began
    for client in clients:
        told.acknowledged[client.person.device] = client.acknowledged()
        told.waiting += client.store.pending_totals()[0]
    results.put(told)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
