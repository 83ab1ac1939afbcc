"""Benchmark row 1: durable ingest over HTTP and TLS, against a bare loop of the same work without either.

Run with `python -m tests.bench.ingest`. Each figure is the median of five; each ratio is taken within one
run, because absolute figures move with the machine. Clients are processes of their own with requests built
beforehand, so that what is measured is the server.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.protocol.frames import check_signature, parse
from sync.protocol.ids import ADMIN, MAIN, Chain
from sync.protocol.messages import EndItem, RefusedItem
from tests.server.world import Person, World, read_items
from tests.support.server import RealServer, client_context, post, start_server

RUNS = 5
BODY_BYTES = 576 + 16
"""A record of about 780 bytes framed: one 1.5 kB incident."""

FRAMES = {1: 300, 20: 2_000, 100: 4_000}
"""Frames of one run by batch size, for each number of clients: a second or two of work."""

SIZES = (1, 20, 100)
CLIENTS = (1, 8)


@dataclass(frozen=True, slots=True)
class Load:
    """What one client sends in one run: whole request bodies, and the frames in them."""

    chain: Chain
    public_key: bytes
    bodies: list[bytes]
    batches: list[list[bytes]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Frames a second of one configuration, a figure a run."""

    clients: int
    batch: int
    served: list[float]
    bare: list[float]
    sqlite: list[float]
    refused: int

    def line(self) -> str:
        """One row of the table."""
        served, bare = statistics.median(self.served), statistics.median(self.bare)
        sqlite = statistics.median(self.sqlite)
        of_bare = statistics.median(one / other for one, other in zip(self.served, self.bare, strict=True))
        of_sqlite = statistics.median(
            one / other for one, other in zip(self.served, self.sqlite, strict=True)
        )
        return (
            f"{self.batch:5} {self.clients:7} {served:10,.0f} {bare:10,.0f} {of_bare:8.2f}"
            f" {sqlite:12,.0f} {of_sqlite:8.3f} {self.refused:8}"
        )


HEADER = "batch clients  served/s     bare/s  ÷ bare  bare SQLite ÷ SQLite  refused"


def enrol(server: RealServer, clients: int) -> tuple[World, list[Person]]:
    """An organisation on a running server, with certified reporters."""
    ticket = server.ticket()
    world = World(ticket.log_key, ticket.pins, address=server.address)
    assert post(server.address, "/v1/organisation", world.founding(ticket.code))[0] == 200
    people = []
    for _ in range(clients):
        hours = int(time.time()) // 3_600 + 10
        keys, invite = world.invite(expires=hours)
        person = Person(world.organisation)
        join = world.join(person, keys)
        certificate = world.certificate(person, join)
        _send(server, world.hello(world.officer) + world.officer.upload(ADMIN, invite))
        _send(server, world.hello(person) + person.upload(ADMIN, join))
        _send(server, world.hello(world.officer) + world.officer.upload(ADMIN, certificate))
        people.append(person)
    return world, people


def _send(server: RealServer, body: bytes) -> None:
    status, reply = post(server.address, "/v1/sync", body)
    assert status == 200, status
    assert not any(isinstance(item, RefusedItem) for item in read_items(reply))


