"""What an exchange tells of the link it went over."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import pytest

from sync.client.board import Board
from sync.client.errors import Break, LinkError
from sync.client.exchange import Exchange
from sync.client.plan import Event
from sync.client.ports import Answer, Clock, ExchangeStore, Traffic, Watch
from tests.client.laptop import identity, make_frames
from tests.client.memory import FakeClock
from tests.client.test_request import request

Step = tuple[float, float]
"""Seconds that pass, and the share of the body that is confirmed then."""


class Slow:
    """A transport over which the body is confirmed in steps, and no answer comes."""

    def __init__(self, clock: FakeClock, steps: Sequence[Step], *, answers: bool) -> None:
        self._clock, self._steps, self._answers = clock, steps, answers

    @contextmanager
    def post(self, path: str, body: bytes, watch: Watch) -> Iterator[Answer]:
        """Tell of every step; then the answer begins, or the link breaks."""
        self._clock.sleep(5.0)
        watch.connected()
        for seconds, share in self._steps:
            self._clock.sleep(seconds)
            watch.moved(Traffic(up=int(share * len(body)), body=int(share * len(body))))
        if not self._answers:
            raise LinkError(Break.CUT)
        yield cast(Answer, _Nothing())


class _Nothing:
    status = 200

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


CASES = {
    "evenly": ([(1.0, 0.25), (1.0, 0.5), (1.0, 0.75), (1.0, 1.0)], True, 4.0),
    "the end was lost and waited for a timer": (
        [(1.0, 0.25), (1.0, 0.5), (1.0, 0.75), (9.0, 1.0)],
        True,
        4.0,
    ),
    "the answer alone tells that it arrived": ([(1.0, 0.4), (1.0, 0.8), (8.0, 0.8)], True, 2.5),
    "most came with the end": ([(1.0, 0.25), (5.0, 1.0)], True, 6.0),
    "all at once": ([(3.0, 1.0)], True, 3.0),
    "cut on the way": ([(1.0, 0.25), (1.0, 0.5), (7.0, 0.5)], False, 2.0),
}


@pytest.mark.parametrize("name", CASES)
def test_the_time_a_body_took(name: str) -> None:
    """From the connection on, at the pace of what was confirmed; what waited for a timer does not count."""
    steps, answers, expected = CASES[name]
    clock = FakeClock()
    board = Board(lambda _: None, threading.Event())
    board.begin((3, 1_000))
    board.on(Event.START)
    exchange = Exchange(
        board=board,
        identity=identity(),
        store=cast(ExchangeStore, object()),
        clock=cast(Clock, clock),
        request=request(make_frames(1, 3)),
    )
    with pytest.raises(LinkError):
        exchange.run(Slow(clock, steps, answers=answers), "/v1/sync")
    assert exchange.seconds == pytest.approx(expected, rel=0.02)
