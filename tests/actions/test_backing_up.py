"""A backup that goes on on another laptop while the first one goes on too: nothing is lost (§9)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.actions import backing_up, capture, exchange, records
from fieldkit.actions.copies import COPIED, DOUBTFUL, alarm
from fieldkit.actions.errors import LockedProblem
from fieldkit.actions.session import Session
from tests.actions.world import ANSWERS, PASSPHRASE, World, report


def restored(world: World, file: Path, name: str = "other laptop") -> Session:
    """Another laptop, made from a backup with the passphrase, as a person does it."""
    folder = world.folder / name
    backing_up.restore(folder, file, PASSPHRASE)
    return world._session(world.template.open(folder))


def titles(session: Session) -> list[str]:
    """Every report that is there."""
    return sorted(line.title for line in records.list_records(session))


def test_both_laptops_go_on(world: World, first: Session, reporter: Session, tmp_path: Path) -> None:
    """What was in the backup, what was written since, on either laptop: all of it arrives, each once."""
    report(reporter, title="sent before the backup")
    exchange.sync(reporter)
    report(reporter, title="finished before it")
    capture.new_draft(reporter, {**ANSWERS, "title": "a draft in it"})
    backing_up.back_up(reporter, tmp_path / "mine.backup")
    exchange.sync(reporter)
    report(reporter, title="sent after it")
    exchange.sync(reporter)
    report(reporter, title="not sent when it was put back")

    other = restored(world, tmp_path / "mine.backup")
    assert titles(other) == ["a draft in it", "finished before it", "sent before the backup"]
    assert alarm(other) == ""
    report(other, title="by the other laptop")
    told = exchange.sync(other)
    assert (told.waiting_frames, COPIED in told.alarms) == (0, True)
    assert alarm(other) == f"{COPIED}. Tell your coordinator"
    draft = next(line for line in records.list_records(other) if line.title == "a draft in it")
    capture.finish(other, str(draft.number))
    assert exchange.sync(other).waiting_frames == 0
    assert exchange.sync(reporter).waiting_frames == 0

    pulled = exchange.pull(first)
    assert any(DOUBTFUL in said for said in pulled.alarms)
    assert titles(first) == [
        "a draft in it",
        "by the other laptop",
        "finished before it",
        "not sent when it was put back",
        "sent after it",
        "sent before the backup",
    ]
    for session in (reporter, other):
        exchange.sync(session)
    states = {line.title: line.state for line in records.list_records(other)}
    assert states["by the other laptop"] == states["a draft in it"] == "delivered"
    assert states["finished before it"] in ("received", "delivered")


def test_a_laptop_that_was_lost(world: World, first: Session, reporter: Session, tmp_path: Path) -> None:
    """Only the backup is left: it sends what it holds; what had arrived meanwhile stays where it is."""
    report(reporter, title="finished before the backup")
    backing_up.back_up(reporter, tmp_path / "mine.backup")
    exchange.sync(reporter)
    report(reporter, title="sent after it")
    exchange.sync(reporter)
    reporter.lock()
    other = restored(world, tmp_path / "mine.backup")
    report(other, title="on the new laptop")
    told = exchange.sync(other)
    assert (told.waiting_frames, COPIED in told.alarms) == (0, True)
    exchange.pull(first)
    assert titles(first) == ["finished before the backup", "on the new laptop", "sent after it"]


def test_the_owner_is_told_when_nothing_is_new(world: World, reporter: Session, tmp_path: Path) -> None:
    """Put back and only synced: the server holds more than this laptop signed, and that is told."""
    report(reporter, title="finished before the backup")
    backing_up.back_up(reporter, tmp_path / "mine.backup")
    exchange.sync(reporter)
    report(reporter, title="sent after it")
    exchange.sync(reporter)
    other = restored(world, tmp_path / "mine.backup")
    told = exchange.sync(other)
    assert (told.waiting_frames, COPIED in told.alarms) == (0, True)


def test_a_wrong_passphrase_and_a_bad_file_make_nothing(
    world: World, reporter: Session, tmp_path: Path
) -> None:
    """The control: neither leaves a folder behind."""
    backing_up.back_up(reporter, tmp_path / "mine.backup")
    with pytest.raises(LockedProblem, match="passphrase"):
        backing_up.restore(world.folder / "x", tmp_path / "mine.backup", "not these words at all")
    whole = (tmp_path / "mine.backup").read_bytes()
    (tmp_path / "cut.backup").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LockedProblem, match="no whole backup"):
        backing_up.restore(world.folder / "x", tmp_path / "cut.backup", PASSPHRASE)
    assert not (world.folder / "x").exists()
