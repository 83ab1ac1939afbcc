"""Connections without end from one address: honest clients get through, and the server stays small."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import Figures
from tests.load.crowd import PATIENCE_SECONDS, SPARE_FILES
from tests.load.honest import Client, percentile
from tests.load.serving import found_party, person, serving, sync_body
from tests.load.sockets import LOOPBACK, End, memory_bytes, need_files
from tests.support.server import client_context, post

MOST_CONNECTIONS = 200
MOST_KEPT = 15_000
"""Connections the flood keeps open on its side, whatever the server thinks of them."""

FLOOD_SECONDS = 4.0
P99_SECONDS = 1.0
MEMORY_BYTES = 128 << 20
PAUSE_SECONDS = 0.05


@contextmanager
def flood(address: str) -> Iterator[Any]:
    """Connect from one address, shake hands, send nothing, again and again. Yields the count."""
    need_files(MOST_KEPT + SPARE_FILES)
    context = multiprocessing.get_context("fork")
    count, end = context.Value("L", 0), context.Event()
    host, _, port = address.rpartition(":")
    process = context.Process(target=_flood, args=((host, int(port)), count, end))
    process.start()
    try:
        yield count
    finally:
        end.set()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()


def filled(count: Any) -> None:
    """Wait until twice as many have connected as the server has places for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while count.value < 2 * MOST_CONNECTIONS:
        assert time.monotonic() < deadline, f"only {count.value} connections came about"
        time.sleep(PAUSE_SECONDS)


def _flood(target: End, count: Any, end: Any) -> None:
    context = client_context()
    kept: list[socket.socket] = []
    while not end.is_set() and len(kept) < MOST_KEPT:
        with suppress(OSError):
            one = socket.create_connection(target, PATIENCE_SECONDS, (LOOPBACK.format(9), 0))
            kept.append(context.wrap_socket(one))
            count.value += 1
    end.wait()


def test_a_flood_of_connections_keeps_nobody_out(tmp_path: Path, figures: Figures) -> None:
    """The server is full at any moment, and whoever comes with a request is answered."""
    with serving(tmp_path / "server", settings=f"connections = {MOST_CONNECTIONS}\n") as server:
        party = found_party(server)
        client = Client(party, party.devices[0], server.address)
        times = []
        with flood(server.address) as count:
            filled(count)
            before, end = count.value, time.monotonic() + FLOOD_SECONDS
            while time.monotonic() < end:
                client.write()
                sync = client.sync()
                assert not sync.error
                times.append(sync.seconds)
                time.sleep(PAUSE_SECONDS)
            rate = (count.value - before) / FLOOD_SECONDS
        most = memory_bytes(server.pid)
    figures.add(
        f"flood: {rate:,.0f} connections a second from one address, {MOST_CONNECTIONS} places: {len(times)}"
        f" exchanges, p50 {percentile(times, 0.5):.3f} s, p99 {percentile(times, 0.99):.3f} s,"
        f" memory {most >> 20} MiB"
    )
    assert percentile(times, 0.99) < P99_SECONDS
    assert most < MEMORY_BYTES


def test_the_flood_fills_the_server(tmp_path: Path) -> None:
    """The control: a server that closes the newest instead lets nobody in."""
    settings = f"connections = {MOST_CONNECTIONS}\n"
    with serving(tmp_path / "server", settings=settings, module="tests.load.full_server") as server:
        party = found_party(server)
        with flood(server.address) as count:
            filled(count)
            with pytest.raises(OSError, match=r"(?i)closed|reset|eof|aborted"):
                post(server.address, "/v1/sync", sync_body(party, person(party)))
