"""50 honest clients while 5,000 stalled connections are held."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from sync.protocol.ids import MAIN
from sync.server.settings import Settings
from tests.conftest import DEEP
from tests.faults import audit
from tests.faults.figures import Figures
from tests.faults.organisation import Party
from tests.load.crowd import STALLS, Crowd, Stalled, crowd
from tests.load.honest import Clients, Told, percentile
from tests.load.serving import fill, found_party, head, pull_body, serving
from tests.load.sockets import cpu_seconds, held, memory_bytes, sockets
from tests.support.server import RealServer

HONEST = 50
STALLED = 5_000
MEASURED_SECONDS, LEAST_SECONDS = 14.0, 6.0
"""How long the clients are measured, at least and at most: while all of the crowd are held."""

BEFORE_SECONDS = 2.0
"""So long before the first of the crowd is closed the measuring ends."""

TRIES = 3
"""Crowds that a busy machine may take too long to open."""

WAVES = 80 if DEEP else 1
"""One wave of stalled connections takes three quarters of a minute: an hour in `make deep`."""

P99_SECONDS = 1.0
CLOSED_SECONDS = 30
"""What is promised of every one that stalls."""

TIMER_SECONDS = Settings().stall_seconds
"""After how long the server begins to close them."""

LATE_SECONDS = 4.0
"""What a busy machine, and our own look at its sockets, may add to a timer."""

MEMORY_BYTES = 512 << 20
LOOK_SECONDS = 0.5
FEED_FRAMES, FEED_BODY = 100, 576 + 16
REPLY_BYTES = 40_000
"""A reply nobody reads: more than the client's buffers take."""


def ask(party: Party) -> bytes:
    """A request for a long reply."""
    body = pull_body(party, reply_limit=REPLY_BYTES)
    return head("/v1/pull", len(body)) + body


def port_of(server: RealServer) -> int:
    """The port it listens on."""
    return int(server.address.rpartition(":")[2])


def closings(server: RealServer, stalled: Iterable[Stalled], patience: float) -> dict[str, float]:
    """How long the longest of each kind was held, in seconds since it stalled.

    Raises AssertionError when one is held beyond `patience`.
    """
    left = {one.end: one for one in stalled}
    longest: dict[str, float] = {}
    while left:
        still, now = held(port_of(server)), time.monotonic()
        for end in left.keys() - still:
            one = left.pop(end)
            longest[one.name] = max(longest.get(one.name, 0.0), now - one.since)
        over = sorted({one.name for one in left.values() if now - one.since > patience})
        assert not over, f"{len(left)} connections are held for more than {patience:g} s: {', '.join(over)}"
        time.sleep(LOOK_SECONDS)
    return longest


def test_honest_clients_beside_a_stalled_crowd(tmp_path: Path, figures: Figures) -> None:
    """Nobody honest is refused or waits a second; what stalls is closed in 30; sockets come back."""
    with serving(tmp_path / "server") as server:
        party = found_party(server, HONEST)
        fill(server, party, FEED_FRAMES, FEED_BODY)
        before = resting(server)
        for _ in range(WAVES):
            told = one_wave(server, party, figures)
            rest = resting(server)
            assert rest == before, f"{before} sockets before the crowd, {rest} after it"
            lost = set().union(*told.acknowledged.values()) - set(main_lane(server, party))
            assert not lost, f"{len(lost)} frames were acknowledged and are not there"


def resting(server: RealServer) -> int:
    """How many sockets it has open when nobody is connected any more."""
    end = time.monotonic() + LATE_SECONDS
    while held(port_of(server)):
        assert time.monotonic() < end, "connections are held that nobody has"
        time.sleep(LOOK_SECONDS)
    return sockets(server.pid)


def main_lane(server: RealServer, party: Party) -> tuple[bytes, ...]:
    """What the lane holds, checked."""
    return audit.lane(server.folder, party.organisation, MAIN).hashes


def one_wave(server: RealServer, party: Party, figures: Figures) -> Told:
    """Let a crowd stall while clients sync; check what they saw, and how the crowd ended."""
    for _ in range(TRIES):
        with crowd(server.address, STALLED, lambda: ask(party)) as stalling:
            oldest = min(one.since for one in stalling.stalled)
            left = oldest + TIMER_SECONDS - BEFORE_SECONDS - time.monotonic()
            if left >= LEAST_SECONDS:
                told = measure(server, party, stalling, figures, min(left, MEASURED_SECONDS))
                longest = closings(server, stalling.stalled, CLOSED_SECONDS)
                break
        resting(server)
    else:
        raise AssertionError(f"this machine opened {STALLED:,} connections in no {TIMER_SECONDS} seconds")
    most = memory_bytes(server.pid)
    figures.add("load: held at most " + ", ".join(f"{name} {long:.1f} s" for name, long in longest.items()))
    figures.add(f"load: server memory {most >> 20} MiB at most")
    assert most < MEMORY_BYTES
    return told


def measure(server: RealServer, party: Party, stalling: Crowd, figures: Figures, seconds: float) -> Told:
    """Let clients sync beside the crowd, and check what they met."""
    members = [(party, key) for key in party.devices]
    all_held(server, stalling)
    used, began = cpu_seconds(server.pid), time.monotonic()
    with Clients(server.address, members) as clients:
        time.sleep(seconds)
        all_held(server, stalling)
        told = clients.stop()
    used, seconds = cpu_seconds(server.pid) - used, time.monotonic() - began
    times = [sync.seconds for sync in told.syncs]
    figures.add(
        f"load: {STALLED:,} stalled (opened in {stalling.seconds:.1f} s), {HONEST} honest,"
        f" {len(times)} exchanges, p50 {percentile(times, 0.5):.3f} s, p99 {percentile(times, 0.99):.3f} s,"
        f" server {used / seconds:.0%} and clients {told.cpu / seconds:.0%} of one processor"
    )
    assert [sync.error for sync in told.syncs if sync.error] == []
    assert len(told.syncs) >= HONEST
    assert told.waiting == 0
    assert percentile(times, 0.99) < P99_SECONDS
    return told


def all_held(server: RealServer, stalling: Crowd) -> None:
    """Raise AssertionError unless the server holds the whole crowd; the last may wait to be accepted."""
    end = time.monotonic() + LATE_SECONDS
    while True:
        there, now = held(port_of(server)), time.monotonic()
        gone = {one.name: f"{now - one.since:.1f} s" for one in stalling.stalled if one.end not in there}
        if not gone:
            return
        assert now < end, f"the machine is too slow for this test, or the server too strict: {gone}"
        time.sleep(LOOK_SECONDS)


@pytest.mark.parametrize("module", ["sync.server.admin", "tests.load.patient_server"])
def test_a_server_without_its_timer_is_caught(tmp_path: Path, module: str) -> None:
    """The control: the check above passes with a short timer, and fails when the timer is off."""
    settings = "stall_seconds = 1\ndrip_seconds = 1\ndrip_bytes = 50\n"
    with serving(tmp_path / "server", settings=settings, module=module) as server:
        party = found_party(server)
        fill(server, party, FEED_FRAMES, FEED_BODY)
        with crowd(server.address, 2 * len(STALLS), lambda: ask(party)) as stalling:
            if module == "sync.server.admin":
                longest = closings(server, stalling.stalled, 1 + LATE_SECONDS)
                assert longest.keys() == {stall.name for stall in STALLS}
            else:
                with pytest.raises(AssertionError, match="head unfinished"):
                    closings(server, stalling.stalled, 1 + LATE_SECONDS)
