"""The token bucket for enrolment."""

from __future__ import annotations

from sync.server.pace import Pace


def test_pace() -> None:
    """So many in a minute; they come back with time; a clock that goes back gives and takes nothing."""
    now = [1_000.0]
    pace = Pace(3, lambda: now[0])
    assert [pace.allow() for _ in range(4)] == [True, True, True, False]
    now[0] += 20
    assert [pace.allow() for _ in range(2)] == [True, False]
    now[0] -= 500
    assert not pace.allow()
    now[0] += 40
    assert [pace.allow() for _ in range(3)] == [True, True, False]
    now[0] += 10_000
    assert [pace.allow() for _ in range(4)] == [True, True, True, False]
