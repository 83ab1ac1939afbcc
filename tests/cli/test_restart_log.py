"""`org restart-log`: what is shown and asked before, how it ends."""

from __future__ import annotations

import io
import sys

import pytest

from fieldkit.actions import restarting
from fieldkit.actions.errors import UsageProblem
from fieldkit.actions.restarting import RestartReport
from fieldkit.actions.set_back import LaneSetBack
from fieldkit.cli import shapes
from fieldkit.cli.exit_codes import ExitCode
from tests.cli.program import Program
from tests.cli.test_exchange import gives, program

__all__ = ["program"]

LANES = (LaneSetBack(name="main", held=52, given=41), LaneSetBack(name="admin", held=9, given=9))


def report(**changes: object) -> RestartReport:
    """What a restart tells."""
    facts: dict[str, object] = {
        "lanes": LANES,
        "offered_frames": 3,
        "waiting_frames": 0,
        "refused": (),
        "alarms": (),
        "requests": 5,
        "bytes_up": 10,
        "bytes_down": 20,
    }
    return RestartReport(**{**facts, **changes})  # type: ignore[arg-type]


def ready(monkeypatch: pytest.MonkeyPatch, told: object, *, typed: str = "") -> list[str]:
    """Stand in for the actions; the list tells whether it was done."""
    done: list[str] = []

    def act(*_: object, **__: object) -> object:
        done.append("restarted")
        return told

    monkeypatch.setattr(restarting, "lanes_to_restart", gives(LANES))
    monkeypatch.setattr(restarting, "restart_log", act)
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return done


def test_it_is_shown_and_asked_for(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which lanes, how much; then the word."""
    done = ready(monkeypatch, report(), typed="restart\n")
    ran = program("org", "restart-log")
    assert (ran.code, done) == (ExitCode.OK, ["restarted"])
    assert "Lane main: 52 entries were pulled here, the server has 41." in ran.err
    assert "began anew" in ran.out and "3 frames" in ran.out


@pytest.mark.parametrize("typed", ["yes\n", "", "Restart\n"])
def test_another_word_does_nothing(program: Program, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Nor does none."""
    done = ready(monkeypatch, report(), typed=typed)
    assert (program("org", "restart-log").code, done) == (ExitCode.INPUT, [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ExitCode.OK),
        ({"waiting_frames": 2}, ExitCode.PARTIAL),
        ({"refused": ("lane 3, number 9: the lane was started anew",)}, ExitCode.PARTIAL),
    ],
)
def test_how_it_ends(
    program: Program, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], code: ExitCode
) -> None:
    """With --yes nobody is asked, and --json has the documented keys."""
    ready(monkeypatch, report(**changes))
    ran = program("org", "restart-log", "--yes", "--json")
    assert ran.code is code
    assert list(ran.value) == list(shapes.RESTART.keys)
    assert ran.value["lanes"][0] == {"name": "main", "held": 52, "given": 41}


def test_nothing_to_do(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before anything is asked."""
    monkeypatch.setattr(restarting, "lanes_to_restart", gives(UsageProblem("no lane was found set back")))
    assert program("org", "restart-log").code is ExitCode.USAGE
