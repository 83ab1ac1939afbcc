"""How a report came to be, and that one taken back does not come again by itself."""

from __future__ import annotations

import pytest

from fieldkit.actions import capture, discarding, duplicating, exchange, records, reviewing, urgency, writing
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.history import history
from fieldkit.actions.session import Session
from fieldkit.tui.report_changes import changes
from tests.actions.world import ANSWERS, CANARY, SOURCED, World, only, report


def test_each_step_says_what_it_changed(world: World, first: Session) -> None:
    """The latest first, the open draft before all; each is held against what it follows."""
    report(first)
    capture.edit(first, "1", {"town": "Newtown", "narrative": None})
    capture.edit(first, "1", {"narrative": "Two shells fell near the market."})
    world.time.now += 60
    capture.finish(first, "1")
    capture.edit(first, "1", {"title": "Another title"})
    found = history(first, "1")
    assert [bool(step.id) for step in found.steps] == [False, True, True]
    assert [step.state for step in found.steps] == ["draft", "waiting", "waiting"]
    told = [changes(found.form, step.before, step.after) for step in found.steps]
    assert [(one.before, one.after) for one in told[0]] == [("Shells on Mockbridge", "Another title")]
    assert {one.after for one in told[1]} == {"Newtown", "Two shells fell near the market."}
    assert len(told[2]) == len(ANSWERS) and not any(one.before for one in told[2])


def test_order_is_that_of_the_graph(world: World, first: Session) -> None:
    """A clock that was set back does not put a revision before the one it follows."""
    report(first)
    capture.edit(first, "1", {"title": "later"})
    world.time.now -= 86_400
    capture.finish(first, "1")
    steps = history(first, "1").steps
    assert steps[0].before == steps[1].after and steps[0].created < steps[1].created


def test_sources_only_when_asked_for(first: Session) -> None:
    """Neither a revision nor the draft shows a protected answer unasked."""
    report(first, SOURCED)
    capture.edit(first, "1", {"title": "changed"})
    assert CANARY not in str([step.after for step in history(first, "1").steps])
    asked = [str(step.after) for step in history(first, "1", sources=True).steps]
    assert len(asked) == 2 and all(CANARY in said for said in asked)


def test_a_withdrawn_report_comes_back_only_when_asked_to(world: World, first: Session) -> None:
    """Finishing refuses and says how; then it is a step of its own, and the report counts again."""
    report(first)
    capture.withdraw(first, "1", "sent by mistake")
    capture.edit(first, "1", {"title": "changed after all"})
    with pytest.raises(InputProblem, match="was withdrawn") as refused:
        capture.finish(first, "1")
    assert "--bring-back" in str(refused.value.hint)
    assert (only(first).state, only(first).has_draft) == ("withdrawn", True)
    looked_over = reviewing.review(first, 1)
    assert looked_over.brings_back and history(first, "1").steps[0].brings_back
    world.time.now += 5
    writing.finish(first, 1, edition=looked_over.edition)
    assert only(first).state == "waiting" and not history(first, "1").steps[0].withdraws
    steps = history(first, "1").steps
    assert [(step.brings_back, step.withdraws) for step in steps] == [
        (True, None),
        (False, "sent by mistake"),
        (False, None),
    ]
    assert steps[1].before == steps[1].after and steps[0].before == steps[2].after


def test_a_draft_begun_before_the_withdrawal_does_not_undo_it(world: World, first: Session) -> None:
    """Its revision would stand beside the withdrawal: it asks, and then follows both."""
    report(first)
    capture.edit(first, "1", {"title": "begun before"})
    capture.withdraw(first, "1", "in danger")
    with pytest.raises(InputProblem, match="was withdrawn"):
        capture.finish(first, "1")
    world.time.now += 5
    capture.finish(first, "1", bring_back=True)
    assert (only(first).state, only(first).title) == ("waiting", "begun before")


