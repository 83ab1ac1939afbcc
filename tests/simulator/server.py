"""The real server without its threads and sockets: handlers, service and rules on the memory store."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Final, TypeVar

from sync.protocol.enrolment import Ticket, encode_ticket
from sync.protocol.ids import Organisation
from sync.protocol.signing import SigningKey
from sync.server.documents import Documents
from sync.server.handlers import Answer, Handlers
from sync.server.log import HOUR, EventLog
from sync.server.membership import Server
from sync.server.nonces import Nonces
from sync.server.service import Parts, Service
from sync.server.settings import Settings
from sync.server.stores.base import Store, Transaction
from sync.server.stores.memory import MemoryStore, MemoryTransaction
from sync.server.stores.memory_read import Held
from sync.server.tickets import TicketCodes
from sync.server.verify import Verifier
from sync.server.writer import Writer
from tests.simulator.chance import stream

ADDRESS: Final = "server.example:8440"
PINS: Final = (b"\1" * 32, b"\2" * 32)
LOG_KEY: Final = SigningKey.from_bytes(b"l" * 32)
TICKET_KEY: Final = b"t" * 32

Durable = dict[Organisation, Held]
"""Everything a store holds. A commit replaces it and never changes it, so keeping it is a backup."""

T = TypeVar("T")


class ServerDied(BaseException):
    """The server lost power here."""


class Crash(Enum):
    """When the server dies while it commits."""

    BEFORE = "before"
    AFTER = "after"


class SimStore(MemoryStore):
    """The memory store; it can die at a commit and be put back to a backup."""

    crash: Crash | None = None

    @contextmanager
    def writing(self) -> Iterator[MemoryTransaction]:
        """One transaction, which may be the last."""
        with super().writing() as transaction:
            yield transaction
            if self.crash is Crash.BEFORE:
                raise ServerDied
        if self.crash is Crash.AFTER:
            raise ServerDied

    @property
    def durable(self) -> Durable:
        """What survives a crash now."""
        return self._held

    def put(self, backup: Durable) -> None:
        """Become what a backup holds."""
        self._held = backup

    def died(self) -> None:
        """Power came back: what was not durable is gone. (Here everything committed is durable.)"""
        self.crash = None


class InlineWriter(Writer):
    """Runs each job at once in a transaction of its own: one process, one order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, job: Callable[[Transaction], T]) -> T:
        """See `Writer.run`."""
        with self._store.writing() as transaction:
            return job(transaction)

    def stop(self) -> None:
        """Nothing runs."""


class SimServer:
    """One server over its life: restarts keep the store and lose everything else."""

    def __init__(self, store: SimStore, clock: Callable[[], float]) -> None:
        self.store = store
        self.skew = 0
        """Seconds its clock is wrong."""
        self._clock = clock
        self._log = io.StringIO()
        self.restart()

    def restart(self) -> None:
        """Start anew from what is durable."""
        log = EventLog(self._log)
        self.store.died()
        settings = Settings(enrolments_per_minute=1_000)
        parts = Parts(
            store=self.store,
            writer=InlineWriter(self.store),
            verifier=Verifier(1),
            log_key=LOG_KEY,
            server=Server(LOG_KEY.public, PINS, Documents(), Nonces(), log),
            codes=TicketCodes(TICKET_KEY),
            settings=settings,
            clock=self.now,
        )
        self._handlers = Handlers(Service(parts), settings, log)

    def now(self) -> float:
        """Seconds by the server's clock."""
        return self._clock() + self.skew

    def answer(self, path: str, body: bytes, *, whole: bool = True) -> Answer | None:
        """The reply, or None when the server died over the request; then it has been started again."""
        try:
            return self._handlers.routes[path].handle(body, whole)
        except ServerDied:
            self.restart()
            return None
        finally:
            self.store.crash = None

    def ticket(self) -> str:
        """A ticket, as the operator hands it over."""
        code = TicketCodes(TICKET_KEY).make(stream("ticket")(4), hour=int(self.now()) // HOUR, days=1)
        return encode_ticket(Ticket(address=ADDRESS, pins=PINS, log_key=LOG_KEY.public, code=code))

    def failures(self) -> list[str]:
        """Where the server's own code failed; a sound one never does."""
        events = (json.loads(line) for line in self._log.getvalue().splitlines())
        return [str(event.get("where")) for event in events if event["event"] == "failed"]
