"""What a reporter heard of the log comes sealed: a server with two stories is found out."""

from __future__ import annotations

import pytest

from fieldkit.actions import exchange
from fieldkit.actions.session import Session
from fieldkit.vault.evidence import Finding
from sync.protocol.records import Gossip
from tests.actions.world import World, report


def heard(session: Session) -> int:
    """How many claims of members this laptop has compared with its own tree, or will."""
    return int(session.vault._database.value("SELECT count(*) FROM tree_claim WHERE source = ?", ("gossip",)))


def findings(session: Session) -> list[str]:
    """The contradictions about a tree that this laptop keeps."""
    return [piece.detail for piece in session.vault.evidence.all() if piece.kind is Finding.TREE]


def test_gossip_arrives_and_agrees(world: World, first: Session, reporter: Session) -> None:
    """The second exchange brings what the first one's receipt said; it is taken, and contradicts nothing."""
    before = heard(first)
    report(reporter)
    exchange.sync(reporter)
    world.time.pass_by(seconds=5)
    report(reporter, title="b")
    exchange.sync(reporter)
    exchange.pull(first)
    assert heard(first) > before
    assert findings(first) == []


def test_two_stories_meet(
    world: World, first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reporter who was shown another tree of the same size: the coordinator keeps the contradiction."""
    report(reporter)
    exchange.sync(reporter)
    told = reporter.vault.delivery.gossip()
    assert told is not None
    other = Gossip(lane=told.lane, generation=told.generation, size=1, root=b"\x66" * 32)
    monkeypatch.setattr(reporter.vault.delivery, "gossip", lambda: other)
    world.time.pass_by(seconds=5)
    report(reporter, title="b")
    exchange.sync(reporter)
    exchange.pull(first)
    assert len(findings(first)) == 1
