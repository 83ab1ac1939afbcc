"""Everything a server's database must hold to, recomputed from its frames alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sync.protocol.chain import ChainLog
from sync.protocol.frames import parse
from sync.protocol.ids import Device, FrameHash, Incarnation, Index, Lane, Organisation
from sync.protocol.log import Frontier, leaf_hash
from sync.server.folder import Folder
from sync.server.stores.base import FeedRow, Reader
from sync.server.stores.sql import SqlStore

PAGE_ROWS = 5_000
PAGE_BYTES = 1 << 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one lane holds: the frame hashes in feed order."""

    hashes: tuple[FrameHash, ...]
    root: bytes


def lane(folder: Path, organisation: Organisation, number: Lane) -> Held:
    """Check one lane whole and return what it holds. Raises AssertionError; the server may be running."""
    database = Folder(folder).database
    with closing(sqlite3.connect(database)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    assert verdict == "ok", f"the database is damaged: {verdict}"
    with closing(SqlStore(database)) as store, store.reading() as reader:
        return _check(reader, organisation, number)


def _check(reader: Reader, organisation: Organisation, number: Lane) -> Held:
    frontier = Frontier()
    logs: dict[tuple[Device, Incarnation], ChainLog] = {}
    hashes: list[FrameHash] = []
    for place, row in enumerate(_rows(reader, organisation, number)):
        assert row.index == place, f"index {row.index} stands at position {place}"
        frame = parse(row.raw)
        frontier = frontier.append(leaf_hash(frame.hash, row.device, Index(row.index)))
        log = logs.setdefault((row.device, row.incarnation), ChainLog())
        assert log.add(frame.sequence, frame.hash, frame.previous), f"frame {frame.sequence} is held twice"
        hashes.append(frame.hash)
    assert len(set(hashes)) == len(hashes), "a frame has two positions"
    head = reader.lane(organisation, number)
    stored = Frontier() if head is None else Frontier.from_bytes(head.frontier)
    assert stored == frontier, f"the tree says {stored.size} frames, the feed has {frontier.size}"
    states = {
        (device, state.incarnation): (state.head, state.head_hash, state.frames)
        for device in {Device(device) for device, _ in logs}
        for state in reader.chains(organisation, device)
        if state.lane == number
    }
    expected = {name: (log.head, log.head_hash, log.head + len(log.beyond)) for name, log in logs.items()}
    assert states == expected, f"the heads say {states}, the frames {expected}"
    return Held(hashes=tuple(hashes), root=frontier.root())


def _rows(reader: Reader, organisation: Organisation, number: Lane) -> Iterator[FeedRow]:
    start = 0
    while page := reader.feed(organisation, number, start, rows=PAGE_ROWS, size=PAGE_BYTES):
        yield from page
        start = page[-1].index + 1
