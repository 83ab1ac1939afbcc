"""A 40-frame request cut after every byte of its body, against a real server and TLS on loopback.

`FIELDKIT_DEEP=1` tries every byte. Other runs try every byte of the hello, of the first two frames and of the
last, two to each side of every other frame's end, and every seventh of the rest, beginning where a printed
seed says (`FIELDKIT_SEED` repeats it).
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.conftest import DEEP
from tests.faults import cut_worker
from tests.faults.cut_worker import FRAMES, Outcome
from tests.faults.figures import Figures

WORKERS = 2

STRIDE = 7
NEAR = 2

RESETS = 100


def test_cut(tmp_path: Path, figures: Figures) -> None:
    """After a cut exactly the whole frames are held; the next request brings the rest, nothing twice."""
    seed = int(os.environ.get("FIELDKIT_SEED", random.SystemRandom().randrange(1_000)))
    body = cut_worker.shape()
    length = len(body.data)
    sizes = list(range(length + 1)) if DEEP else sample(body.ends, seed % STRIDE)
    started = time.monotonic()
    held = check(sweep(sizes, tmp_path), sizes)
    seconds = time.monotonic() - started
    sampled = f"{len(sizes):,} of {length + 1:,} places, seed {seed}, FIELDKIT_DEEP=1 for all"
    figures.add(
        f"cut of a {FRAMES}-frame request of {length:,} bytes ({'every byte' if DEEP else sampled}):"
        f" {len(sizes):,} cuts, {held:,} frames held, 0 lost, 0 twice, {seconds:.0f} s"
    )


def test_reset(tmp_path: Path, figures: Figures) -> None:
    """A reset throws bytes away on their road: no more is held than was sent, and the next completes it."""
    length = len(cut_worker.shape().data)
    sizes = [random.randrange(length + 1) for _ in range(RESETS)]
    held = check(sweep(sizes, tmp_path, reset=True), sizes)
    figures.add(
        f"reset of a {FRAMES}-frame request: {len(sizes):,} resets, {held:,} frames held, 0 lost, 0 twice"
    )


def test_strict_server_is_caught(tmp_path: Path) -> None:
    """The control: a server that throws a broken request away is caught wherever a frame had come whole."""
    ends = cut_worker.shape().ends
    sizes = [ends[1] - 1, ends[20] + 5, ends[-1]]
    outcome = cut_worker.work(tmp_path / "server", sizes, module=("-m", "tests.faults.strict_server"))
    assert outcome.faults == [f"cut after {sizes[1]} bytes: 20 whole frames arrived, 0 were kept"]


def test_sample_keeps_what_it_promises() -> None:
    """The sample has hello, first two frames, last frame, both sides of every end, a seventh of the rest."""
    ends = cut_worker.shape().ends
    chosen = set(sample(ends, 3))
    assert len(ends) == FRAMES + 1
    assert chosen >= set(range(ends[2] + 1)) | set(range(ends[-2], ends[-1] + 1))
    assert chosen >= {end + by for end in ends[:-1] for by in range(-NEAR, NEAR + 1)}
    assert all(chosen & set(range(at, at + STRIDE)) for at in range(ends[-1] - STRIDE))
    assert set().union(*(sample(ends, phase) for phase in range(STRIDE))) == set(range(ends[-1] + 1))


def sample(ends: Sequence[int], phase: int) -> list[int]:
    """Where an ordinary run cuts, given the ends of the hello and of each frame."""
    chosen = {*range(ends[2] + 1), *range(ends[-2], ends[-1] + 1), *range(phase, ends[-1], STRIDE)}
    chosen |= {end + by for end in ends[:-1] for by in range(-NEAR, NEAR + 1)}
    return sorted(chosen)


def sweep(sizes: list[int], folder: Path, *, reset: bool = False) -> list[Outcome]:
    """Share the cuts among the workers, each with a server of its own."""
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        parts = [(folder / f"server-{one}", sizes[one::WORKERS], reset) for one in range(WORKERS)]
        return [done.result() for done in [pool.submit(cut_worker.work, *part) for part in parts]]


def check(outcomes: list[Outcome], sizes: list[int]) -> int:
    """How many frames are held in the end, when no worker found a fault."""
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    assert not faults, "\n".join(faults)
    held = sum(outcome.held for outcome in outcomes)
    assert sum(outcome.cuts for outcome in outcomes) == len(sizes)
    assert held == len(sizes) * FRAMES
    return held
