"""The simulator itself: one seed is one history, dying laptops die, and a failing history is cut down."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

from tests.simulator.events import Act, Event, History, draw
from tests.simulator.mutants import MUTANTS
from tests.simulator.network import Fault, Trouble
from tests.simulator.play import play, shrink

ROOT = Path(__file__).resolve().parents[2]
SEED = 13


def _event(act: Act, who: str, salt: int, **more: object) -> Event:
    return Event(act=act, who=who, salt=salt, amount=1, **more)  # type: ignore[arg-type]


def test_one_seed_is_one_history_in_every_process() -> None:
    """Twice here and once in another process: the same events with the same outcomes."""
    here = play(draw(SEED))
    again = play(draw(SEED))
    script = (
        "from tests.simulator.play import play; from tests.simulator.events import draw;"
        f"print(*play(draw({SEED})).journal, sep='\\n')"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert here.journal == again.journal == elsewhere.stdout.splitlines()


def test_a_laptop_dies_at_every_commit_of_a_sync() -> None:
    """At each commit, before or after it is durable: the next sync goes on, and nothing is told untrue."""
    died = 0
    for fuse in range(40):
        for amount in (0, 1):
            events = (
                _event(Act.WRITE, "first", 1),
                Event(act=Act.SYNC, who="first", salt=2, amount=amount, fuse=fuse),
                _event(Act.SYNC, "first", 3),
            )
            outcome = play(History(fuse, ("chief", "first"), events))
            assert outcome.violation is None, f"at commit {fuse}: {outcome.violation}"
            died += outcome.journal[1].endswith("died")
    assert died >= 10


def test_every_fault_at_every_request_of_an_exchange() -> None:
    """One fault at a time, in a sync with both lanes and in a pull, early and late in the message."""
    for fault, at, request in product(Fault, (0.0, 0.5, 0.99), range(3)):
        trouble = (Trouble(request, fault, at),)
        events = (
            Event(act=Act.WRITE, who="first", salt=1, amount=3),
            _event(Act.SYNC, "first", 2, troubles=trouble),
            _event(Act.SYNC, "new", 3, troubles=trouble),
            _event(Act.PULL, "chief", 4, troubles=trouble),
        )
        outcome = play(History(0, ("chief", "first", "new"), events))
        assert outcome.violation is None, f"{fault} at {at} of {request}: {outcome.violation}"
        assert outcome.words == 1
        assert outcome.met.get(fault) or request, f"{fault} at {at} was not met"


def test_a_failing_history_is_cut_down_to_what_it_needs() -> None:
    """Of a whole history under a mutant, hardly more is left than an exchange that somebody else answers."""
    with MUTANTS["believes HTTP 200"]() as store:
        failing = next(
            history
            for history in map(draw, range(100))
            if "received" in str(play(history, store=store()).violation)
        )
        kind = play(failing, store=store()).kind
        least = shrink(failing, lambda smaller: play(smaller, store=store()).kind == kind)
    assert len(least.events) <= 2 < len(failing.events)
    assert sum(len(event.troubles) for event in least.events) <= 2
