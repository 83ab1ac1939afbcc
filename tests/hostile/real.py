"""A real server process with an organisation: a coordinator, an honest reporter, and rogues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.actions import enrol, exchange, records
from fieldkit.actions.session import Session
from sync.protocol.enrolment import JoinClaim, build_join, invite_keys, parse_invite
from sync.protocol.ids import ADMIN
from sync.protocol.kinds import Role
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
    rogues: list[Rogue] = field(default_factory=list)
    """Certified members whose program was changed, over TLS."""


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
        south = laptop("south")
        invites = [enrol.invite(first, "reporter", f"rogue-{number}").text for number in range(rogues)]
        text = enrol.invite(first, "reporter", "south").text
        exchange.sync(first)
        enrol.join(south, text)
        report(south)
        exchange.sync(south)
        made = [_joined(first, invite, server.address) for invite in invites]
        exchange.pull(first)
        (line,) = records.list_records(first)
        for rogue in made:
            rogue.victim = bytes.fromhex(line.incident or "")
        yield Town(server, first, south, made)


def _joined(first: Session, text: str, address: str) -> Rogue:
    """Somebody who joined with an invite, and has no vault."""
    documents, offer = first.vault.documents, parse_invite(text)
    signed, keys = documents.directory(), invite_keys(offer.secret)
    rogue = Rogue(
        offer.organisation,
        directory=signed.directory,
        post=lambda path, body: post(address, path, body),
        victim=b"",
    )
    claim = JoinClaim(
        invite=keys.invite,
        role=Role.REPORTER,
        root_hash=documents.root().hash,
        directory_version=signed.directory.version,
        directory_hash=signed.hash,
        public_key=rogue.key.public,
        log_key=signed.directory.log_key,
        reader_key=b"",
    )
    frame = build_join(rogue.chain(ADMIN), rogue.key, claim, keys)
    rogue.heads[ADMIN] = (1, frame.hash)
    rogue.send(frame, lane=ADMIN)
    rogue.answers.clear()
    return rogue


def _session(template: Template, folder: Path) -> Session:
    vault = template.copy(folder)
    # Waiting for the disk is most of what these tests would do; tests/faults pull the plug.
    vault._database.run("PRAGMA synchronous = OFF")
    time = Time()
    return Session(vault=vault, connect=over_loopback(PATIENT_SECONDS), engine_clock=EngineTime(time))
