"""Sealing before an exchange: epochs, terms, lanes that are missing, records that cannot be sealed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from fieldkit.actions import exchange, status
from fieldkit.actions.enrol import device_key
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from sync.protocol.directory import Directory
from sync.protocol.frames import parse
from sync.protocol.ids import MAIN, SOURCES
from sync.protocol.kinds import Kind
from sync.protocol.limits import EPOCH_SECONDS
from sync.protocol.records import RecordType
from tests.actions.forging import BODY, tell
from tests.actions.world import SOURCED, World, report


def directory_of(session: Session) -> Directory:
    """The newest one held."""
    return session.vault.documents.directory().directory


def kinds(session: Session) -> list[Kind]:
    """Kinds of the frames that wait, in sending order."""
    return [parse(frame.raw).kind for frame in session.vault.delivery.pending(1 << 20)]


def seal(session: Session, directory: Directory | None = None) -> int:
    """Seal what waits."""
    return Sealer(session, directory or directory_of(session), device_key(session)).seal_waiting()


def test_one_epoch_for_many_records(world: World, reporter: Session) -> None:
    """The first record of a lane begins an epoch, the next ones ride on it."""
    for title in ("a", "b", "c"):
        report(reporter, title=title)
    assert seal(reporter) == 3
    assert kinds(reporter) == [Kind.EPOCH, Kind.RECORD, Kind.RECORD, Kind.RECORD]
    assert seal(reporter) == 0


@pytest.mark.parametrize("seconds", [EPOCH_SECONDS + 1, -60])
def test_old_epochs_end(world: World, reporter: Session, seconds: int) -> None:
    """After 30 days, or with a clock that was set back, another one begins."""
    report(reporter)
    seal(reporter)
    world.time.pass_by(seconds=seconds)
    report(reporter)
    seal(reporter)
    assert kinds(reporter).count(Kind.EPOCH) == 2


def test_new_term_begins_an_epoch(world: World, reporter: Session) -> None:
    """A newer term of the lane's inbox key governs what is sealed from then on."""
    report(reporter)
    seal(reporter)
    newer = directory_of(reporter)
    newer = replace(newer, lanes=tuple(replace(lane, term=2) for lane in newer.lanes))
    report(reporter, title="b")
    seal(reporter, newer)
    assert kinds(reporter).count(Kind.EPOCH) == 2


def test_missing_lane_holds_up_no_other(
    world: World, first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory without *sources*: that part waits and is told, the rest is sent."""
    report(reporter, SOURCED)
    signed = reporter.vault.documents.directory()
    lanes = tuple(lane for lane in signed.directory.lanes if lane.lane != SOURCES)
    fewer = replace(signed, directory=replace(signed.directory, lanes=lanes))
    with monkeypatch.context() as patch:
        patch.setattr(type(reporter.vault.documents), "directory", lambda _: fewer)
        told = exchange.sync(reporter)
        assert (told.confirmed_frames, told.waiting_frames) == (2, 1)
        assert any("does not have" in problem for problem in status.status(reporter).problems)
    assert exchange.sync(reporter).waiting_frames == 0


def test_record_that_does_not_fit_is_set_aside(world: World, reporter: Session) -> None:
    """It is named as stuck; the one behind it goes."""
    noise = random.Random(1).randbytes(70_000).hex()
    tell(reporter, MAIN, RecordType.REVISION, {**BODY, 4: {"title": noise}})
    report(reporter)
    assert seal(reporter) == 1
    assert [stuck.problem != "" for stuck in reporter.vault.outbox.stuck()] == [True]


def test_gossip_rides_once(world: World, first: Session, reporter: Session) -> None:
    """The log state that a receipt told goes with the first record of an exchange, and is judged."""
    report(reporter)
    exchange.sync(reporter)
    world.time.pass_by(seconds=5)
    report(reporter, title="b")
    exchange.sync(reporter)
    exchange.pull(first)
    assert first.vault.feeds.verdicts().differ == 0 and first.vault.feeds.verdicts().agree > 3