def test_a_report_that_counts_is_finished_as_ever(first: Session) -> None:
    """The question is asked of withdrawn ones alone."""
    report(first)
    capture.edit(first, "1", {"title": "changed"})
    assert not reviewing.review(first, 1).brings_back
    capture.finish(first, "1")
    assert only(first).title == "changed"


def test_a_duplicate_is_a_report_of_its_own(first: Session) -> None:
    """It says the same in every lane, and changing it changes nothing of the first one."""
    report(first, SOURCED)
    number = duplicating.duplicate(first, "1")
    asked = records.show(first, str(number), sources=True)
    assert CANARY in str(asked.sources_answers) and asked.line.incident is None
    capture.edit(first, str(number), {"title": "of its own"})
    capture.finish(first, str(number))
    assert [line.title for line in records.list_records(first)] == ["of its own", ANSWERS["title"]]
    assert len({line.incident for line in records.list_records(first)}) == 2


def test_a_duplicate_keeps_what_could_not_be_read(first: Session) -> None:
    """Text that is no answer yet goes along: it was written down too."""
    opened = writing.begin(first, ANSWERS)
    opened.writer.write(("injured",), "perhaps a dozen or so")
    writing.store(first, opened.number, opened.writer.snapshot())
    number = duplicating.duplicate(first, str(opened.number))
    kept = first.vault.drafts.load(number).draft
    assert list(kept.unread.values()) == ["perhaps a dozen or so"]


def test_discarded_and_back_as_it_was(world: World, first: Session) -> None:
    """Answers, steps, number and place in the list; of a sent report the draft alone goes."""
    capture.new_draft(first, {"title": "between"})
    world.time.now += 60
    capture.new_draft(first, {"title": "after"})
    capture.edit(first, "1", {"title": "between, changed"})
    before = records.list_records(first)
    past = first.vault.drafts.steps(1)
    assert discarding.discard(first, "1") == 1
    assert [line.number for line in records.list_records(first)] == [2]
    assert records.list_records(first, query="between") == []
    assert discarding.restore(first) == 1
    assert records.list_records(first) == before and first.vault.drafts.steps(1) == past
    assert [line.number for line in records.list_records(first, query="between")] == [1]


def test_discarding_the_draft_of_a_sent_report_leaves_it(first: Session) -> None:
    """What was finished stays, and shows again; what has no draft is refused."""
    report(first)
    capture.edit(first, "1", {"title": "never mind"})
    discarding.discard(first, "1")
    assert (only(first).title, only(first).has_draft) == (ANSWERS["title"], False)
    with pytest.raises(InputProblem, match="no open draft"):
        discarding.discard(first, "1")
    discarding.restore(first, "1")
    assert (only(first).title, only(first).has_draft) == ("never mind", True)


def test_discarded_for_an_hour(world: World, first: Session) -> None:
    """Then it is erased, and said to be."""
    capture.new_draft(first, {"title": CANARY})
    discarding.discard(first, "1")
    world.time.now += discarding.UNDO_MINUTES * 60 + 1
    with pytest.raises(InputProblem, match="within the last 60 minutes"):
        discarding.restore(first)
    rows = first.vault._database.rows("SELECT count(*) FROM discarded_step")
    assert rows == [(0,)]


@pytest.mark.parametrize("typed", ["x", "", "9" * 30, "1 2"])
def test_what_is_no_number_brings_nothing_back(first: Session, typed: str) -> None:
    """Only a number says which draft is meant: it is in no list any more."""
    with pytest.raises(InputProblem, match="number"):
        discarding.restore(first, typed)


def test_urgent(world: World, first: Session, reporter: Session) -> None:
    """A draft says so to its readers; what waits only goes first; what went is refused."""
    capture.new_draft(first, ANSWERS)
    assert urgency.mark_urgent(first, "1") is True and only(first).urgency == 2
    report(reporter)
    assert urgency.mark_urgent(reporter, "1") is False
    assert only(reporter).urgency == 0 and reporter.vault.sending.unsealed(9)[0].hurried
    exchange.sync(reporter)
    with pytest.raises(InputProblem, match="does not wait"):
        urgency.mark_urgent(reporter, "1")
