"""Many organisations on one server: none sees another's frames, none has to wait for another's flood."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from sync.protocol.errors import Refusal
from sync.protocol.ids import MAIN
from sync.protocol.messages import FeedItem
from tests.faults.figures import Figures
from tests.faults.organisation import Party
from tests.load.flood import CONNECTIONS, flood
from tests.load.honest import Client, percentile
from tests.load.serving import found_party, person, pull_body, serving, sync_body
from tests.server.world import read_items, whole_refusal
from tests.support.server import RealServer, post

ORGANISATIONS = 200
RECORDS = 2
REPLY_BYTES = 1 << 20
FLOOD_SECONDS = 4.0
P99_SECONDS = 1.0
PAUSE_SECONDS = 0.05
TRIES = 100
OPEN_HOUSE = "enrolments_per_minute = 100000\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server that lets organisations be made quickly."""
    with serving(tmp_path_factory.mktemp("neighbours") / "server", settings=OPEN_HOUSE) as running:
        yield running
        running.process.kill()  # it would first finish what the flood has left


def pulled(server: RealServer, body: bytes) -> list[bytes]:
    """The frames that a pull brings."""
    status, reply = post(server.address, "/v1/pull", body)
    assert status == 200
    return [item.frame for item in read_items(reply) if isinstance(item, FeedItem)]


def test_many_organisations_see_only_their_own(server: RealServer, figures: Figures) -> None:
    """Each pulls what its members wrote and nothing else; its members are strangers everywhere else."""
    began = time.monotonic()
    written: list[tuple[Party, list[bytes]]] = []
    for _ in range(ORGANISATIONS):
        party = found_party(server)
        writer = person(party)
        records = [writer.record() for _ in range(RECORDS)]
        uploads = [writer.upload(MAIN, record) for record in records]
        assert post(server.address, "/v1/sync", sync_body(party, writer, *uploads))[0] == 200
        written.append((party, [record.raw for record in records]))
    made = time.monotonic() - began
    for party, frames in written:
        assert pulled(server, pull_body(party, reply_limit=REPLY_BYTES)) == frames
    for (party, _), (other, _) in pairwise(written):
        assert stranger(server, party, other) == Refusal.DEVICE
    seconds = time.monotonic() - began - made
    figures.add(
        f"neighbours: {ORGANISATIONS} organisations made in {made:.1f} s, and asked in {seconds:.1f} s:"
        f" each sees its own {RECORDS} records"
    )


def stranger(server: RealServer, party: Party, other: Party) -> Refusal:
    """What a reader of `party` is told who asks for another organisation's feed."""
    liar = Party(
        organisation=other.organisation,
        pins=other.pins,
        log_key=other.log_key,
        devices=party.devices,
        founding=b"",
    )
    _, reply = post(server.address, "/v1/pull", pull_body(liar, reply_limit=REPLY_BYTES))
    return whole_refusal(read_items(reply))


def neighbour(server: RealServer) -> Client:
    """An honest client of another organisation."""
    party = found_party(server)
    return Client(party, party.devices[0], server.address)


def test_a_flood_of_one_leaves_room_for_others(server: RealServer, figures: Figures) -> None:
    """One organisation sends large requests on two dozen connections; another syncs in between."""
    client, flooding = neighbour(server), found_party(server)
    client.write()
    quiet = client.sync().seconds
    times = []
    with flood(server, flooding) as refused:
        end = time.monotonic() + FLOOD_SECONDS
        while time.monotonic() < end:
            client.write()
            sync = client.sync()
            assert not sync.error
            times.append(sync.seconds)
            time.sleep(PAUSE_SECONDS)
        assert not refused.value
    assert client.store.pending_totals() == (0, 0)
    figures.add(
        f"neighbours: while one floods on {CONNECTIONS} connections, another's {len(times)} exchanges take"
        f" p50 {percentile(times, 0.5):.3f} s, p99 {percentile(times, 0.99):.3f} s, before it {quiet:.3f} s"
    )
    assert percentile(times, 0.99) < P99_SECONDS


def test_a_server_without_turns_is_caught(tmp_path: Path) -> None:
    """The control: where requests are worked on as they come, the neighbour waits for the flood."""
    with serving(tmp_path / "server", settings=OPEN_HOUSE, module="tests.load.greedy_server") as server:
        client, flooding = neighbour(server), found_party(server)
        with flood(server, flooding):
            with pytest.raises(TimeoutError):
                for _ in range(TRIES):
                    hello = sync_body(client.party, client.person)
                    post(server.address, "/v1/sync", hello, timeout=2 * P99_SECONDS)
                    time.sleep(PAUSE_SECONDS)
            server.process.kill()  # it would first finish the flood
