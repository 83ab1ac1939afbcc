"""Stopping several runs by one wish, and what a person is told of each frame on its way."""

from __future__ import annotations

import threading

import pytest

from sync.client.engine import Engine
from sync.client.errors import StoppedError
from sync.client.pace import MEASURED_BYTES
from sync.client.plan import State
from sync.client.status import Status
from tests.client.laptop import MemoryStore, identity, make_frames
from tests.client.memory import FakeClock, MemoryLink, MemoryServer, counting_random


def driven(
    stop: threading.Event | None, frames: int = 5, size: int = 640
) -> tuple[Engine, MemoryLink, list[Status]]:
    """An engine with frames waiting, its link, and everything it told."""
    clock, seen = FakeClock(), list[Status]()
    link = MemoryLink(MemoryServer(), clock)
    engine = Engine(
        identity=identity,
        store=MemoryStore(make_frames(1, frames, size=size)),
        transport=link,
        clock=clock,
        random=counting_random(),
        progress=seen.append,
        stop=stop,
    )
    return engine, link, seen


def test_a_wish_between_two_runs_holds_for_the_next() -> None:
    """Nothing is asked of the server once somebody wished to stop, however many runs follow."""
    stop = threading.Event()
    engine, link, _ = driven(stop)
    stop.set()
    for _ in range(2):
        with pytest.raises(StoppedError):
            engine.sync()
        assert engine.status.phase is State.STOPPED
    assert link.bodies == []
    stop.clear()
    assert engine.sync().frames_waiting == 0


def test_without_a_wish_of_its_own_a_run_forgets_an_old_one() -> None:
    """`Engine.stop` ends the present run alone."""
    engine, _, _ = driven(None)
    engine.stop()
    assert engine.sync().frames_waiting == 0


def test_every_frame_on_its_way_is_told_with_its_end() -> None:
    """The frames of a request in the order they leave; what went through grows up to the last one's end."""
    engine, link, seen = driven(None)
    engine.sync()
    going = next(status.going for status in seen if status.going)
    assert [(one.lane, one.sequence) for one in going] == [(1, number) for number in range(1, 6)]
    ends = [one.end for one in going]
    assert ends == sorted(set(ends)) and ends[-1] <= link.bodies[0]
    steps = [status.through for status in seen]
    assert steps[0] == 0 and steps == sorted(steps) and steps[-1] >= ends[-1]


@pytest.mark.parametrize(("frames", "told"), [(1, False), (40, True)])
def test_only_a_large_request_tells_the_speed(frames: int, told: bool) -> None:
    """A small one tells the round trip."""
    engine, link, _ = driven(None, frames)
    engine.sync()
    assert (link.bodies[0] >= MEASURED_BYTES) is told
    assert bool(engine.status.speed) is told
