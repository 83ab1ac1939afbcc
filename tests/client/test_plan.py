"""The state table of an exchange, its diagram, and the arithmetic of sizes and waits."""

from __future__ import annotations

import pytest

from sync.client import plan
from sync.client.pace import FLOOR_BYTES, LONGEST_WAIT_SECONDS, START_BYTES, Pace, wait
from sync.client.plan import TABLE, Event, IllegalTransition, State, advance


def test_the_diagram_in_the_docstring_is_the_table() -> None:
    """A reader of the docstring sees exactly what runs."""
    assert plan.__doc__ is not None
    assert plan.diagram() in plan.__doc__


def test_every_pair_outside_the_table_is_refused() -> None:
    """An event that cannot happen is a bug in the driver and says so."""
    pairs = [(state, event) for state in State for event in Event]
    for state, event in pairs:
        if (state, event) in TABLE:
            assert advance(state, event) is TABLE[state, event]
        else:
            with pytest.raises(IllegalTransition, match=f"{event.name} .* {state.name}"):
                advance(state, event)


def test_every_state_is_reached_and_can_end() -> None:
    """No state is dead, and from each a resting state can be reached."""
    reached = {State.IDLE} | set(TABLE.values())
    assert reached == set(State)
    for start in State:
        seen = {start}
        for _ in State:
            seen |= {after for (before, _), after in TABLE.items() if before in seen}
        assert seen & {State.DONE, State.STOPPED}


def test_a_link_failure_is_survived_wherever_bytes_move() -> None:
    """A cut while anything moves leads to a back-off, never out of the table."""
    for state in (State.CONNECTING, State.SENDING, State.WAITING, State.STORING):
        assert advance(state, Event.LINK_FAILED) is State.BACKOFF


@pytest.mark.parametrize(
    ("size", "seconds", "expected"),
    [
        (20_000, 10.0, 20_000),
        (20_000, 2.0, 100_000),
        (20_000, 0.01, START_BYTES * 8),
        (20_000, 40.0, 5_000),
        (20_000, 4_000.0, FLOOR_BYTES),
        (500, 3.0, START_BYTES),
    ],
)
def test_a_request_grows_to_ten_seconds_of_link(size: int, seconds: float, expected: int) -> None:
    """The size follows the goodput, a burst grows it at most eightfold, a small transfer tells nothing."""
    assert Pace().moved(size, seconds).size == expected


def test_a_cold_request_carries_a_hundred_reports() -> None:
    """A hundred framed reports of 780 bytes, their epoch frame and the hello fit in the first request."""
    assert START_BYTES > 100 * 780 + 1_400 + 512


def test_a_break_shrinks_or_measures() -> None:
    """Without a measurement a break halves the size, down to the floor; with one it follows the goodput."""
    pace = Pace()
    for _ in range(20):
        pace = pace.broke(0, 1.0)
    assert pace.size == FLOOR_BYTES
    assert Pace().broke(16_384, 4.0).size == 40_960


def test_the_servers_limit_is_taken_but_never_below_one_frame() -> None:
    """A limit from a reply bounds the size; a silly one cannot stop progress or raise our own cap."""
    assert Pace().limited(10_000).size == 10_000
    assert Pace().limited(0).size == FLOOR_BYTES
    assert Pace().limited(2**62).limit == Pace().limit


def test_waits_double_with_jitter_and_stay_bounded() -> None:
    """The wait lies between half and the whole of a doubling step, and never beyond the longest."""
    assert [wait(failures, 0.0) for failures in range(1, 5)] == [0.25, 0.5, 1.0, 2.0]
    assert max(wait(failures, 0.999) for failures in range(5_000)) <= LONGEST_WAIT_SECONDS
    assert wait(3, 0.5) == 1.5
