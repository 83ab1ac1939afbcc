"""Negative controls: a program with one rule taken out must break a promise within some seeds."""

from __future__ import annotations

import pytest

from tests.simulator.events import draw
from tests.simulator.mutants import MUTANTS
from tests.simulator.play import play

WITHIN = {
    "naive sequence": (10, "goes on at entry"),
    "acknowledges before storing": (10, "as received, which the server lacks"),
    "believes HTTP 200": (40, "as received, which the server lacks"),
    "drops what awaits a key": (150, "in the end"),
    "overwrites on a fork": (60, "changed or lost frames"),
    "keeps ticks": (60, "which the server has lost"),
}
"""Seeds within which each is caught, and what is said then."""


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name: str) -> None:
    """And for the right reason; the sound program keeps every promise on the seed that catches it."""
    seeds, reason = WITHIN[name]
    with MUTANTS[name]() as store:
        outcomes = (play(draw(seed), store=store()) for seed in range(seeds))
        caught = next((outcome for outcome in outcomes if outcome.violation is not None), None)
    assert caught is not None, f"no seed below {seeds} catches it"
    assert reason in str(caught.violation), caught.violation
    assert play(caught.history).violation is None
