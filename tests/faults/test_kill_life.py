"""kill -9 at every call with which twelve commands change a home: nothing is lost, nothing is torn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import DEEP
from tests.faults.figures import Figures
from tests.faults.life import STEPS, Life, World, between
from tests.faults.runs import Ran
from tests.faults.strace_rig import Point
from tests.faults.sweep import AT_A_TIME

TRIES = 5
"""Random keys lay a vault out differently each time: the last calls of a dry run may not come again."""

SETTLED = 8
"""After every eighth write all exchange: every report must be at the coordinator, each once."""

UNREACHED = 0.02
"""Share of the points that may not come again in so many tries; each such run proves that by its log."""


def test_every_call(life: Life, figures: Figures) -> None:
    """At every point of every step: the vault opens whole, the step is done or undone, life goes on."""
    began = time.monotonic()
    kinds: Counter[str] = Counter()
    found: list[str] = []
    unreached = 0
    for number in range(len(STEPS)):
        points = points_of(life, number)
        kinds.update(point.call for point in points)
        for told, reached in sweep(life, number, points):
            found += told
            unreached += not reached
    total = sum(kinds.values())
    assert not found, "\n".join(found)
    assert unreached <= UNREACHED * total
    counted = ", ".join(f"{many} {call}" for call, many in kinds.most_common())
    figures.add(
        f"kill -9 in {len(STEPS)} steps of a reporter's life: {total:,} points ({counted}),"
        f" {unreached} of them not reached again, 0 lost, 0 torn, {time.monotonic() - began:.0f} s"
    )


@pytest.mark.parametrize("number", [4, 5], ids=["finish", "sync"])
def test_torn_vault_is_caught(life: Life, number: int, figures: Figures) -> None:
    """The control: without transactions a kill leaves something neither done nor undone."""
    points = points_of(life, number, program="torn")
    commits = [one for one in points if (one.call, Path(one.place).name) == ("fsync", "vault.db-wal")]
    tried = commits[:14]
    found = [fault for told, _ in sweep(life, number, tried, program="torn") for fault in told]
    torn = sum("neither done nor undone" in fault or "did not complete" in fault for fault in found)
    assert torn, found
    figures.add(
        f"control: `{STEPS[number]}` without transactions: {torn} of {len(tried)} kills leave it torn"
    )


def points_of(life: Life, number: int, program: str = "fieldkit") -> list[Point]:
    """Every point of a step, by a dry run; places are relative to the home."""
    step = STEPS[number]
    with life.copy(number) as world, life.serving(world, step) as port:
        home = world.home(step.who)
        ran = life.act(world, step, port, trace=world.folder / "log", program=program)
        assert ran.code == 0 and ran.out, ran.err
        assert ran.trace.shared(home) == 0
        points = [point.moved(home, Path("/")) for point in ran.trace.points(home)]
        assert points, f"{step} touches nothing"
        return points


def sweep(
    life: Life, number: int, points: Sequence[Point], program: str = "fieldkit"
) -> list[tuple[list[str], bool]]:
    """Of each point, what was wrong, and whether it was reached."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(partial(kill, life, number, program=program), points))


def kill(life: Life, number: int, point: Point, *, program: str) -> tuple[list[str], bool]:
    """Kill one step at one point and see whether life goes on; what was wrong, and whether it was reached."""
    step = STEPS[number]
    for _ in range(TRIES):
        try:
            with life.copy(number) as world, life.serving(world, step) as port:
                there = point.moved(Path("/"), world.home(step.who))
                ran = life.act(world, step, port, trace=world.folder / "log", point=there, program=program)
                if ran.trace.died_at(there):
                    found = faults(life, number, world, port, ran, thorough=thorough(point))
                    assert not found, f"{'; '.join(found)} ({world.folder})"
                    return [], True
                surely = not ran.code and there not in ran.trace.points(world.home(step.who))
                assert surely, f"not killed there: exit code {ran.code}, {ran.err}"
        except AssertionError as error:
            return [f"{step}, killed at {point}: {error}"], True
    return [], False


def thorough(point: Point) -> bool:
    """Whether everybody exchanges afterwards: always, but for seven in eight of the many writes."""
    return DEEP or point.call != "pwrite64" or point.when % SETTLED == 0


def faults(life: Life, number: int, world: World, port: int | None, ran: Ran, *, thorough: bool) -> list[str]:
    """Look, do the step again if it is not done, look again, and let everybody exchange."""
    step, (before, after) = STEPS[number], life.looks[number]
    came = life.follow(world, number, port, exchange=port is not None and thorough)
    found = []
    if ran.out and came.left != after:
        found.append(f"it said {ran.out!r}, and that is lost: {came.left}")
    if came.left not in (before, after) and not (step.linked and between(before, came.left, after)):
        found.append(f"neither done nor undone: {came.left}")
    if came.again is None:
        return found if came.left == after else [*found, "there was no second try"]
    if came.again.code:
        found.append(f"the second try ended with {came.again.code}: {came.again.err}")
    if came.then != after:
        found.append(f"the second try did not complete it: {came.then}")
    return found + came.wrong
