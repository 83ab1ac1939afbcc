"""Negative controls for copies of a vault: a program with one rule taken out breaks a promise."""

from __future__ import annotations

import pytest

from tests.simulator.copy_mutants import (
    believes_any_proof,
    forging_server,
    keeps_its_incarnation,
    voids_forks,
)
from tests.simulator.events import Act, Event, History, draw
from tests.simulator.network import Fault, Trouble
from tests.simulator.play import play
from tests.simulator.template import template
from tests.simulator.test_copies import BRANCHES

MUTANTS = {
    "believes any proof": (believes_any_proof, 10, "took a new incarnation"),
    "keeps its incarnation": (keeps_its_incarnation, 60, "in the end"),
}
"""Each with the seeds within which it is caught, and what is said then."""


@pytest.fixture(autouse=True, scope="module")
def _beginning() -> None:
    """What every history begins with is made once, by the sound program."""
    template(on_files=False)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name: str) -> None:
    """And for the right reason; the sound program keeps every promise on the seed that catches it."""
    mutant, seeds, reason = MUTANTS[name]
    with mutant() as store:
        outcomes = (play(draw(seed), store=store()) for seed in range(seeds))
        caught = next((outcome for outcome in outcomes if outcome.violation is not None), None)
    assert caught is not None, f"no seed below {seeds} catches it"
    assert reason in str(caught.violation), caught.violation
    assert play(caught.history).violation is None


def test_forged_proof_changes_nothing() -> None:
    """A sound laptop says that the answer does not verify, and keeps its incarnation."""
    # Never met: it only says that an answer that does not verify is expected of this exchange.
    trouble = (Trouble(9, Fault.PORTAL),)
    events = (
        Event(act=Act.WRITE, who="first", salt=1, amount=1),
        Event(act=Act.SYNC, who="first", salt=2, amount=1, troubles=trouble),
    )
    with forging_server():
        outcome = play(History(0, ("chief", "first"), events))
    assert "VerificationProblem" in outcome.journal[1]
    assert "incarnation" not in str(outcome.violation)


@pytest.mark.parametrize("joining", [True, False], ids=["joins", "names what it followed"])
def test_a_void_joins_branches_unless_it_names_what_its_sequence_followed(joining: bool) -> None:
    """What a void may not do even for a laptop that voids forks: header key 43 alone keeps the tick true."""
    with voids_forks(joining=joining) as store:
        outcome = play(BRANCHES, store=store())
    lied = "as received, which the server lacks" in str(outcome.violation)
    assert lied is joining, outcome.violation
