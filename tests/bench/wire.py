"""Benchmark row 4: bytes on the wire, TCP payload both ways, between the real program and a real server.

Every figure is the median of the runs, each with reporters of its own. The limit is what zstd with
dictionary 1 leaves of the same reports, for an exchange without news the hello and the reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from fieldkit.model.values import Answers
from tests.bench.framed import framed_rows
from tests.bench.reports import SEED, json_bytes, peer_records, twenty_english
from tests.bench.table import Budget, Limit, Row
from tests.bench.world import Cost, Reporter, World
from tests.dictionary.held_out import incidents

TWENTY_BYTES: Final = 17_920
"""Twenty English incidents, with a handshake and an epoch frame: 17.5 KB."""

IDLE_BYTES: Final = 800
"""An exchange without news, after the handshake."""

PEERS_BYTES: Final = 90_000
"""A hundred records of the peers' data: less than half of the best peer's, which seals nothing."""

ONION_BYTES: Final = 56 + len(".onion:443")
"""The longest address in use: every request names it once."""

SEALERS: Final = 2
"""Laptops on which reports are only sealed, to be weighed."""

HEADLINES: Final = 3
"""Of the parts of an exchange, those on the first line: what a person asks first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One exchange to measure. Cases of one `laptop` follow one another on it."""

    what: str
    laptop: int
    reports: Callable[[], list[Answers]] = list
    warm: bool = False
    bytes: int | None = None
    """The budget both ways; for an exchange without reports, after the handshake."""
    requests: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one case cost in one run, and the least its reports could weigh."""

    cost: Cost
    least: int

    @property
    def figure(self) -> int:
        """What is held against the budget."""
        moved = self.cost.moved
        return moved.both if self.least else moved.after_handshake

    @property
    def limit(self) -> int:
        """What it is compared with."""
        return self.least or self.cost.bodies.up + self.cost.bodies.down


CASES: Final = (
    Case(what="nothing new, cold, after the handshake", laptop=0, bytes=IDLE_BYTES),
    Case(what="nothing new, warm", laptop=0, warm=True, bytes=IDLE_BYTES),
    Case(what="1 English, cold, epoch frame", laptop=0, reports=lambda: incidents("en")[:1]),
    Case(what="1 English, warm", laptop=0, reports=lambda: incidents("en")[1:2], warm=True),
    Case(what="1 Arabic, warm", laptop=0, reports=lambda: incidents("ar")[:1], warm=True),
    Case(
        what="20 English, cold, epoch frame", laptop=1, reports=twenty_english, bytes=TWENTY_BYTES, requests=1
    ),
    Case(what="20 English, warm, epoch frame", laptop=2, reports=twenty_english, warm=True),
    Case(what="12 Arabic, cold, epoch frame", laptop=3, reports=lambda: incidents("ar")),
    Case(
        what="100 like the peers', cold, epoch frame",
        laptop=4,
        reports=lambda: peer_records(100),
        bytes=PEERS_BYTES,
    ),
    Case(what="100 more like them, warm", laptop=4, reports=lambda: peer_records(100, SEED + 1), warm=True),
)


def wire_rows(*, runs: int) -> Iterator[Row | str]:
    """Row 4, on a server of its own."""
    with World(laptops(CASES) * runs + SEALERS) as world:
        yield from measured(world, runs=runs, cases=CASES)


def measured(world: World, *, runs: int, cases: tuple[Case, ...]) -> Iterator[Row | str]:
    """Measure, and give rows and remarks as they come: each run on fresh laptops, sealing on the last."""
    yield from framed_rows(*world.reporters[-SEALERS:])
    for case in cases:
        fresh = [world.reporters[run * laptops(cases) + case.laptop] for run in range(runs)]
        yield from _rows(case, [play(case, reporter) for reporter in fresh])
    yield from _remarks(world)


def laptops(cases: tuple[Case, ...]) -> int:
    """How many a run takes."""
    return 1 + max(case.laptop for case in cases)


def play(case: Case, reporter: Reporter) -> Outcome:
    """One run of a case."""
    least = 0

    def write() -> None:
        nonlocal least
        least = sum(sum(lanes.values()) for lanes in reporter.finish(case.reports()))

    if case.warm:
        return Outcome(cost=reporter.warm(write), least=least)
    write()
    return Outcome(cost=reporter.cold(), least=least)


def _rows(case: Case, outcomes: list[Outcome]) -> Iterator[Row | str]:
    yield Row(
        what=case.what,
        figure=median(one.figure for one in outcomes),
        unit="bytes",
        limit=Limit(
            name="compressed" if outcomes[0].least else "hello and reply",
            value=median(one.limit for one in outcomes),
            ratio=median(one.figure / one.limit for one in outcomes),
        ),
        budget=None if case.bytes is None else Budget(bound=case.bytes),
    )
    if case.requests is not None:
        requests = median(one.cost.bodies.requests for one in outcomes)
        yield Row(what="  requests", figure=requests, unit="", budget=Budget(bound=case.requests))
    yield from _parts([one.cost for one in outcomes])


def _parts(costs: list[Cost]) -> Iterator[str]:
    """Of what an exchange consists."""
    parts = {
        "up": median(cost.moved.up for cost in costs),
        "down": median(cost.moved.down for cost in costs),
        "requests": median(cost.bodies.requests for cost in costs),
        "handshake": median(cost.moved.handshake for cost in costs),
        "frames": median(cost.report.sent_bytes for cost in costs),
        "hello and envelopes": median(cost.beside_frames for cost in costs),
        "reply": median(cost.bodies.down for cost in costs),
        "HTTP heads and TLS records": median(cost.wrapping for cost in costs),
    }
    told = [f"{name} {value:,.0f}" for name, value in parts.items()]
    yield "    " + ", ".join(told[:HEADLINES])
    yield "    " + ", ".join(told[HEADLINES:])


def _remarks(world: World) -> Iterator[str]:
    line = next(line for line in reversed(world.tap.lines) if line.finished)
    yield (
        f"    {line.version}, group {line.group}, certificate {world.certificate_bytes} bytes,"
        f" handshake {line.handshake} bytes both ways"
    )
    longer = ONION_BYTES - len(world.tap.address)
    yield f"    the Host line names {world.tap.address}; an onion service's address adds {longer} a request"
    peers = peer_records(100)
    yield "    the 20 English: the 12 held-out texts and 8 of tests/bench/further, no text twice"
    yield (
        f"    the 100: half English, half Arabic, {sum(map(json_bytes, peers)):,} bytes of JSON,"
        f" sentences of held-out texts drawn with seed {SEED}"
    )
