"""Calls of the server that fail while it takes in and hands out reports: no receipt is broken by it.

`FIELDKIT_DEEP=1` lets every call fail, once and for good; other runs take a sample (`FIELDKIT_SEED`).
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sync.protocol.ids import MAIN, Organisation
from sync.server.folder import Folder
from tests.conftest import DEEP
from tests.faults import audit, strace_rig, talk
from tests.faults.figures import Figures
from tests.faults.life import COORDINATOR, REPORTER, SERVER, Life, World, unsettled
from tests.faults.runs import Warm
from tests.faults.strace_rig import Point, Trace
from tests.faults.test_io_errors import CHECKED, FAILURES, WRITING

BEFORE = 5
"""The step of the life that sends the first report."""

TURNS = ((REPORTER, "sync"), (COORDINATOR, "pull"), (REPORTER, "sync"))

SAMPLE = 30

SIDE_BY_SIDE = 4
"""A laptop that was put off waits a moment before it tries again."""

LIES = ("receipt", "took this laptop's join once and does not know it now")
"""What is told of a server that lost what it had acknowledged: reports, or that a laptop had joined."""

BUSY = "the server is busy"
"""What a laptop says of a server whose disk fails for long; it is no refusal, and nothing is given up."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One call of the server that fails in one way."""

    point: Point
    failure: str
    lasting: bool

    def __str__(self) -> str:
        return f"{self.failure} {'from' if self.lasting else 'at'} {self.point}"


def test_failing_calls(life: Life, warm: Warm, figures: Figures) -> None:
    """A call of the server fails: the laptop says that it is busy, and the next exchange makes it good."""
    seed = int(os.environ.get("FIELDKIT_SEED", random.SystemRandom().randrange(1_000)))
    began = time.monotonic()
    trials = every_trial(life, warm)
    chosen = trials if DEEP else sample(trials, seed)
    found, failed = run(life, warm, chosen)
    assert not found, f"seed {seed}\n" + "\n".join(found)
    assert failed > len(chosen) / 4
    figures.add(
        f"calls of the server that fail: {len(chosen)} of {len(trials)} (seed {seed}),"
        f" {failed} requests put off by it, 0 receipts broken, 0 twice, {time.monotonic() - began:.0f} s"
    )


def test_hasty_server_is_caught(life: Life, warm: Warm) -> None:
    """The control: a server that answers before it commits breaks its word when the commit fails."""
    commits = [one for one in every_trial(life, warm, program="hasty") if one.point.call == "fdatasync"]
    found, _ = run(life, warm, commits[:2], program="hasty")
    assert any(lie in fault for fault in found for lie in LIES), found


def every_trial(life: Life, warm: Warm, program: str = "server") -> list[Trial]:
    """Every failure of every call on the server's folder."""
    with life.copy(BEFORE) as world:
        dry = exchanged(warm, world, None, program)
        assert not dry.faults, dry.faults
        trace = dry.trace
        folder = world.home(SERVER)
        points = [point.moved(folder, Path("/")) for point in trace.points(folder)]
    return [
        Trial(point, failure, lasting)
        for point in points
        for failure, harm in FAILURES.items()
        if harm.words != "retval=0" or point.call in WRITING
        for lasting in ((False, True) if DEEP else (False,))
    ]


def sample(trials: Sequence[Trial], seed: int) -> list[Trial]:
    """One of each kind, and others by chance."""
    mixed = random.Random(seed).sample(list(trials), len(trials))
    first = list({(one.point.call, one.failure): one for one in mixed}.values())
    return first + [one for one in mixed if one not in set(first)][: max(0, SAMPLE - len(first))]


def run(life: Life, warm: Warm, trials: Sequence[Trial], program: str = "server") -> tuple[list[str], int]:
    """What was wrong in any of them, and how many requests the server could not serve."""

    def one(trial: Trial) -> tuple[list[str], int]:
        try:
            with life.copy(BEFORE) as world:
                exchange = exchanged(warm, world, trial, program)
                assert exchange.trace.injected or not exchange.failed, "a request failed by itself"
                found = exchange.faults or afterwards(life, warm, world, lasting=trial.lasting)
                assert not found, f"{'; '.join(found)} ({world.folder})"
                return [], exchange.failed
        except AssertionError as error:
            return [f"{trial}: {error}"], 0

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        told = list(pool.map(one, trials))
    return [fault for faults, _ in told for fault in faults], sum(failed for _, failed in told)


@dataclass(frozen=True, slots=True)
class Exchange:
    """How the turns with a failing server went."""

    trace: Trace
    faults: list[str]
    failed: int
    """How many requests the server could not serve, by its own log."""


def exchanged(warm: Warm, world: World, trial: Trial | None, program: str) -> Exchange:
    """Every turn, and each once more where it failed; the server is killed in the end."""
    log, found = world.folder / "log", list[str]()
    with warm.server(world.home(SERVER), program=program) as serving:
        point = None if trial is None else trial.point.moved(Path("/"), world.home(SERVER))
        harm = None if trial is None else replace(FAILURES[trial.failure], onwards=trial.lasting)
        options = {} if harm is None else {"does": harm}
        tracer = strace_rig.attach(serving.started.pid, log, point=point, calls=CHECKED, **options)
        try:
            for who, verb in TURNS:
                ran = warm.fieldkit(world.home(who), verb, port=serving.port)
                found += talk.misspoken(ran, (BUSY,))
                if ran.code and trial is not None and trial.lasting:
                    break
                if ran.code:  # the laptop itself tries a few times, which is enough for one failure
                    found.append(f"{verb} ended with {ran.code}: {ran.err}")
        finally:
            serving.started.kill()
            strace_rig.finish(tracer, log)
        failed = serving.started.err.read_text().count('"failed"')
    return Exchange(strace_rig.read(log), found, failed)


def afterwards(life: Life, warm: Warm, world: World, *, lasting: bool) -> list[str]:
    """Start the server again, on a disk that works: what was received is there, nothing is there twice."""
    with warm.server(world.home(SERVER)) as serving:
        for who, verb in TURNS if lasting else TURNS[1:]:
            ran = warm.fieldkit(world.home(who), verb, port=serving.port)
            if ran.code:
                return [f"afterwards {verb} ended with {ran.code}: {ran.err}"]
    with closing(sqlite3.connect(Folder(world.home(SERVER)).database)) as database:
        (organisation,) = database.execute("SELECT organisation FROM organisation").fetchone()
    assert audit.lane(world.home(SERVER), Organisation(organisation), MAIN).hashes
    return unsettled(life.look(world, REPORTER), life.look(world, COORDINATOR))
