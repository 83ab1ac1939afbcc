"""What the server's tests share: stores of each kind, a server on them, an organisation, a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.protocol.ids import ADMIN
from sync.server.settings import Settings
from sync.server.stores.base import Store
from sync.server.stores.memory import MemoryStore
from sync.server.stores.migrate import create_database
from sync.server.stores.sql import SqlStore
from tests.server.world import Person, Site, World
from tests.support.server import RealServer, start_server

SMALL = Settings(pending_frames=50, member_chains=5)
"""Quotas that a test can reach."""


def make_store(kind: str, folder: Path) -> Store:
    """A new store of a kind."""
    if kind == "memory":
        return MemoryStore()
    create_database(folder / "server.db")
    return SqlStore(folder / "server.db")


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Every store, empty."""
    made = make_store(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(store: Store) -> Iterator[Site]:
    """A server over every store."""
    made = Site(store, SMALL)
    yield made
    made.stop()


@pytest.fixture
def world(site: Site) -> World:
    """An organisation on the server."""
    made = World(site.log_key.public, site.pins)
    status, _ = site.post("/v1/organisation", made.founding(site.new_code()))
    assert status == 200
    return made


@pytest.fixture
def reporter(site: Site, world: World) -> Person:
    """A reporter who has joined and is not certified yet."""
    keys, invite = world.invite()
    person = Person(world.organisation)
    join = world.join(person, keys)
    body = world.hello(world.officer) + world.officer.upload(ADMIN, invite)
    assert site.post("/v1/sync", body)[0] == 200
    assert site.post("/v1/sync", world.hello(person) + person.upload(ADMIN, join))[0] == 200
    return person


@pytest.fixture
def real_server(tmp_path: Path) -> Iterator[RealServer]:
    """A running server."""
    server = start_server(tmp_path)
    yield server
    server.stop()