def make_load(world: World, person: Person, batch: int, frames: int) -> Load:
    """The requests of one client for one run."""
    bodies, batches = [], []
    for _ in range(frames // batch):
        made = [person.record(size=BODY_BYTES) for _ in range(batch)]
        bodies.append(world.hello(person) + b"".join(person.upload(MAIN, frame) for frame in made))
        batches.append([frame.raw for frame in made])
    return Load(person.chain(MAIN), person.key.public, bodies, batches)


def bare_loop(folder: Path, loads: list[Load], *, verify: bool) -> float:
    """Frames a second of one thread that parses, verifies and stores the same rows, a commit a batch."""
    path = folder / "bare.db"
    for old in folder.glob("bare.db*"):
        old.unlink()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=wal")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        'CREATE TABLE frame (lane INTEGER, "index" INTEGER, chain INTEGER, sequence INTEGER, hash BLOB,'
        ' previous BLOB, raw BLOB, PRIMARY KEY (lane, "index"), UNIQUE (chain, sequence))'
    )
    work = [(number, load, raws) for number, load in enumerate(loads) for raws in load.batches]
    prepared = None
    if not verify:
        prepared = [[parse(raw) for raw in raws] for _, _, raws in work]
    index = 0
    begin = time.perf_counter()
    for turn, (number, load, raws) in enumerate(work):
        frames = [parse(raw) for raw in raws] if prepared is None else prepared[turn]
        if verify:
            for frame in frames:
                check_signature(frame, load.chain, load.public_key)
        rows = [
            (1, index + step, number, frame.sequence, frame.hash, frame.previous, frame.raw)
            for step, frame in enumerate(frames)
        ]
        index += len(rows)
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO frame VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        database.execute("COMMIT")
    seconds = time.perf_counter() - begin
    database.close()
    return index / seconds


def _client(address: str, bodies: list[bytes], gate: Any, results: Any) -> None:
    """Send every body on one connection; report when it began and ended, and how many writes were refused."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=60, context=client_context())
    connection.connect()
    replies = []
    gate.wait()
    begin = time.monotonic()
    for body in bodies:
        connection.request("POST", "/v1/sync", body=body)
        response = connection.getresponse()
        replies.append((response.status, response.read()))
    end = time.monotonic()
    connection.close()
    results.put((begin, end, sum(_refused(status, reply) for status, reply in replies)))


def _refused(status: int, reply: bytes) -> int:
    items = read_items(reply)
    whole = status == 200 and isinstance(items[-1], EndItem)
    return sum(isinstance(item, RefusedItem) for item in items) if whole else 1


def serve_load(address: str, loads: list[Load]) -> tuple[float, int]:
    """Frames a second of the server under one client a load, and how many writes were refused."""
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(len(loads)), context.Queue()
    clients = [context.Process(target=_client, args=(address, load.bodies, gate, results)) for load in loads]
    for client in clients:
        client.start()
    told = [results.get(timeout=600) for _ in clients]
    for client in clients:
        client.join()
    seconds = max(end for _, end, _ in told) - min(begin for begin, _, _ in told)
    frames = sum(len(raws) for load in loads for raws in load.batches)
    return frames / seconds, sum(refused for _, _, refused in told)


def measure(batch: int, clients: int, *, runs: int = RUNS, frames: int | None = None) -> Measured:
    """One configuration on a server of its own."""
    total = FRAMES[batch] * (2 if clients > 1 else 1) if frames is None else frames
    served, bare, sqlite, refused = [], [], [], 0
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        server = start_server(Path(name), settings="member_frames = 100000000\n")
        try:
            world, people = enrol(server, clients)
            for _ in range(runs):
                loads = [make_load(world, person, batch, total // clients) for person in people]
                bare.append(bare_loop(Path(name), loads, verify=True))
                speed, missed = serve_load(server.address, loads)
                sqlite.append(bare_loop(Path(name), loads, verify=False))
                served.append(speed)
                refused += missed
        finally:
            server.stop()
    return Measured(clients, batch, served, bare, sqlite, refused)


def table(
    sizes: tuple[int, ...] = SIZES, clients: tuple[int, ...] = CLIENTS, *, runs: int = RUNS
) -> Iterator[str]:
    """The lines of the table, as they are measured."""
    yield "1. server ingest, durable, HTTP and TLS; bare = parse, check, Ed25519, SQLite FULL, one thread"
    yield HEADER
    for batch in sizes:
        for count in clients:
            yield measure(batch, count, runs=runs).line()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, choices=SIZES, action="append", help="only this batch size")
    parser.add_argument("--clients", type=int, action="append", help="only this number of clients")
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    sizes, clients = tuple(chosen.batch or SIZES), tuple(chosen.clients or CLIENTS)
    for line in table(sizes, clients, runs=chosen.runs):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
