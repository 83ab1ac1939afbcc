"""Benchmark row 6: a pull, against a bare loop that verifies, opens and inserts the same.

The pull is the program's own, over TLS from a real server: it fetches, checks, stores, reads, compares
trees and chains, and acknowledges. The bare loop has the frames in memory: it parses them, checks their
signatures on every processor, opens them, and puts the very rows that the pull left into a new vault, page
by page. It runs three times: once it looks into no body, which no program could leave out; once it reads each
body; once it checks signatures on one processor, as it does the rest.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from fieldkit.actions import exchange
from fieldkit.actions.session import Session
from fieldkit.model.codec import decode_main
from fieldkit.vault import migrations
from fieldkit.vault.db import Database, Row
from fieldkit.vault.db_file import HEADER_BYTES, MAGIC
from fieldkit.vault.inbox import PAGE
from sync.protocol.frames import Frame, check_signature, parse
from sync.protocol.ids import Chain, EpochId, revision_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.records import decode_plain
from sync.protocol.sealing import EpochReader, InboxSecret, epoch_id, open_epoch
from tests.bench.archive import Archive, archive
from tests.bench.table import Budget, Limit
from tests.bench.table import Row as Line

RECORDS: Final = 10_000
PULL_RATIO: Final = 0.7
"""The least part of the bare loop's speed."""

CHUNK: Final = 25
"""Frames a thread takes at a time."""

STORED: Final = {
    "feed_entry": "SELECT * FROM feed_entry ORDER BY id",
    "chain_link": "SELECT * FROM chain_link ORDER BY lane, device, sequence",
    "tree_root": "SELECT * FROM tree_root ORDER BY lane, size",
    "owed": "SELECT * FROM owed ORDER BY lane, device, sequence",
    "incident": "SELECT * FROM incident ORDER BY number",
    "revision": "SELECT r.* FROM revision r JOIN incident i ON i.row = r.incident ORDER BY i.number",
    "revision_part": "SELECT * FROM revision_part ORDER BY rowid",
}
"""The tables that have a row for each record once a pull is over, in the order their rows came."""


