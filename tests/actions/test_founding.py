"""The first documents of an organisation hold under each other and name one coordinator."""

from __future__ import annotations

import os

from fieldkit.actions.founding import LANES, found
from fieldkit.vault.keys import Purpose
from sync.protocol.directory import parse_directory
from sync.protocol.enrolment import Ticket
from sync.protocol.ids import device_id
from sync.protocol.root import parse_root
from sync.protocol.sealing import InboxSecret
from sync.protocol.signing import SigningKey

NOW = 1_900_000_000


def test_documents_hold() -> None:
    """Version 1 of both, thresholds of one, three lanes, the ticket's server."""
    ticket = Ticket(address="host:1", pins=(bytes(32),), log_key=SigningKey.generate().public, code=bytes(16))
    made = found(ticket, random=os.urandom, now=NOW)
    root = parse_root(made.root)
    directory = parse_directory(made.directory, root).directory
    assert (root.hash, root.root.version, directory.version) == (made.root_hash, 1, 1)
    assert (directory.address, directory.pins, directory.log_key) == ("host:1", ticket.pins, ticket.log_key)
    assert [(entry.lane, entry.name, entry.readers) for entry in directory.lanes] == [
        (lane, name, (made.me,)) for lane, name in LANES
    ]
    assert all(InboxSecret(made.seeds[entry.lane]).public == entry.inbox for entry in directory.lanes)
    assert device_id(SigningKey.from_bytes(made.secrets[Purpose.DEVICE]).public) == made.me
    assert len({*made.secrets.values(), *made.seeds.values()}) == len(made.secrets) + len(made.seeds)
