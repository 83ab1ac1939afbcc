"""What a coordinator pulled is new until somebody reads it, and again when it changes."""

from __future__ import annotations

from fieldkit.actions import capture, exchange, records
from fieldkit.actions.session import Session
from tests.actions.world import ANSWERS, SOURCED, World, report


def new(session: Session) -> list[str]:
    """Titles of what is new."""
    return [line.title for line in records.list_records(session) if line.fresh]


def test_new_until_read(world: World, first: Session, reporter: Session) -> None:
    """Each pulled report by itself, also after a crash; own ones never."""
    report(first, title="own")
    report(reporter, {**SOURCED, "title": "one"})
    number = report(reporter, title="two")
    exchange.sync(reporter)
    exchange.pull(first)
    assert sorted(new(first)) == ["one", "two"]
    assert new(reporter) == []
    numbers = {line.title: line.number for line in records.list_records(first)}
    assert records.mark_read(first, numbers["two"])
    assert not records.mark_read(first, numbers["two"])
    assert not records.mark_read(first, numbers["own"])
    again = world.after_crash(first)
    assert new(again) == ["one"]
    capture.edit(reporter, str(number), {**ANSWERS, "title": "two, changed"})
    capture.finish(reporter, str(number))
    exchange.sync(reporter)
    exchange.pull(again)
    assert sorted(new(again)) == ["one", "two, changed"]


def test_pulling_again_makes_nothing_new(world: World, first: Session, reporter: Session) -> None:
    """What was read stays read."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    records.mark_read(first, 1)
    exchange.pull(first)
    assert new(first) == []