INSERT: Final = {
    "feed_entry": "INSERT INTO feed_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "chain_link": "INSERT INTO chain_link VALUES (?, ?, ?, ?, ?, ?)",
    "tree_root": "INSERT INTO tree_root VALUES (?, ?, ?, ?)",
    "owed": "INSERT INTO owed VALUES (?, ?, ?, ?, ?, ?, ?)",
    "incident": "INSERT INTO incident VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "revision": "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?)",
    "revision_part": "INSERT INTO revision_part VALUES (?, ?, ?, ?)",
}


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and of processor time, of all threads together."""

    clock: float
    processor: float


class Stopwatch:
    """Measures a block."""

    def __enter__(self) -> Stopwatch:
        self._began = (time.perf_counter(), time.process_time())
        return self

    def __exit__(self, *_: object) -> None:
        clock, processor = self._began
        self.took = Took(time.perf_counter() - clock, time.process_time() - processor)


@dataclass(slots=True, kw_only=True)
class Bare:
    """The bare loop, with what it needs from one pull."""

    archive: Archive
    secrets: dict[tuple[int, int], InboxSecret] = field(repr=False)
    rows: dict[str, list[Row]] = field(repr=False)

    @classmethod
    def after(cls, stored: Archive, session: Session) -> Bare:
        """From the vault that has pulled everything."""
        database = session.vault._database
        return cls(
            archive=stored,
            secrets={
                (held.lane, held.term): InboxSecret(held.seed) for held in session.vault.keys.lane_seeds()
            },
            rows={table: database.rows(select) for table, select in STORED.items()},
        )

    def run(self, *, bodies: bool = False, processors: int | None = None) -> Took:
        """Once, into a new database with the vault's own settings and schema; `bodies` are read if asked.

        Signatures are checked on so many `processors`, else on all.
        """
        with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
            key, vault_id = os.urandom(32), os.urandom(HEADER_BYTES - len(MAGIC))
            database = Database.create(Path(name) / "vault.db", key, vault_id)
            migrations.migrate(database)
            frames = self.archive.frames
            pages = -(-len(frames) // PAGE)
            readers: dict[EpochId, EpochReader] = {}
            with Stopwatch() as watch, ThreadPoolExecutor(processors or os.cpu_count()) as pool:
                for page in range(pages):
                    part = frames[page * PAGE : (page + 1) * PAGE]
                    chunks = [part[start : start + CHUNK] for start in range(0, len(part), CHUNK)]
                    verified = [frame for chunk in pool.map(self._verified, chunks) for frame in chunk]
                    for (chain, _), frame in zip(part, verified, strict=True):
                        plain = self._open(chain, frame, readers)
                        if bodies and plain is not None:
                            _read(chain, plain)
                    self._insert(database, page, pages)
            database.close()
        return watch.took

    def _verified(self, chunk: list[tuple[Chain, bytes]]) -> list[Frame]:
        frames = []
        for chain, raw in chunk:
            frame = parse(raw)
            check_signature(frame, chain, self.archive.keys[chain.device])
            frames.append(frame)
        return frames

    def _open(self, chain: Chain, frame: Frame, readers: dict[EpochId, EpochReader]) -> bytes | None:
        """The plain bytes of a record; None for an epoch."""
        if frame.kind is Kind.EPOCH:
            secret = open_epoch(frame, chain, self.secrets[chain.lane, frame.header[Key.TERM]])
            readers[epoch_id(frame)] = EpochReader(epoch_id(frame), secret)
            return None
        return readers[EpochId(frame.header[Key.EPOCH])].open(frame, chain).plain

    def _insert(self, database: Database, page: int, pages: int) -> None:
        with database.transaction():
            for table, rows in self.rows.items():
                part = rows[len(rows) * page // pages : len(rows) * (page + 1) // pages]
                if part:
                    database.run_many(INSERT[table], part)


def _read(chain: Chain, plain: bytes) -> None:
    """What whoever takes a report must know of it: that it is one (docs/protocol.md §4), and its id."""
    record = decode_plain(plain)
    decode_main(record.content, size=len(record.content_bytes))
    revision_id(chain.organisation, chain.device, record.content_bytes)


def pulled(stored: Archive, session: Session) -> Took:
    """One pull; raises RuntimeError when it did not bring everything."""
    import sync.client.http  # noqa: F401 - what a program loads once is no part of a record's cost

    with Stopwatch() as watch:
        report = exchange.pull(session)
    if (report.records_verified, report.incidents_new) != (stored.count, stored.count):
        raise RuntimeError(f"expected {stored.count} records, pulled {report.records_verified}")
    return watch.took


def pull_rows(runs: int, *, records: int = RECORDS) -> Iterator[Line | str]:
    """Row 6: one pull and the three bare loops in turn."""
    pulls, bares, readers, singles = [], [], [], []
    with archive(records) as stored:
        for _ in range(runs):
            with stored.opened() as session:
                pulls.append(pulled(stored, session))
                bare = Bare.after(stored, session)
            bares.append(bare.run())
            readers.append(bare.run(bodies=True))
            singles.append(bare.run(processors=1))
    what = f"a pull of {records:,} records, acknowledged"
    yield _line(what, records, pulls, bares, Budget(bound=PULL_RATIO, at_most=False, of_ratio=True))
    yield _line("  the same; the bare loop reads bodies, too", records, pulls, readers, None)
    yield _line("  the same; the bare loop has one processor", records, pulls, singles, None)
    used = [median(took.processor for took in side) / records * 1e6 for side in (pulls, bares, readers)]
    shares = [median(map(_processor_ratio, side, pulls)) for side in (bares, readers)]
    yield (
        f"    processor time of a record, all threads: {used[0]:,.0f} µs; of the bare loop {used[1]:,.0f},"
        f" ratio {shares[0]:.2f}; with bodies {used[2]:,.0f}, ratio {shares[1]:.2f}"
    )


def _line(what: str, records: int, pulls: list[Took], loops: list[Took], budget: Budget | None) -> Line:
    return Line(
        what=what,
        figure=round(median(records / pull.clock for pull in pulls)),
        unit="records/s",
        limit=Limit(
            name="bare loop",
            value=round(median(records / loop.clock for loop in loops)),
            ratio=median(loop.clock / pull.clock for pull, loop in zip(pulls, loops, strict=True)),
        ),
        budget=budget,
    )


def _processor_ratio(loop: Took, pull: Took) -> float:
    return loop.processor / pull.processor
