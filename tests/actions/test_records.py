"""Lists and single reports."""

from __future__ import annotations

import pytest

from fieldkit.actions import capture, exchange, records
from fieldkit.actions.errors import UsageProblem
from fieldkit.actions.session import Session
from tests.actions.world import ANSWERS, CANARY, SOURCED, World, only, report


def test_pages_follow_each_other(world: World, first: Session) -> None:
    """Every report once, whatever the size of the page; states filter."""
    for number in range(7):
        report(first, title=f"Report {number}")
    capture.new_draft(first, ANSWERS)
    seen: list[int] = []
    after = None
    while page := records.list_records(first, limit=3, after=after):
        seen += [line.number for line in page]
        after = page[-1].row
    assert sorted(seen) == list(range(1, 9)) and len(set(seen)) == 8
    assert [line.number for line in records.list_records(first, state="draft")] == [8]
    assert len(records.list_records(first, state="waiting")) == 7
    assert records.list_records(first, limit=0) == []
    with pytest.raises(UsageProblem, match="no state"):
        records.list_records(first, state="lost")


def test_line_says_what_where_when(world: World, first: Session) -> None:
    """Title, kind in words, the most exact place, the date in words, what is missing."""
    capture.new_draft(first, {**ANSWERS, "narrative": None})
    line = only(first)
    assert (line.title, line.place, line.date) == ("Shells on Mockbridge", "Mockbridge", "8 July 2026")
    assert line.kind and line.kind != "shelling" and (line.missing, line.author) == (1, "")


def test_sources_only_when_asked_for(world: World, first: Session, reporter: Session) -> None:
    """Nowhere in a list, a view or their text forms does a protected answer show unasked."""
    report(reporter, SOURCED)
    exchange.sync(reporter)
    exchange.pull(first)
    capture.new_draft(reporter, SOURCED)
    for session in (reporter, first):
        for line in records.list_records(session):
            view = records.show(session, str(line.number))
            assert CANARY not in f"{line} {view} {view.answers} {view.problems}"
            asked = records.show(session, str(line.number), sources=True)
            assert CANARY in str(asked.sources_answers) and CANARY not in f"{asked} {asked.answers}"


def test_problem_of_a_protected_answer_is_not_shown(world: World, first: Session) -> None:
    """What is wrong with a draft's sources may quote them: it is told only with them."""
    capture.new_draft(first, ANSWERS)
    stored = first.vault.drafts.load(1)
    stored.draft.answers["sources"] = [{"src": "S1", "src_risk": CANARY}]
    first.vault.drafts.save(1, stored.draft, now=world.time.now)
    assert CANARY not in str(records.show(first, "1").problems)
    assert records.show(first, "1", sources=True).problems


def test_two_heads_are_divided(world: World, first: Session, reporter: Session) -> None:
    """Two coordinators change the same report apart: both versions stay, and it is said to be divided."""
    second = world.coordinator(first)
    report(reporter)
    exchange.sync(reporter)
    for session, title in ((first, "One"), (second, "Two")):
        exchange.pull(session)
        capture.edit(session, only(session).incident or "", {"title": title})
    world.time.pass_by(seconds=5)
    for session in (first, second):
        capture.finish(session, str(only(session).number))
        exchange.sync(session)
    for session in (first, second):
        exchange.pull(session)
        view = records.show(session, only(session).incident or "")
        assert view.divided and len(view.revisions) == 3
        capture.edit(session, only(session).incident or "", {"place": "the market"})
        assert only(session).has_draft


def test_author_is_the_name_that_was_given(world: World, first: Session, reporter: Session) -> None:
    """A coordinator sees the name of the invite, not what a reporter calls itself."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    assert (only(first).author, only(reporter).author) == ("north", "north")
    me = reporter.vault.identities.require()
    first.vault.members.named(me.device, me.role, "renamed", now=world.time.now)
    assert only(first).author == "renamed"
    assert [line.author for line in records.show(first, only(first).incident or "").revisions] == ["renamed"]


def test_revisions_carry_their_own_state(world: World, first: Session, reporter: Session) -> None:
    """The first revision is delivered while the second waits; the report is as far as its slowest."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(reporter)
    capture.edit(reporter, "1", {"town": "Elsewhere"})
    world.time.pass_by(seconds=5)
    capture.finish(reporter, "1")
    view = records.show(reporter, "1")
    assert [line.state for line in view.revisions] == ["delivered", "waiting"]
    assert view.line.state == "waiting"
