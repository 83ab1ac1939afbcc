"""Benchmark row 8: the cost of one unit of work at 1×, 10× and 100× as much work.

A cost that stays gives a ratio of one; a ratio that grows with the work is something quadratic. The smallest
amount also pays what is paid once, so that ratios below one are usual. Where the program works, its processor
time is counted, which a busy machine disturbs less than the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Final

from fieldkit.actions import capture, exchange, records, status
from fieldkit.actions.session import Session
from tests.bench import ingest
from tests.bench.archive import archive
from tests.bench.pulling import Stopwatch, pulled
from tests.bench.reports import peer_records
from tests.bench.table import Budget, Limit, Row
from tests.bench.world import World

STEPS: Final = (1, 10, 100)

FRAMES: Final = 400
"""Frames the server takes in at 1×, in batches of `BATCH`."""

BATCH: Final = 100

SENT: Final = 10
"""Records that wait at 1×."""

PULLED: Final = 100
"""Records of a pull at 1×; in what was pulled somebody then works."""

TRIES: Final = 15
"""A single act is measured so often."""

GROWTH: Final = 1.5
"""The most that a unit may cost of what it costs at the smallest amount: twice is on the way to quadratic."""

Costs = Mapping[int, float]
"""Microseconds of a unit, by how many times the work."""


def growth_rows(
    runs: int, *, steps: tuple[int, ...] = STEPS, sent: int = SENT, fetched: int = PULLED, tries: int = TRIES
) -> Iterator[Row | str]:
    """Row 8: the server's intake, sending, the pull, and single acts in an archive that has grown."""
    yield from _rows("a frame taken in", FRAMES, {step: _taken_in(FRAMES * step, runs) for step in steps})
    yield from _rows("a waiting record sent", sent, {step: _sent(sent * step) for step in steps})
    costs = {step: _pulled(fetched * step, runs, tries) for step in steps}
    for name in costs[steps[0]]:
        yield from _rows(name, fetched, {step: costs[step][name] for step in steps}, bound=name not in LINEAR)


def _rows(what: str, amount: int, costs: Costs, *, bound: bool = True) -> Iterator[Row]:
    """The smallest amount, and what the others cost of it."""
    smallest = min(costs)
    for step, cost in costs.items():
        yield Row(
            what=f"{what}, {amount * step:,}",
            figure=round(cost),
            unit="µs",
            limit=None
            if step == smallest
            else Limit(name="1×", value=round(costs[smallest]), ratio=cost / costs[smallest]),
            budget=Budget(bound=GROWTH, of_ratio=True) if bound and step != smallest else None,
        )


def _taken_in(frames: int, runs: int) -> float:
    """By one client, on a server of its own that begins empty."""
    return 1e6 / median(ingest.measure(BATCH, 1, runs=runs, frames=frames).served)


def _sent(count: int) -> float:
    """Sealed and sent by one sync, until the receipts."""
    with World(1) as world:
        reporter = world.reporters[0]
        reporter.finish(peer_records(count))
        with Stopwatch() as watch:
            exchange.sync(reporter.session)
        waits, _ = reporter.session.vault.delivery.pending_totals()
        if waits:
            raise RuntimeError(f"expected everything to be sent, {waits} frames wait")
    return watch.took.processor / count * 1e6


ACTS: Final[dict[str, Callable[[Session, int], object]]] = {
    "a draft begun among": lambda session, _: capture.new_draft(session, {"title": "A draft"}),
    "a draft changed among": lambda session, count: capture.edit(
        session, str(count + 1), {"narrative": "Another word."}
    ),
    "a report shown of": lambda session, count: records.show(session, str(count)),
    "the first page of": lambda session, _: records.list_records(session, limit=50),
    "a pull without news to": lambda session, _: exchange.pull(session),
    "the status of": lambda session, _: status.status(session),
}
"""What somebody does in an archive of so many records; the first draft has the number after theirs."""

LINEAR: Final = frozenset({"the status of"})
"""Acts that count everything: asked by a person, and told without a budget."""


def _pulled(count: int, runs: int, tries: int) -> dict[str, float]:
    """A record of a pull, and single acts in the vault afterwards."""
    pulls = []
    with archive(count) as stored:
        for run in range(runs):
            with stored.opened() as session:
                pulls.append(pulled(stored, session).processor / count * 1e6)
                if run == runs - 1:
                    acts = {name: _act(session, count, act, tries) for name, act in ACTS.items()}
    return {"a record pulled of": median(pulls), **acts}


def _act(session: Session, count: int, act: Callable[[Session, int], object], tries: int) -> float:
    took = []
    for _ in range(tries):
        with Stopwatch() as watch:
            act(session, count)
        took.append(watch.took.processor)
    return median(took) * 1e6
