"""Searching as a person does it: any spelling, filters, dates, and never the sources lane."""

from __future__ import annotations

import pytest

from fieldkit.actions import capture, exchange, records
from fieldkit.actions.errors import UsageProblem
from fieldkit.actions.session import Session
from tests.actions.world import ANSWERS, CANARY, SOURCED, World, report


def numbers(session: Session, query: str) -> list[int]:
    """Local numbers of what a query finds, ascending."""
    return sorted(line.number for line in records.list_records(session, query=query))


def test_a_report_is_found_by_what_it_says(world: World, first: Session) -> None:
    """By its words in another spelling, its kind in either language, its place and its date."""
    capture.new_draft(first, {**ANSWERS, "narrative": "قصفت المدفعية مدرسة الأحمدية", "kind": ["shelling"]})
    capture.new_draft(first, {**ANSWERS, "title": "Another", "kind": ["arrest"], "start": "about May 2026"})
    assert numbers(first, "مدرسه احمديه") == [1]
    assert numbers(first, "kind:shelling") == [1] and numbers(first, "kind:arrest") == [2]
    assert numbers(first, "mockbr") == [1, 2] and numbers(first, "place:MOCKBRIDGE another") == [2]
    assert numbers(first, "on:2026-05") == [2] and numbers(first, "after:2026-07 before:2026-08") == [1]
    assert numbers(first, "state:waiting") == [] and numbers(first, "state:draft") == [1, 2]


def test_the_sources_lane_is_not_searched(world: World, first: Session, reporter: Session) -> None:
    """Neither a draft, nor what was finished, nor what was pulled is found by a protected answer."""
    report(reporter, SOURCED)
    exchange.sync(reporter)
    exchange.pull(first)
    capture.new_draft(reporter, SOURCED)
    for session in (reporter, first):
        assert numbers(session, CANARY) == []
        assert numbers(session, str(SOURCED["title"]))


def test_what_was_pulled_is_found(world: World, first: Session, reporter: Session) -> None:
    """A pulled report, and its later revision by what that says."""
    report(reporter, title="Grenades on Mockbridge")
    exchange.sync(reporter)
    exchange.pull(first)
    assert numbers(first, "grenades") == [1]
    capture.edit(reporter, "1", {"title": "Rockets on Mockbridge"})
    capture.finish(reporter, "1")
    exchange.sync(reporter)
    exchange.pull(first)
    assert (numbers(first, "title:x"), numbers(first, "rockets")) == ([], [1])


def test_a_query_that_is_none_is_told(world: World, first: Session) -> None:
    """What was expected, and an example."""
    with pytest.raises(UsageProblem, match="but there is kind:") as told:
        records.list_records(first, query="knd:arrest")
    assert "kind:arrest" in str(told.value.hint)


def test_what_is_new_and_urgent(world: World, first: Session, reporter: Session) -> None:
    """What was pulled is new until it is read, and counted; urgency is found too, with other words."""
    report(reporter, title="Grenades on Mockbridge", urgency="life")
    report(reporter, title="Rockets on Mockbridge")
    exchange.sync(reporter)
    exchange.pull(first)
    assert numbers(first, "state:new") == [1, 2] and numbers(first, "state:new rockets") != []
    urgent = numbers(first, "urgency:life")
    assert len(urgent) == 1 and numbers(first, "urgency:life rockets") == []
    assert set(urgent) | set(numbers(first, "urgency:normal")) == {1, 2}
    assert records.unread(first) == 2
    assert records.mark_read(first, urgent[0])
    assert set(numbers(first, "state:new")) == {1, 2} - set(urgent) and records.unread(first) == 1
    assert (numbers(reporter, "state:new"), records.unread(reporter)) == ([], 0)


def test_a_kind_that_is_none_is_told(world: World, first: Session) -> None:
    """Only where nothing was found by it; the kinds that there are follow."""
    capture.new_draft(first, {**ANSWERS, "kind": ["shelling"]})
    with pytest.raises(UsageProblem, match="there is no kind 'zzkind'") as told:
        records.list_records(first, query="kind:zzkind")
    assert "the kinds are: " in str(told.value.hint)
    assert numbers(first, "kind:arrest") == [] and numbers(first, "-kind:zzkind") == [1]
    assert numbers(first, "kind:arr zzz") == []
