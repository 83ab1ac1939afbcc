"""Calls that fail: a full disk, a failing disk, a write cut short. It is said plainly, and nothing is lost.

`FIELDKIT_DEEP=1` lets every call fail, once and for good. Other runs take a sample, which always has each
kind of call of each command with each kind of failure; `FIELDKIT_SEED` repeats one.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.conftest import DEEP
from tests.faults import talk
from tests.faults.figures import Figures
from tests.faults.life import STEPS, Life, World, between
from tests.faults.runs import Ran
from tests.faults.strace_rig import CALLS, Harm, Point
from tests.faults.sweep import AT_A_TIME

CHECKED = (*CALLS, "open", "openat", "openat2", "creat")
WRITING = frozenset({"write", "pwrite64", "writev", "pwritev"})

FAILURES = {
    "a full disk": Harm("error=ENOSPC"),
    "a failing disk": Harm("error=EIO"),
    "a write that takes nothing": Harm("retval=0"),
}
"""The last one is a short write, to SQLite the sign of a full disk."""

COMMANDS = (3, 4, 5, 6)
"""Of the life's steps: edit, finish, sync, and the coordinator's pull."""

SAMPLE = 80
"""Failures in an ordinary run."""

LIMITS = 24
"""Runs in which no file grows beyond a certain size: the write that reaches it is cut short in its middle."""

SMALLEST_BYTES, LARGEST_BYTES = 1_000, 200_000
"""Enough for what a program says; beyond what any file of these homes grows to."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One call of one step that fails in one way."""

    number: int
    point: Point
    failure: str
    lasting: bool = False

    def __str__(self) -> str:
        return f"{STEPS[self.number]}, {self.failure} {'from' if self.lasting else 'at'} {self.point}"

    @property
    def harm(self) -> Harm:
        """What strace is to do."""
        return replace(FAILURES[self.failure], onwards=self.lasting)


def test_failing_calls(life: Life, figures: Figures) -> None:
    """After a call that fails: plain words, a whole vault, nothing acknowledged lost, a retry that works."""
    seed = int(os.environ.get("FIELDKIT_SEED", random.SystemRandom().randrange(1_000)))
    began = time.monotonic()
    trials = every_trial(life)
    chosen = trials if DEEP else sample(trials, seed)
    found = run(life, chosen)
    assert not found, f"seed {seed}\n" + "\n".join(found)
    kinds = Counter(trial.failure for trial in chosen)
    figures.add(
        f"calls that fail under edit, finish, sync and pull: {len(chosen)} of {len(trials)}"
        f" ({', '.join(f'{many} {kind}' for kind, many in kinds.items())}; seed {seed}), 0 lost, 0 torn,"
        f" 0 misspoken, {time.monotonic() - began:.0f} s"
    )


