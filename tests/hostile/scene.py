"""People with laptops in the middle of their work, made once and copied for each script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldkit.actions import capture, enrol, exchange
from fieldkit.actions.session import Session
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Organisation, sha256
from sync.server.settings import Settings
from sync.server.stores.memory import MemoryStore
from sync.server.stores.memory_read import Held
from tests.actions.world import ANSWERS, SOURCED, Template, World, report
from tests.hostile.villain import TlsKey, Villain
from tests.server.world import Site

DELIVERED, RECEIVED, WAITING = 1, 2, 3
"""Numbers of the reporter's reports, by how far each has come when a script begins."""

DEFAULT_SETTINGS = Settings()

PEOPLE = ("first", "north")


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where every script begins: an organisation, a coordinator, a reporter with a report in each state.

    The coordinator has pulled the delivered report and not the received one.
    """

    folder: Path
    template: Template
    key: TlsKey
    site: Site
    held: dict[Organisation, Held]

    @classmethod
    def make(cls, folder: Path, template: Template, address: str) -> Beginning:
        """Make it once; `address` is where the directory says the server is."""
        key = TlsKey.make(folder, "server")
        world = World(folder, template, site=Site(MemoryStore(), pins=(key.pin, b"\2" * 32)))
        first = world.laptop("first")
        ticket = world.ticket(address=address)
        enrol.create_organisation(first, "Test Watch", ticket, pseudonym="first")
        exchange.sync(first)
        north = world.reporter(first)
        report(north, title="Delivered")
        exchange.sync(north)
        exchange.pull(first)
        report(north, SOURCED, title="Received")
        exchange.sync(north)
        report(north, title="Waiting")
        capture.new_draft(north, {**ANSWERS, "title": "Draft"})
        world.close()
        assert isinstance(world.site.store, MemoryStore)
        return cls(folder, template, key, world.site, dict(world.site.store._held))


@dataclass
class Scene:
    """A copy of the beginning: its world, and the villain who has taken the server."""

    world: World
    villain: Villain
    first: Session
    north: Session

    @property
    def site(self) -> Site:
        """The honest server's insides."""
        return self.world.site

    def laptop(self, name: str) -> Session:
        """Somebody's laptop: `first`'s or `north`'s."""
        return {"first": self.first, "north": self.north}[name]

    def committed(self) -> set[bytes]:
        """Hashes of all frames that the honest server truly holds."""
        organisation = self.first.vault.identities.require().organisation
        with self.site.store.reading() as reader:
            return {
                sha256(row.raw)
                for lane in (MAIN, SOURCES, ADMIN)
                for row in reader.feed(organisation, lane, 0, rows=10**6, size=1 << 40)
            }


@contextmanager
def copied(beginning: Beginning, folder: Path, settings: Settings = DEFAULT_SETTINGS) -> Iterator[Scene]:
    """A scene that nobody else touches."""
    store = MemoryStore()
    store._held = {name: held.copy() for name, held in beginning.held.items()}
    site = Site(store, settings, log_key=beginning.site.log_key, pins=beginning.site.pins)
    world = World(folder, beginning.template, site=site)
    for name in PEOPLE:
        shutil.copytree(beginning.folder / name, folder / name)
    first, north = (world._session(beginning.template.open(folder / name)) for name in PEOPLE)
    try:
        yield Scene(world, Villain(site, beginning.key), first, north)
    finally:
        world.close()
