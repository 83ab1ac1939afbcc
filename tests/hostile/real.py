"""A real server process with an organisation: a coordinator, an honest reporter, and rogues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.actions import enrol, exchange, records
from fieldkit.actions.session import Session
from tests.actions.network import EngineTime, Time
from tests.actions.world import Template, report
from tests.hostile.roads import over_loopback
from tests.hostile.rogue import Rogue
from tests.support.server import RealServer, post, start_server

PATIENT_SECONDS = 20.0
"""Stall timer of the honest laptops: a busy machine is no stalled server."""


@dataclass
class Town:
    """Everybody, on one real server."""

    server: RealServer
    first: Session
    south: Session
    victim: bytes
    """Id of the honest reporter's first report."""
    rogues: list[Session] = field(default_factory=list)

    def rogue(self, number: int) -> Rogue:
        """A certified member whose program was changed, over TLS."""
        address = self.server.address
        return Rogue.of(self.rogues[number], lambda path, body: post(address, path, body), self.victim)


@contextmanager
def real_town(folder: Path, template: Template, *, rogues: int) -> Iterator[Town]:
    """Found it, let everybody in, and stop the server at the end."""
    server = start_server(folder)
    with ExitStack() as stack:
        stack.callback(server.stop)

        def laptop(name: str) -> Session:
            session = _session(template, folder / name)
            stack.enter_context(session)
            return session

        first = laptop("first")
        enrol.create_organisation(first, "Test Watch", server.ticket_text(), pseudonym="first")
        names = ["south", *(f"rogue-{number}" for number in range(rogues))]
        invites = [enrol.invite(first, "reporter", name).text for name in names]
        exchange.sync(first)
        people = [laptop(name) for name in names]
        for session, text in zip(people, invites, strict=True):
            enrol.join(session, text)
            exchange.sync(session)
        exchange.sync(first)
        south, *others = people
        report(south)
        exchange.sync(south)
        exchange.pull(first)
        (line,) = records.list_records(first)
        yield Town(server, first, south, bytes.fromhex(line.incident or ""), others)


def _session(template: Template, folder: Path) -> Session:
    vault = template.copy(folder)
    # Waiting for the disk is most of what these tests would do; tests/faults pull the plug.
    vault._database.run("PRAGMA synchronous = OFF")
    time = Time()
    return Session(vault=vault, connect=over_loopback(PATIENT_SECONDS), engine_clock=EngineTime(time))
