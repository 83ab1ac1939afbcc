"""A 40-frame request cut after every byte of its body, against a real server and TLS on loopback."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.faults import cut_worker
from tests.faults.cut_worker import FRAMES, Outcome
from tests.faults.figures import Figures

WORKERS = 2


def test_cut_after_every_byte(tmp_path: Path, figures: Figures) -> None:
    """After a cut exactly the whole frames are held; the next request brings the rest, nothing twice."""
    length = len(cut_worker.shape().data)
    started = time.monotonic()
    outcomes = sweep(list(range(length + 1)), tmp_path)
    seconds = time.monotonic() - started
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    assert not faults, "\n".join(faults)
    cuts = sum(outcome.cuts for outcome in outcomes)
    held = sum(outcome.held for outcome in outcomes)
    assert (cuts, held) == (length + 1, (length + 1) * FRAMES)
    figures.add(
        f"cut at every byte: {cuts:,} cuts of a {length:,}-byte request of {FRAMES} frames,"
        f" {held:,} frames held, 0 lost, 0 twice, {seconds:.0f} s"
    )


def sweep(sizes: list[int], folder: Path) -> list[Outcome]:
    """Share the cuts among the workers, each with a server of its own."""
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        parts = [(folder / f"server-{one}", sizes[one::WORKERS]) for one in range(WORKERS)]
        return [done.result() for done in [pool.submit(cut_worker.work, *part) for part in parts]]
