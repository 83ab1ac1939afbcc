"""One exchange after the other: when the next begins, and when none does."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from fieldkit.actions.watching import (
    FIRST_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    LOOK_SECONDS,
    Outcome,
    Patience,
    watch,
)


class Stop(threading.Event):
    """Notes for how long it was waited, and moves the clock instead; set after so many waits."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.now = 0.0
        self._most = most

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self.now += timeout or 0.0
        if len(self.waits) >= self._most:
            self.set()
        return self.is_set()


def played(outcomes: list[Outcome], dues: list[bool], most: int = 100) -> tuple[Stop, int]:
    """Watch through these; what was waited, and how many exchanges there were."""
    stop, left, due = Stop(most), iter(outcomes), iter(dues)
    done = 0

    def once() -> Outcome:
        nonlocal done
        done += 1
        return next(left)

    watch(
        once,
        due=lambda: next(due),
        news_seconds=10.0,
        stop=stop,
        patience=Patience(jitter=lambda: 1.0),
        monotonic=lambda: stop.now,
    )
    return stop, done


def test_again_when_something_waits() -> None:
    """Nothing is due twice, then something is: the next exchange begins without more ado."""
    stop, done = played([Outcome.WELL, Outcome.OVER], [False, False, False, True])
    assert (stop.waits, done) == ([0.0, LOOK_SECONDS, LOOK_SECONDS], 2)


def test_news_after_a_while() -> None:
    """Nothing is ever due: after the time for news it asks."""
    stop, done = played([Outcome.WELL, Outcome.OVER], [False] * 20)
    assert (sum(stop.waits), done) == (12.0, 2)


def test_a_dead_link_is_tried_ever_more_seldom() -> None:
    """The pauses double, up to a quarter of an hour."""
    stop, done = played([Outcome.FAILED] * 9 + [Outcome.OVER], [])
    assert stop.waits == [min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**number) for number in range(9)]
    assert done == 10


def test_what_is_left_waits_its_turn() -> None:
    """It went well and something still waits: not again at once."""
    stop, done = played([Outcome.WELL, Outcome.OVER], [True])
    assert (stop.waits, done) == ([FIRST_WAIT_SECONDS], 2)


@pytest.mark.parametrize("outcome", [Outcome.WELL, Outcome.FAILED])
def test_stop_ends_it(outcome: Outcome) -> None:
    """In whichever pause it comes."""
    assert played([outcome], [False] * 9, most=1)[1] == 1


def test_jitter_keeps_laptops_apart() -> None:
    """Between half of the pause and all of it."""
    waits = [Patience(jitter=partial(float, value)).after(well=False) for value in (0.0, 0.5, 0.999)]
    assert waits == pytest.approx([7.5, 11.25, 15.0], abs=0.01)
