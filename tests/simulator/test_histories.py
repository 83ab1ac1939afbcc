"""Thousands of seeded histories, each held to every promise; a failing one is cut down and printed."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.conftest import DEEP
from tests.faults.figures import Figures
from tests.simulator.events import Act, draw
from tests.simulator.network import Fault
from tests.simulator.play import Outcome, play, shrink

SEEDS = int(os.environ.get("FIELDKIT_SEEDS", "100000" if DEEP else "2000"))
"""In memory. Some six a second and processor: 2,000 take under three minutes on two, 100,000 two hours."""

FILE_SEEDS = 1_000 if DEEP else 20
FIRST = int(os.environ.get("FIELDKIT_FIRST_SEED", "0"))
"""To go on where another run ended, or to see one seed again: FIELDKIT_FIRST_SEED=n FIELDKIT_SEEDS=1."""

CHUNK = 50
"""Seeds a process plays before it reports."""

ENOUGH = 1_000
"""Seeds among which the rarest act and the rarest fault must have come about."""


def _play_all(seeds: Sequence[int]) -> tuple[list[str], Counter[str], int]:
    """Failures in words, how often each act and fault happened, and how many words were checked."""
    failures, happened, words = [], Counter[str](), 0
    for seed in seeds:
        history = draw(seed)
        outcome = play(history)
        happened.update(outcome.happened())
        words += outcome.words
        if outcome.violation is not None:
            failures.append(_explain(outcome))
    return failures, happened, words


def _explain(outcome: Outcome) -> str:
    """The shortest history that breaks the same promise, and how it went."""
    least = shrink(outcome.history, lambda smaller: play(smaller).kind == outcome.kind)
    told = play(least)
    return f"{least}\nbreaks a promise: {told.violation}\n" + "\n".join(told.journal)


def _spread(seeds: range) -> Iterable[tuple[list[str], Counter[str], int]]:
    """Over all processors; each process makes the template once."""
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_play_all, chunks)


def test_no_history_breaks_a_promise(request: pytest.FixtureRequest) -> None:
    """Every seed keeps every promise, and together they meet every act and every fault."""
    began, failures, happened, words = time.monotonic(), list[str](), Counter[str](), 0
    for failed, met, checked in _spread(range(FIRST, FIRST + SEEDS)):
        failures += failed
        happened += met
        words += checked
    rate = SEEDS / (time.monotonic() - began)
    Figures(request.node).add(
        f"simulator: {SEEDS:,} histories from seed {FIRST}, {rate:.1f} a second, {words:,} words checked, "
        f"{len(failures)} failed"
    )
    assert not failures, f"{len(failures)} of {SEEDS} histories\n" + "\n\n".join(failures[:3])
    if SEEDS >= ENOUGH:
        never = {str(kind) for kind in (*Act, *Fault)} - happened.keys()
        assert not never and words > SEEDS, f"the rig is too kind: {words} words, never: {never}"


def test_histories_on_encrypted_files() -> None:
    """The same on real SQLCipher files with their write-ahead log."""
    for seed in range(FIRST, FIRST + FILE_SEEDS):
        outcome = play(draw(seed), on_files=True)
        assert outcome.violation is None, f"{outcome.history}\n{outcome.violation}"


def test_memory_and_files_tell_the_same_story() -> None:
    """What lies under the vault changes nothing that can be seen."""
    for seed in range(8):
        assert play(draw(seed)).journal == play(draw(seed), on_files=True).journal
