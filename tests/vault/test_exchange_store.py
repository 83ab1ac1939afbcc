"""The vault behind the real exchange engine: its port by shape, cuts, repeats, a coordinator's pull."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.model.state import State
from fieldkit.vault.exchange_store import VaultExchange
from fieldkit.vault.feeds import Verdicts
from fieldkit.vault.identity import Identity as Member
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.client.engine import Engine
from sync.client.errors import LinkError
from sync.client.ports import ExchangeStore, Identity, Outgoing
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Device, Incarnation, device_id, first_generation
from sync.protocol.kinds import Role
from sync.protocol.messages import MailItem
from sync.protocol.root import parse_root
from sync.protocol.signing import SigningKey
from tests.client.memory import LOG_KEY as SERVER_LOG_KEY
from tests.client.memory import FakeClock, MemoryLink, MemoryServer, counting_random
from tests.vault.world import NOW, ORGANISATION, World, bare_vault, seal_all, write


def test_the_port_is_satisfied(vault: Vault) -> None:
    """Every method of the engine's port is there with the same parameters; mypy checks the types here too."""
    store: ExchangeStore = VaultExchange(vault, lambda: NOW)
    names = [
        name for name, _ in inspect.getmembers(ExchangeStore, inspect.isfunction) if not name.startswith("_")
    ]
    assert len(names) == 16
    for name in names:
        wanted = list(inspect.signature(getattr(ExchangeStore, name)).parameters)[1:]
        assert list(inspect.signature(getattr(store, name)).parameters) == wanted, name


class Line:
    """A vault, an in-memory server and a link between them."""

    def __init__(self, vault: Vault, server: MemoryServer, key: SigningKey) -> None:
        clock = FakeClock()
        me = vault.identities.require()
        identity = Identity(
            organisation=me.organisation,
            device=me.device,
            incarnation=me.incarnation,
            key=key,
            log_key=SERVER_LOG_KEY.public,
            pins=(bytes(32),),
            address="server.example:443",
        )
        server.keys[me.device] = key.public
        self.link = MemoryLink(server, clock)
        self.engine = Engine(
            identity=lambda: identity,
            store=VaultExchange(vault, clock.now),
            transport=self.link,
            clock=clock,
            random=counting_random(),
        )


@pytest.fixture
def server() -> MemoryServer:
    """A server with nothing on it."""
    return MemoryServer()


@pytest.fixture
def desk(tmp_path: Path, world: World) -> Iterator[Vault]:
    """A coordinator's vault with the organisation's documents."""
    with bare_vault(tmp_path / "desk") as vault:
        member = Member(
            organisation=ORGANISATION,
            device=device_id(world.coordinator.public),
            incarnation=Incarnation(b"\5" * 8),
            role=Role.COORDINATOR,
            pseudonym="desk-1",
            joined=NOW,
        )
        vault.identities.store(member)
        root = world.root()
        vault.documents.adopt([root], parse_root(root).hash, world.directory(root=root), now=NOW)
        yield vault


def test_reports_travel(vault: Vault, world: World, server: MemoryServer) -> None:
    """What was sealed arrives, each frame once; the next exchange is idle."""
    for number in range(3):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    line = Line(vault, server, world.laptop)
    line.engine.sync()
    assert {row.state for row in vault.records.page()} == {State.RECEIVED}
    assert [len(server.lane(lane).entries) for lane in (MAIN, SOURCES)] == [4, 4]
    line.engine.sync()
    assert server.duplicates == 0
    assert vault.delivery.gossip() is not None


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("at", [0, 1, 300, 1_500, 1_700, 2_500, 3_500])
def test_a_cut_exchange_converges(
    vault: Vault, world: World, server: MemoryServer, direction: str, at: int
) -> None:
    """Wherever it is cut, no tick is shown without a receipt, and the next exchange completes it."""
    for number in range(2):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    line = Line(vault, server, world.laptop)
    line.link.cuts = [(direction, at)]
    line.engine.sync()
    assert {row.state for row in vault.records.page()} == {State.RECEIVED}
    for lane in (MAIN, SOURCES):
        frames = [entry.frame for entry in server.lane(lane).entries]
        assert len(frames) == len(set(frames)) == 3


