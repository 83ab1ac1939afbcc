"""Acknowledgements: for what was opened, once, and for nobody who waits for none."""

from __future__ import annotations

import pytest

from fieldkit.actions import exchange
from fieldkit.actions.acknowledging import acknowledge_opened
from fieldkit.actions.enrol import device_key
from fieldkit.actions.errors import LinkProblem
from fieldkit.actions.session import Session
from sync.protocol.errors import Refusal
from sync.protocol.ids import MAIN
from tests.actions.world import SOURCED, World, glyph, report


def test_each_frame_once(world: World, first: Session, reporter: Session) -> None:
    """Epochs and records of both lanes; nothing again."""
    report(reporter, SOURCED)
    exchange.sync(reporter)
    assert exchange.pull(first).acknowledged_frames == 4
    assert acknowledge_opened(first, device_key(first)) == {}
    assert exchange.pull(first).acknowledged_frames == 0


def test_own_and_admin_frames_are_not(world: World, first: Session) -> None:
    """A coordinator's own report is not delivered by its own word."""
    world.coordinator(first)
    report(first)
    exchange.sync(first)
    assert exchange.pull(first).acknowledged_frames == 0
    assert glyph(first) == "✓"


def test_own_report_is_delivered_by_another(world: World, first: Session) -> None:
    """But by the second coordinator's it is."""
    second = world.coordinator(first)
    report(first)
    exchange.sync(first)
    assert exchange.pull(second).acknowledged_frames == 2
    exchange.sync(first)
    assert glyph(first) == "✓✓"


def test_refused_acknowledgement_is_told_and_blocks_nothing(
    world: World, first: Session, reporter: Session
) -> None:
    """A server that will not take it: the reporter sees ✓ and no more, the coordinator goes on."""
    report(reporter)
    exchange.sync(reporter)
    world.network.lives = 1
    with pytest.raises(LinkProblem):
        exchange.pull(first)
    world.network.mend()
    sequence = max(first.vault.delivery.chain_hashes(MAIN))
    first.vault.delivery.keep_refusal(MAIN, sequence, int(Refusal.NOT_PERMITTED))
    exchange.sync(first)
    exchange.sync(reporter)
    assert glyph(reporter) == "✓"
    report(reporter, title="b")
    exchange.sync(reporter)
    assert exchange.pull(first).acknowledged_frames == 1
    exchange.sync(reporter)
    assert (glyph(reporter), glyph(reporter, 2)) == ("✓", "✓✓")
