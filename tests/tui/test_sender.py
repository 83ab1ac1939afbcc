"""The thread that exchanges: when it is asked to, when something waits, never while it is paused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from fieldkit.actions.watching import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, NEWS_SECONDS
from fieldkit.tui.desks.sender import Sender

PATIENCE = 20.0
"""Seconds until a thread that does not come is a defect."""


@dataclass
class Work:
    """Exchanges that wait until a test lets them end."""

    well: bool = True
    sends: bool = False
    awaits: bool = False
    coordinator: bool = False
    set_by_itself: bool = False
    capped: bool = False
    leaves: bool = False
    """Whether something still waits after an exchange that went well."""
    fault: Exception | None = None
    pulls_done: list[bool] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    hung_up: int = 0
    looks: int = 0
    stops: list[threading.Event] = field(default_factory=list)
    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    looked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def goes_by_itself(self) -> bool:
        return self.set_by_itself

    def pulls(self) -> bool:
        return self.coordinator

    def due(self) -> tuple[bool, bool]:
        self.looked.release()
        return self.sends, self.awaits

    def exchange(self, *, pull: bool, stop: threading.Event) -> bool:
        self.pulls_done.append(pull)
        self.stops.append(stop)
        self.began.release()
        assert self.may_end.acquire(timeout=PATIENCE)
        if self.fault is not None:
            raise self.fault
        self.sends = self.sends and (self.leaves or not self.well)
        return self.well

    def look_beside(self) -> None:
        self.looks += 1

    def spent(self) -> bool:
        return self.capped

    def failed(self, fault: Exception) -> None:
        self.faults.append(fault)

    def hang_up(self) -> None:
        self.hung_up += 1


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def running(work: Work, clock: Clock | None = None) -> Iterator[Sender]:
    """A thread that looks often."""
    sender = Sender(work, monotonic=clock or Clock(), jitter=lambda: 1.0, look_seconds=0.005)
    sender.start()
    try:
        yield sender
    finally:
        work.may_end.release(1_000)
        assert sender.close()


def once(work: Work) -> None:
    """One exchange begins and ends."""
    assert work.began.acquire(timeout=PATIENCE)
    work.may_end.release()


def until(ready: Callable[[], bool]) -> None:
    """Until the thread has come so far."""
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, "waited in vain"


def until_looked(work: Work, times: int = 3) -> None:
    """It has looked whether something waits."""
    while work.looked.acquire(blocking=False):
        pass
    for _ in range(times):
        assert work.looked.acquire(timeout=PATIENCE)


@pytest.mark.parametrize("pull", [True, False])
def test_begins_when_asked(pull: bool) -> None:
    """Nothing before; one exchange after, of the kind that was asked for."""
    work = Work(sends=True)
    with running(work) as sender:
        sender.begin(pull=pull)
        once(work)
    assert work.pulls_done == [pull]


def test_never_two_at_once() -> None:
    """Asking while one runs changes nothing."""
    work = Work()
    with running(work) as sender:
        sender.begin(pull=False)
        assert work.began.acquire(timeout=PATIENCE)
        assert sender.asked
        sender.begin(pull=True)
        work.may_end.release()
    assert work.pulls_done == [False]


@pytest.mark.parametrize("by_itself", [True, False])
def test_by_itself_only_when_set(by_itself: bool) -> None:
    """What waits is sent without being asked for when it was set so, and else not."""
    work = Work(sends=True, set_by_itself=by_itself)
    with running(work) as sender:
        if by_itself:
            once(work)
            until(lambda: not work.sends)
            work.sends = True
        else:
            assert not work.began.acquire(timeout=0.05)
            sender.go_by_itself(True)
        once(work)
    assert work.pulls_done == [False] * (1 + by_itself)


def test_pause_ends_the_present_and_begins_none() -> None:
    """One wish: the exchange is told to stop, and no other begins until somebody says so."""
    work = Work(sends=True, set_by_itself=True)
    with running(work) as sender:
        assert work.began.acquire(timeout=PATIENCE)
        sender.pause()
        assert work.stops[0].is_set()
        work.may_end.release()
        until(lambda: not sender.busy)
        assert sender.paused and not sender.asked
        sender.go_by_itself(True)
        assert len(work.pulls_done) == 1
        sender.begin(pull=False)
        assert work.began.acquire(timeout=PATIENCE)
        assert (sender.paused, work.stops[1].is_set()) == (False, False)


def test_pauses_grow() -> None:
    """After each failure it waits longer, to an end; nothing comes before its time; success begins anew."""
    work, clock = Work(sends=True, well=False, set_by_itself=True), Clock()
    waits = []
    with running(work, clock) as sender:
        for _ in range(8):
            once(work)
            until(lambda: sender.next_try() is not None)
            left = sender.next_try() or 0.0
            waits.append(left)
            done = len(work.pulls_done)
            clock.seconds += left - 0.001
            assert sender.next_try() == pytest.approx(0.001)
            assert len(work.pulls_done) == done
            clock.seconds += 0.002
        work.well = True
        once(work)
        until(lambda: not work.sends and not sender.busy)
        assert sender.next_try() is None
        work.sends = True
        once(work)
    expected = [min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**tries) for tries in range(8)]
    assert waits == pytest.approx(expected)


def test_news_is_asked_for_seldom() -> None:
    """While nothing waits here, an exchange every quarter of an hour; a coordinator's fetches."""
    work, clock = Work(awaits=True, coordinator=True, set_by_itself=True), Clock()
    with running(work, clock):
        once(work)
        until_looked(work)
        assert len(work.pulls_done) == 1
        clock.seconds += NEWS_SECONDS
        once(work)
    assert work.pulls_done == [True, True]


def test_a_fault_is_told_and_tried_again_later() -> None:
    """A fault of the program ends neither the thread nor the truth."""
    work = Work(fault=KeyError("bug"))
    with running(work) as sender:
        sender.begin(pull=False)
        once(work)
        until(lambda: bool(work.faults))
        work.fault = None
        sender.begin(pull=False)
        once(work)
    assert [type(fault) for fault in work.faults] == [KeyError]
    assert len(work.pulls_done) == 2


def test_close_stops_what_runs() -> None:
    """The exchange is told to stop; whether it did in time is told; again does nothing."""
    work = Work()
    sender = Sender(work, look_seconds=0.005)
    sender.start()
    sender.begin(pull=False)
    assert work.began.acquire(timeout=PATIENCE)
    assert not sender.close()
    assert work.stops[0].is_set()
    assert work.hung_up == 1
    work.may_end.release()
    until(sender.close)
    sender.begin(pull=False)
    assert len(work.pulls_done) == 1


def test_what_never_ran_ends_nothing() -> None:
    """A link that was only looked at leaves the connections of its session to those who use them."""
    work = Work()
    assert Sender(work).close()
    assert work.hung_up == 0


def test_what_is_left_waits_its_turn() -> None:
    """An exchange that went well and left something behind is not begun again at once."""
    work, clock = Work(sends=True, leaves=True, set_by_itself=True), Clock()
    with running(work, clock) as sender:
        once(work)
        until(lambda: sender.next_try() is not None)
        assert sender.next_try() == FIRST_WAIT_SECONDS
        assert len(work.pulls_done) == 1


def test_the_limit_on_bytes_holds() -> None:
    """By itself no second exchange follows one that ended at the limit; somebody has to say so."""
    work = Work(sends=True, leaves=True, set_by_itself=True, capped=True)
    with running(work) as sender:
        once(work)
        until(lambda: sender.paused and not sender.busy)
        sender.begin(pull=False)
        once(work)
    assert len(work.pulls_done) == 2