def test_without_a_link_everything_waits(vault: Vault, world: World, server: MemoryServer) -> None:
    """A link that never comes changes nothing."""
    write(vault, world, "first")
    seal_all(vault, world)
    before = vault.delivery.pending(1 << 30)
    line = Line(vault, server, world.laptop)
    line.link.cuts = [("connect", 0)] * 20
    with pytest.raises(LinkError):
        line.engine.sync()
    assert vault.delivery.pending(1 << 30) == before
    assert vault.records.line(1).state is State.WAITING


def test_one_refused_frame_does_not_stop_the_others(vault: Vault, world: World, server: MemoryServer) -> None:
    """The bad one is quarantined, the rest is received."""
    for number in range(2):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    server.refuse[MAIN, 2] = Refusal.SIZE
    Line(vault, server, world.laptop).engine.sync()
    assert vault.delivery.pending_totals() == (0, 0)
    assert [(stuck.lane, stuck.refusal) for stuck in vault.outbox.stuck()] == [(MAIN, Refusal.SIZE)]
    assert {row.state for row in vault.records.page()} == {State.WAITING, State.RECEIVED}


def test_mail_arrives_once(vault: Vault, world: World, server: MemoryServer) -> None:
    """The mail cursor goes on from exchange to exchange."""
    server.mail = [
        MailItem(
            mail_index=position,
            lane=ADMIN,
            index=position,
            device=Device(b"s" * 16),
            incarnation=Incarnation(b"i" * 8),
            frame=os.urandom(40),
        )
        for position in range(3)
    ]
    write(vault, world, "first")
    seal_all(vault, world)
    line = Line(vault, server, world.laptop)
    line.engine.sync()
    line.engine.sync()
    assert [letter.raw for letter in vault.mailbox.letters()] == [item.frame for item in server.mail]


def test_a_coordinator_pulls(vault: Vault, desk: Vault, world: World, server: MemoryServer) -> None:
    """Every lane the directory names is pulled in pages; cursor, entries and tree agree with the server."""
    for number in range(5):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    Line(vault, server, world.laptop).engine.sync()
    server.page = 2
    line = Line(desk, server, world.coordinator)
    line.engine.pull()
    for lane in (MAIN, SOURCES):
        entries = desk.inbox.entries(lane, EntryState.NEW)
        assert [entry.raw for entry in entries] == [item.frame for item in server.lane(lane).entries]
        generation = first_generation(ORGANISATION, lane)
        assert desk.feeds.root_at(lane, generation, 6) == server.lane(lane).tree.root()
    assert desk.feeds.verdicts() == Verdicts(agree=3, differ=0, waiting=0)
    line.engine.pull()
    assert sum(desk.inbox.counts().values()) == 12
    assert desk.evidence.all() == []


def test_a_reporter_reads_no_lane(vault: Vault, world: World) -> None:
    """The cursors name only what the directory lets this laptop read."""
    root = world.root()
    vault.documents.adopt([root], parse_root(root).hash, world.directory(root=root), now=NOW)
    store = VaultExchange(vault, lambda: NOW)
    assert store.cursors() == []
    assert store.versions() == (1, 1)
    with pytest.raises(ProtocolError):
        store.keep_documents([], b"garbage")
    store.keep_documents([], world.directory(2, root=root))
    assert store.versions() == (2, 1)


def test_stored_frames_have_the_port_s_shape(vault: Vault, world: World) -> None:
    """A pending frame is an `Outgoing`."""
    write(vault, world, "first")
    seal_all(vault, world)
    frame: Outgoing = VaultExchange(vault, lambda: NOW).pending(1)[0]
    assert (frame.lane, frame.sequence, frame.device) == (MAIN, 1, world.device)
