"""The more urgent goes first, also when the link dies after the first of it."""

from __future__ import annotations

import pytest

from fieldkit.actions import exchange, outlook
from fieldkit.actions.enrol import device_key
from fieldkit.actions.errors import LinkProblem
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from tests.actions.world import SOURCED, World, glyph, only, report

HELLO = 400
"""Bytes that go before the frames, at most; less than a frame."""


def titles(session: Session) -> list[str]:
    """What waits, in sending order."""
    return [one.title for one in outlook.queue(session) if one.number is not None]


def seal(session: Session) -> None:
    """Seal all that waits now."""
    directory = session.vault.documents.directory().directory
    Sealer(session, directory, device_key(session)).seal_waiting()


@pytest.mark.parametrize("sealed_before", [False, True], ids=["unsealed", "sealed"])
def test_urgent_first_over_a_link_that_dies(
    world: World, first: Session, reporter: Session, sealed_before: bool
) -> None:
    """One frame gets through: the urgent report's, though it was written last; then all is read."""
    report(reporter, title="calm")
    report(reporter, title="soon", urgency="soon")
    if sealed_before:
        seal(reporter)
    report(reporter, title="urgent", urgency="life")
    assert titles(reporter) == ["urgent", "soon", "calm"]
    seal(reporter)
    epoch, record, *_ = reporter.vault.delivery.pending(1 << 20)
    world.network.cut_up, world.network.lives = HELLO + len(epoch.raw) + len(record.raw), 1
    with pytest.raises(LinkProblem):
        exchange.sync(reporter)
    world.network.mend()
    exchange.pull(first)
    assert only(first).title == "urgent"
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(reporter)
    assert [glyph(reporter, number) for number in (1, 2, 3)] == ["✓✓"] * 3


def test_hurried_goes_before_all(world: World, first: Session, reporter: Session) -> None:
    """A finished report its owner hurries is sent first, every lane of it; unhurried it falls back."""
    report(reporter, title="urgent", urgency="life")
    number = report(reporter, {**SOURCED, "title": "calm"})
    outlook.hurry(reporter, number, True)
    assert titles(reporter) == ["calm", "urgent"]
    (calm, _) = outlook.queue(reporter)
    assert (calm.hurried, calm.urgency, calm.number) == (True, 0, number)
    outlook.hurry(reporter, number, False)
    assert titles(reporter) == ["urgent", "calm"]
    seal(reporter)
    outlook.hurry(reporter, number, True)
    lanes = [part.number for part in reporter.vault.sending.sealed(10) if part.number is not None]
    assert lanes == [number, number, 1]
    outlook.hurry(reporter, 99, True)
