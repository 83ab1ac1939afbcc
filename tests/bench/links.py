"""Benchmark row 5: a hundred records over the bad links of the field, from the program's sync to the last
receipt.

The real program with a vault, over TLS to a real server, in real time; all laptops of a case send at once,
each over a link of its own, so that a case takes as long as its slowest run. The records are sealed
beforehand. Where this machine allows it the links carry the packets of the kernel's own TCP
(`tests.bench.packets`), elsewhere a model of it (`tests.bench.badlink`); `FIELDKIT_DEEP=1` shows both.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from statistics import median
from typing import Final, cast

from fieldkit.actions import exchange
from fieldkit.actions.errors import LinkProblem
from fieldkit.actions.network import Connect, PinnedTransport
from fieldkit.model.values import Answers
from sync.client.clock import SystemClock
from sync.client.http import HttpsTransport
from sync.protocol.limits import STALL_SECONDS
from tests.bench.badlink import BadLink, Weather
from tests.bench.packets import QUEUED_SECONDS, PacketLink, available
from tests.bench.reports import SEED, peer_records
from tests.bench.table import Budget, Limit, Row
from tests.bench.world import EVERYTHING, Reporter, World

RECORDS: Final = 100
DRIP_SECONDS: Final = 60
"""The server's default."""

SYNCS: Final = 20
"""How often a person may start a sync anew before the run has failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One link, and how long a hundred records may take over it."""

    what: str
    weather: Weather
    seconds: float | None = None


CASES: Final = (
    Case(
        what="2 kB/s, lives 60 s, then dark for 60 s",
        weather=Weather(rate=2_000, delay=0.1, lit=60, dark=60, resets=True),
        seconds=60,
    ),
    Case(what="64 kbit/s, connections reset after 20 s", weather=Weather(rate=8_000, delay=0.05, lives=20)),
    Case(
        what="64 kbit/s, 600 ms, 5 % lost, 2 s dark each 22 s",
        weather=Weather(rate=8_000, delay=0.3, loss=0.05, lit=20, dark=2, resets=True),
        seconds=15,
    ),
)


class FastClock(SystemClock):
    """A clock by which everything takes `factor` times longer than it does."""

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def monotonic(self) -> float:
        """Seconds as the link would have taken."""
        return time.monotonic() * self._factor

    def sleep(self, seconds: float) -> None:
        """Wait the `factor`th part."""
        time.sleep(seconds / self._factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run; seconds as they would have been over the link itself."""

    seconds: float
    frames: int
    """Bytes of the frames, each counted once."""
    carried: int
    """Bytes that the link carried both ways, those sent again included."""
    connections: int
    syncs: int
    """How often somebody had to start a sync."""


def over(address: str, factor: float) -> Connect:
    """Connects through a link that is `factor` times faster, with a stall timer as much shorter."""

    @contextmanager
    def connect(_: str, pins: tuple[bytes, ...] | None, proxy: str | None) -> Iterator[PinnedTransport]:
        stall = STALL_SECONDS / factor
        with HttpsTransport(address=address, pins=pins, proxy=proxy, stall=stall) as transport:
            yield cast(PinnedTransport, transport)

    return connect


def modelled(factor: float, case: Case, reporter: Reporter, target: str, run: int) -> Outcome:
    """Send what waits on a laptop over the model of a link, `factor` times faster."""
    with BadLink(target, case.weather.faster(factor), Random(SEED + run)) as link:
        return deliver(reporter, link, factor)


def real(case: Case, reporter: Reporter, target: str, run: int) -> Outcome:
    """Send what waits on a laptop over a link for the kernel's own packets."""
    with PacketLink(target, case.weather, Random(SEED + run), number=run) as link:
        return link.run(lambda: deliver(reporter, link, 1))


def deliver(reporter: Reporter, link: BadLink | PacketLink, factor: float) -> Outcome:
    """Send what waits on a laptop, with one sync after the other until nothing waits."""
    session = reporter.session
    session.engine_clock = FastClock(factor)
    session.connect = over(link.address, factor)
    frames = sum(len(frame.raw) for frame in session.vault.delivery.pending(EVERYTHING))
    began, syncs = time.monotonic(), 0
    while session.vault.delivery.pending_totals()[0]:
        syncs += 1
        try:
            exchange.sync(session)
        except LinkProblem:
            if syncs == SYNCS:
                raise
    return Outcome(
        seconds=(time.monotonic() - began) * factor,
        frames=frames,
        carried=link.moved,
        connections=link.connections,
        syncs=syncs,
    )


def link_rows(
    runs: int, *, cases: tuple[Case, ...] = CASES, records: int = RECORDS, factor: float = 1
) -> Iterator[Row | str]:
    """Row 5: each run with a laptop of its own. Only the model can be made faster."""
    packets = available() and factor == 1
    timers = {"stall_seconds": STALL_SECONDS, "drip_seconds": DRIP_SECONDS}
    settings = "".join(f"{name} = {max(1, round(held / factor))}\n" for name, held in timers.items())
    ways: list[tuple[str, Callable[..., Outcome]]] = [("", real)] if packets else []
    if not packets or os.environ.get("FIELDKIT_DEEP"):
        ways.append(("  by the model", partial(modelled, factor)))
    with World(runs, settings=settings) as world:
        for place, (case, (how, send)) in enumerate(product(cases, ways)):
            written = [peer_records(records, SEED + place * runs + run) for run in range(runs)]
            yield from _rows(case, _together(world, partial(send, case), written), how)
    if packets:
        yield f"    the kernel's TCP, {_congestion()}; queue of the link {QUEUED_SECONDS:g} s"
    else:
        yield "    a model of TCP (the kernel's own needs root and /dev/net/tun)"


def _together(
    world: World, send: Callable[[Reporter, str, int], Outcome], written: list[list[Answers]]
) -> list[Outcome]:
    """Every laptop writes its records and seals them, then all send."""
    laptops = world.reporters
    for reporter, records in zip(laptops, written, strict=True):
        reporter.finish(records)
        reporter.seal()
    with ThreadPoolExecutor(len(laptops)) as pool:
        return list(pool.map(lambda run: send(laptops[run], world.server.address, run), range(len(laptops))))


def _congestion() -> str:
    """How a laptop's socket, and one that was told nothing, answer loss."""
    names = []
    for tuned in (True, False):
        with socket.socket() as sock:
            if tuned:
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"bbr")
            names.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16).strip(b"\0").decode())
    return f"{names[0]} on the laptop, {names[1]} on the server"


def _rows(case: Case, outcomes: list[Outcome], how: str) -> Iterator[Row | str]:
    yield Row(
        what=how or case.what,
        figure=median(one.seconds for one in outcomes),
        unit="s",
        limit=Limit(
            name="pure bytes",
            value=median(one.frames / case.weather.rate for one in outcomes),
            ratio=median(one.seconds * case.weather.rate / one.frames for one in outcomes),
        ),
        budget=None if case.seconds is None else Budget(bound=case.seconds),
    )
    seconds = sorted(one.seconds for one in outcomes)
    yield (
        f"    {seconds[0]:.1f} to {seconds[-1]:.1f} s; carried {median(one.carried for one in outcomes):,.0f}"
        f" bytes for {median(one.frames for one in outcomes):,.0f} of frames,"
        f" {median(one.connections for one in outcomes):.0f} connections,"
        f" {median(one.syncs for one in outcomes):.0f} syncs"
    )