def test_writes_cut_short(life: Life, figures: Figures) -> None:
    """A write that takes a part of its bytes, and every write beyond: the same holds."""
    draw = random.Random(7)
    span = LARGEST_BYTES - SMALLEST_BYTES
    limits = [(draw.choice(COMMANDS), SMALLEST_BYTES + int(span * draw.random() ** 2)) for _ in range(LIMITS)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        told = list(pool.map(lambda one: cut_short(life, *one), limits))
    found = [fault for faults, _ in told for fault in faults]
    assert not found, "\n".join(found)
    failed = sum(code != 0 for _, code in told)
    assert failed > LIMITS / 4
    figures.add(
        f"writes cut short: {LIMITS} sizes at which files stop growing, {failed} commands failed, 0 lost"
    )


def test_blunt_program_is_caught(life: Life) -> None:
    """The control: a program that takes every failure of the disk for something else misspeaks."""
    trials = [trial for trial in every_trial(life, (4,)) if "fsync" in trial.point.call]
    found = run(life, trials[:2], program="blunt")
    assert any("it crashed" in fault for fault in found), found


def test_torn_vault_is_caught(life: Life) -> None:
    """The control: without transactions a failing call leaves a report that is neither draft nor finished."""
    trials = [trial for trial in every_trial(life, (4,), program="torn") if "fsync" in trial.point.call]
    found = run(life, trials[:10], program="torn")
    assert any("neither done nor undone" in fault for fault in found), found


def every_trial(life: Life, numbers: Sequence[int] = COMMANDS, program: str = "fieldkit") -> list[Trial]:
    """Every failure of every call with which these steps change or open something in their home."""
    found = []
    for number in numbers:
        step = STEPS[number]
        with life.copy(number) as world, life.serving(world, step) as port:
            home = world.home(step.who)
            log = world.folder / "log"
            ran = life.act(world, step, port, trace=log, calls=CHECKED, program=program)
            assert ran.code == 0, ran.err
            points = [point.moved(home, Path("/")) for point in ran.trace.points(home)]
        found += [
            Trial(number, point, failure, lasting)
            for point in points
            for failure, harm in FAILURES.items()
            if harm.words != "retval=0" or point.call in WRITING
            for lasting in ((False, True) if DEEP else (False,))
        ]
    return found


def sample(trials: Sequence[Trial], seed: int) -> list[Trial]:
    """One of each kind, and others by chance."""
    draw = random.Random(seed)
    mixed = draw.sample(list(trials), len(trials))
    kinds = {(one.number, one.point.call, one.failure): one for one in mixed}
    first = list(kinds.values())
    return first + [one for one in mixed if one not in set(first)][: max(0, SAMPLE - len(first))]


def run(life: Life, trials: Sequence[Trial], program: str = "fieldkit") -> list[str]:
    """What was wrong in any of them."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return [
            fault for found in pool.map(partial(attempt, life, program=program), trials) for fault in found
        ]


def attempt(life: Life, trial: Trial, *, program: str) -> list[str]:
    """Let one call fail and look at what is left."""
    step = STEPS[trial.number]
    try:
        with life.copy(trial.number) as world, life.serving(world, step) as port:
            there = trial.point.moved(Path("/"), world.home(step.who))
            how = {"trace": world.folder / "log", "point": there, "does": trial.harm, "calls": CHECKED}
            ran = life.act(world, step, port, program=program, **how)
            if not ran.trace.injected:
                assert there not in ran.trace.points(world.home(step.who)), f"it did not fail: {ran.err}"
                return []
            words = talk.NO_SPACE if "ENOSPC" in trial.harm.words else talk.FAILING
            found = talk.misspoken(ran, words) + faults(life, trial.number, world, port, ran)
            assert not found, f"{'; '.join(found)} ({world.folder})"
    except AssertionError as error:
        return [f"{trial}: {error}"]
    return []


def cut_short(life: Life, number: int, limit: int) -> tuple[list[str], int]:
    """Let no file grow beyond a size; what was wrong, and the exit code."""
    step = STEPS[number]
    try:
        with life.copy(number) as world, life.serving(world, step) as port:
            ran = life.act(world, step, port, largest_file=limit)
            found = talk.misspoken(ran, talk.FAILING) + faults(life, number, world, port, ran)
            assert not found, f"{'; '.join(found)} ({world.folder})"
            return [], ran.code
    except AssertionError as error:
        return [f"{step}, files up to {limit} bytes: {error}"], 1


def faults(life: Life, number: int, world: World, port: int | None, ran: Ran) -> list[str]:
    """Look, try again, look again, let everybody exchange."""
    step, (before, after) = STEPS[number], life.looks[number]
    found = []
    left = life.look(world, step.who)
    if ran.code == 0 and left != after:
        found.append(f"it said that it is done, and it is not: {left}")
    if talk.NOTHING_STORED in ran.err and not step.linked and left != before:
        found.append(f"it said that nothing was stored, and something was: {left}")
    if left not in (before, after) and not (step.linked and between(before, left, after)):
        found.append(f"neither done nor undone: {left}")
    if left != after or step.linked:
        again = life.act(world, step, port)
        if again.code:
            found.append(f"the second try ended with {again.code}: {again.err}")
        if (left := life.look(world, step.who)) != after:
            found.append(f"the second try did not complete it: {left}")
    if port is not None:
        found += life.settle(world, port, step.who)
    return found
