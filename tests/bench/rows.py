"""The rows `python -m tests.bench` knows, by name. Numbers are those of the design's list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from tests.bench import ingest, listing
from tests.bench.growing import growth_rows
from tests.bench.key_bytes import key_rows
from tests.bench.links import link_rows
from tests.bench.pulling import pull_rows
from tests.bench.starting import start_rows
from tests.bench.table import Budget, Limit, Row
from tests.bench.wire import wire_rows
from tests.bench.writing import writing_rows

INGEST_RATIO: Final = 0.5
"""The least part of the bare loop's speed to keep over HTTP and TLS where requests are batches."""


GROWTH_RUNS: Final = 3
"""Row 8 compares amounts that differ a hundredfold: its medians are of fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A numbered row of the benchmark, which may be many lines."""

    number: int
    title: str
    rows: Callable[[int], Iterator[Row | str]]
    """Given how many runs the medians are of."""


def ingest_rows(
    runs: int,
    *,
    sizes: tuple[int, ...] = ingest.SIZES,
    clients: tuple[int, ...] = ingest.CLIENTS,
    frames: int | None = None,
) -> Iterator[Row | str]:
    """Row 1: every batch size with every number of clients."""
    for batch in sizes:
        for count in clients:
            yield from _measured(ingest.measure(batch, count, runs=runs, frames=frames))


def _measured(one: ingest.Measured) -> Iterator[Row | str]:
    who = f"{one.batch} a batch, {one.clients} client{'s' if one.clients > 1 else ''}"
    yield Row(
        what=who,
        figure=round(median(one.served)),
        unit="frames/s",
        limit=Limit(
            name="bare loop",
            value=round(median(one.bare)),
            ratio=median(served / bare for served, bare in zip(one.served, one.bare, strict=True)),
        ),
        budget=Budget(bound=INGEST_RATIO, at_most=False, of_ratio=True) if one.batch > 1 else None,
    )
    yield Row(what="  refused writes", figure=one.refused, unit="", budget=Budget(bound=0))
    yield f"    bare SQLite, nothing verified: {median(one.sqlite):,.0f} frames/s"


GROUPS: Final = {
    "ingest": Group(
        number=1,
        title="server ingest, durable, over HTTP and TLS; the bare loop parses, verifies, inserts the same",
        rows=ingest_rows,
    ),
    "list": Group(
        number=2,
        title=f"the list of {listing.RECORDS:,} reports: a page as the screen asks for it, processor time",
        rows=listing.list_rows,
    ),
    "search": Group(
        number=2,
        title=f"search of {listing.RECORDS:,} reports, processor time; bare FTS5 in rowid order, same words",
        rows=listing.search_rows,
    ),
    "writing": Group(
        number=3,
        title="writing: one answer of a long form changed; a draft saved, bare with the same settings",
        rows=writing_rows,
    ),
    "wire": Group(
        number=4,
        title="bytes on the wire, TCP payload both ways; compressed is zstd with dictionary 1",
        rows=lambda runs: wire_rows(runs=runs),
    ),
    "links": Group(
        number=5,
        title="100 records of the peers' kind over bad links, until the last receipt",
        rows=link_rows,
    ),
    "pull": Group(
        number=6,
        title="pull, opened, verified and stored; the bare loop verifies, opens and inserts the same rows",
        rows=pull_rows,
    ),
    "start": Group(
        number=7,
        title="start to first paint, in a terminal of 80 by 24; beside a program of one widget",
        rows=start_rows,
    ),
    "screen": Group(
        number=7,
        title=f"the list of {listing.RECORDS:,} reports, and a form, beside a Textual app of one widget",
        rows=listing.screen_rows,
    ),
    "keys": Group(
        number=7,
        title="what keys cost, in bytes that the program writes to a terminal",
        rows=key_rows,
    ),
    "growth": Group(
        number=8,
        title="what one unit costs when there is ten and a hundred times as much",
        rows=lambda runs: growth_rows(min(runs, GROWTH_RUNS)),
    ),
}
