"""People with laptops and a server in memory, for tests of what they do together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.actions import capture, enrol, exchange, records
from fieldkit.actions.records import RecordLine
from fieldkit.actions.session import Session
from fieldkit.vault import keyslots, migrations
from fieldkit.vault.db import Database
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import FLOOR_COST, KeySlots
from fieldkit.vault.vault import Vault
from sync.protocol.enrolment import Ticket, encode_ticket
from sync.server.stores.memory import MemoryStore
from tests.actions.network import EngineTime, Network, Time
from tests.server.world import Site

ADDRESS = "127.0.0.1:8440"
PASSPHRASE = "a passphrase that is made for these tests only 1871"
CANARY = "CANARY-SOURCE-NAME"

ANSWERS: Mapping[str, object] = {
    "title": "Shells on Mockbridge",
    "kind": ["shelling"],
    "start": "2026-07-08",
    "gov": "Test Governorate",
    "narrative": "Three shells fell near the market.",
    "town": "Mockbridge",
}
"""A report with every required answer."""

SOURCED: Mapping[str, object] = {**ANSWERS, "sources": [{"src": "S1", "src_name": CANARY}]}
"""The same with a source, whose name belongs to the *sources* lane."""


@dataclass(frozen=True)
class Template:
    """An empty vault on the disk that each test copies, because a passphrase costs a tenth of a second."""

    folder: Path
    slots: KeySlots
    key: bytes

    @classmethod
    def make(cls, folder: Path) -> Template:
        """Make it once."""
        home = Home(folder)
        home.prepare()
        slots, key = keyslots.create(PASSPHRASE, FLOOR_COST, os.urandom)
        database = Database.create(home.database, key, slots.vault_id)
        migrations.migrate(database)
        database.checkpoint()
        database.close()
        home.slots.write_bytes(keyslots.write(slots))
        home.creating.unlink()
        return cls(folder=folder, slots=slots, key=key)

    def copy(self, folder: Path) -> Vault:
        """A copy of it, open."""
        shutil.copytree(self.folder, folder)
        return self.open(folder)

    def open(self, folder: Path) -> Vault:
        """A copy made before, opened again: what a process that was killed leaves behind."""
        home = Home(folder)
        return Vault(home, Database.open(home.database, self.key, self.slots.vault_id), self.slots, self.key)


@dataclass
class World:
    """One server, and whoever talks to it."""

    folder: Path
    template: Template
    time: Time = field(default_factory=Time)
    site: Site = field(default_factory=lambda: Site(MemoryStore()))
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.network = Network(self.site, self.time)

    def laptop(self, name: str) -> Session:
        """A new laptop with an empty vault."""
        return self._session(self.template.copy(self.folder / name))

    def after_crash(self, session: Session) -> Session:
        """The same laptop after its process was killed: nothing but the disk is left."""
        return self._session(self.template.open(session.vault.home.folder))

    def _session(self, vault: Vault) -> Session:
        # Waiting for the disk is most of what these tests would do; tests/faults pull the plug.
        vault._database.run("PRAGMA synchronous = OFF")
        session = Session(
            vault=vault,
            clock=self.time,
            connect=self.network.connect,
            engine_clock=EngineTime(self.time),
        )
        self.sessions.append(session)
        return session

    def ticket(self, *, address: str = ADDRESS) -> str:
        """A new ticket of the server."""
        return encode_ticket(
            Ticket(
                address=address,
                pins=self.site.pins,
                log_key=self.site.log_key.public,
                code=self.site.new_code(),
            )
        )

    def founder(self, name: str = "first") -> Session:
        """A laptop that makes the organisation, known to the server."""
        session = self.laptop(name)
        enrol.create_organisation(session, "Test Watch", self.ticket(), pseudonym=name)
        exchange.sync(session)
        return session

    def joiner(self, by: Session, name: str, role: str = "reporter") -> Session:
        """A laptop that joined with an invite and has not synced yet."""
        text = enrol.invite(by, role, name).text
        exchange.sync(by)
        session = self.laptop(name)
        enrol.join(session, text, pseudonym=name)
        return session

    def reporter(self, by: Session, name: str = "north") -> Session:
        """A certified reporter."""
        session = self.joiner(by, name)
        self._admitted(session, by)
        return session

    def coordinator(self, by: Session, name: str = "second") -> Session:
        """A certified coordinator, who holds the seeds of every lane."""
        session = self.joiner(by, name, "coordinator")
        self._admitted(session, by)
        return session

    def _admitted(self, session: Session, by: Session) -> None:
        exchange.sync(session)
        exchange.sync(by)
        exchange.sync(session)

    def close(self) -> None:
        """Lock every laptop and stop the server."""
        for session in self.sessions:
            session.lock()
        self.site.stop()


def report(session: Session, answers: Mapping[str, object] = ANSWERS, **changes: object) -> int:
    """Write and finish a report; its number."""
    line = capture.new_draft(session, {**answers, **changes})
    assert (line.missing, line.problems) == ((), ())
    return capture.finish(session, str(line.number)).number


def only(session: Session) -> RecordLine:
    """The only line of a list."""
    (line,) = records.list_records(session)
    return line


def glyph(session: Session, number: int = 1) -> str:
    """How far a report has come, as it is shown."""
    return records.show(session, str(number)).line.glyph
