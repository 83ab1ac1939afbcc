"""Copies and backups, by hand: what once went wrong, and what an owner is told."""

from __future__ import annotations

from tests.simulator.events import SERVER, Act, Event, History
from tests.simulator.network import Fault, Trouble
from tests.simulator.play import Outcome, play

LONG = 405
"""An amount that makes a long report with a source."""


def _event(act: Act, who: str, salt: int, amount: int = 1, *troubles: Trouble) -> Event:
    return Event(act=act, who=who, salt=salt, amount=amount, troubles=troubles)


CUT = (Trouble(0, Fault.UP_CONFIRMED), *(Trouble(request, Fault.UNREACHABLE) for request in range(2, 9)))

BRANCHES = History(
    0,
    ("chief", "first"),
    (
        _event(Act.WRITE, "first", 1),
        _event(Act.SYNC, "first", 2),
        _event(Act.CLONE, "first", 3),
        _event(Act.WRITE, "first", 4),
        _event(Act.SYNC, "first", 5),
        _event(Act.WRITE, "first'", 6, LONG),
        _event(Act.WRITE, "first'", 7),
        _event(Act.WRITE, "first'", 8, LONG - 5),
        _event(Act.SYNC, "first'", 9, 1, *CUT),
        _event(Act.SYNC, "first'", 10),
    ),
)
"""Of a copy's three records the middle one was refused first: over its void the branches would join."""


def _play(*events: Event) -> Outcome:
    outcome = play(History(0, ("chief", "first"), events))
    assert outcome.violation is None, outcome.violation
    return outcome


def test_a_void_never_joins_two_branches() -> None:
    """A clone whose middle record was refused first must not have the one before it covered by a later head.

    Found by a seed: the clone closed the refused sequence with a void, the server's head ran over it from
    the other branch into this one, and the receipt covered a record the server had refused.
    """
    assert play(BRANCHES).violation is None


def test_the_second_of_two_copies_is_told() -> None:
    """Two copies send different reports under one number: the later one says so, neither is lost."""
    _play(
        _event(Act.CLONE, "first", 1),
        _event(Act.WRITE, "first", 2, LONG),
        _event(Act.WRITE, "first'", 3, LONG),
        _event(Act.SYNC, "first", 4),
        _event(Act.SYNC, "first'", 5),
        _event(Act.PULL, "chief", 6),
    )


def test_a_laptop_put_back_to_a_backup_goes_on() -> None:
    """What it writes next collides with what it had sent: refused and shown; nothing sent is lost."""
    _play(
        _event(Act.BACKUP, "first", 1),
        _event(Act.WRITE, "first", 2),
        _event(Act.SYNC, "first", 3),
        _event(Act.ROLLBACK, "first", 4),
        _event(Act.WRITE, "first", 5),
        _event(Act.SYNC, "first", 6),
        _event(Act.WRITE, "first", 7),
        _event(Act.SYNC, "first", 8),
    )


def test_coordinators_notice_a_server_put_back_to_a_backup() -> None:
    """A coordinator who had pulled more than the server now has is told so, and nothing is given up."""
    outcome = _play(
        _event(Act.BACKUP, SERVER, 1),
        _event(Act.WRITE, "first", 2),
        _event(Act.SYNC, "first", 3),
        _event(Act.PULL, "chief", 4),
        _event(Act.ROLLBACK, SERVER, 5),
        _event(Act.PULL, "chief", 6),
    )
    assert outcome.journal[5].endswith("VerificationProblem")
