"""Writing, changing, finishing, taking back."""

from __future__ import annotations

import os
import random

import pytest

from fieldkit.actions import capture, contents, exchange, outlook, records
from fieldkit.actions.errors import ActionError, InputProblem, UsageProblem
from fieldkit.actions.session import Session
from fieldkit.actions.status import status
from fieldkit.actions.weighing import EPOCH_BYTES
from fieldkit.model.limits import MAX_REASON_CHARS
from sync.protocol.ids import MAIN
from sync.protocol.records import RecordType
from tests.actions.forging import BODY, tell
from tests.actions.world import ANSWERS, CANARY, SOURCED, World, glyph, only, report


def test_draft_says_what_is_missing(world: World) -> None:
    """A draft may lack anything; its line names it, and finishing is refused with the same words."""
    alone = world.laptop("alone")
    line = capture.new_draft(alone, {"title": "Only a title"})
    assert line.number == 1 and {"kind", "start", "gov", "narrative"} <= set(line.missing)
    with pytest.raises(InputProblem):
        capture.finish(alone, "1")
    assert glyph(alone) == "✎"


@pytest.mark.parametrize(
    "answers",
    [
        {"titel": "x"},
        {"kind": ["nonsense"]},
        {"start": "yesterday-ish 99"},
        {"lat": "north"},
        {"v_name": "x"},
        [1],
    ],
)
def test_bad_answers_store_nothing(world: World, answers: object) -> None:
    """Unknown names and wrong values are told; no draft appears."""
    alone = world.laptop("alone")
    with pytest.raises(InputProblem):
        capture.new_draft(alone, answers)  # type: ignore[arg-type]
    assert records.list_records(alone) == []


def test_finished_tells_lanes_and_size(world: World, first: Session, reporter: Session) -> None:
    """The estimate is what the frames weigh, to a few bytes."""
    capture.new_draft(reporter, SOURCED)
    done = capture.finish(reporter, "1")
    assert done.lanes == ("main", "sources") and done.incident == done.revision
    told = exchange.sync(reporter)
    assert abs(told.sent_bytes - 2 * EPOCH_BYTES - done.size_estimate) < 100


def test_finish_needs_an_organisation(world: World) -> None:
    """Nobody to seal for, nothing to sign as: the draft stays."""
    alone = world.laptop("alone")
    capture.new_draft(alone, ANSWERS)
    with pytest.raises(InputProblem, match="no organisation"):
        capture.finish(alone, "1")
    assert glyph(alone) == "✎"


def test_too_long_to_send_stays_a_draft(world: World, first: Session) -> None:
    """A text that no frame can carry is refused before anything is stored, not after."""
    noise = random.Random(1)
    text = "".join(chr(noise.randrange(0x4E00, 0x9FA5)) for _ in range(45_000))
    capture.new_draft(first, {**ANSWERS, "narrative": text})
    with pytest.raises(InputProblem, match="too long to be sent"):
        capture.finish(first, "1")
    assert glyph(first) == "✎" and first.vault.outbox.unsealed() == {}
    capture.edit(first, "1", {"narrative": "short"})
    capture.finish(first, "1")
    assert glyph(first) == "⇅"


def test_twice_the_same_in_one_second(world: World, first: Session) -> None:
    """Two reports alike to the letter and the second would be one revision: said, and the draft stays."""
    report(first)
    capture.new_draft(first, ANSWERS)
    with pytest.raises(InputProblem, match="second"):
        capture.finish(first, "2")
    world.time.pass_by(seconds=1)
    assert capture.finish(first, "2").number == 2


@pytest.mark.parametrize("ref", ["", "9", "abc", "abcd", "ffffffff", "-1", "1e3", "\0", "9" * 40, "٣"])
def test_bad_reference(world: World, first: Session, ref: str) -> None:
    """A reference that names nothing is told by every verb that takes one."""
    report(first)
    for verb in (
        lambda: capture.edit(first, ref, {}),
        lambda: capture.finish(first, ref),
        lambda: capture.withdraw(first, ref, "x"),
        lambda: records.show(first, ref),
    ):
        with pytest.raises(InputProblem):
            verb()


def test_edit_changes_and_takes_out(world: World, first: Session) -> None:
    """None takes an answer out; an unknown name, or a question inside a repeat, is refused."""
    capture.new_draft(first, ANSWERS)
    capture.edit(first, "1", {"town": None, "place": "the market"})
    answers = records.show(first, "1").answers
    assert "town" not in answers and answers["place"] == "the market"
    for name in ("nonsense", "v_name", "r_state"):
        with pytest.raises(InputProblem):
            capture.edit(first, "1", {name: "x"})
    with pytest.raises(InputProblem):
        capture.edit(first, "1", {"v_name": None})


@pytest.mark.parametrize("changes", [{}, {"title": ANSWERS["title"]}, {"town": None, "place": None}])
def test_an_edit_that_changes_nothing_opens_no_draft(
    world: World, first: Session, changes: dict[str, object | None]
) -> None:
    """A finished report that says so already stays as it is, and that is said; a real change begins one."""
    told = {name: value for name, value in ANSWERS.items() if name not in ("town", "place")}
    number = capture.finish(first, str(capture.new_draft(first, told).number)).number
    with pytest.raises(InputProblem, match="nothing was changed, and no draft was begun"):
        capture.edit(first, str(number), changes)
    assert not only(first).has_draft
    capture.edit(first, str(number), {"place": "the market"})
    assert only(first).has_draft
    # Of a draft it is no fault: it says how the draft stands.
    assert capture.edit(first, str(number), {}).number == number


def test_failed_edit_opens_no_draft(world: World, first: Session) -> None:
    """A change that cannot be taken leaves a finished report as it was."""
    report(first)
    with pytest.raises(InputProblem):
        capture.edit(first, "1", {"kind": ["nonsense"]})
    line = only(first)
    assert (line.has_draft, line.state) == (False, "waiting")


def test_second_revision_follows_the_first(world: World, first: Session) -> None:
    """An edit of a finished report keeps its number and incident."""
    number = report(first, SOURCED)
    before = only(first)
    capture.edit(first, before.incident or "", {"title": "Corrected"})
    assert only(first).title == "Corrected" and only(first).has_draft
    world.time.pass_by(seconds=5)
    done = capture.finish(first, str(number))
    view = records.show(first, "1", sources=True)
    assert (done.incident, done.number) == (before.incident, number)
    assert done.lanes == ("main", "sources") and CANARY in str(view.sources_answers)
    assert [len(line.parents) for line in view.revisions] == [0, 1]


def test_withdraw_then_edit_keeps_the_sources(world: World, first: Session) -> None:
    """Taking back deletes nothing: what is written on goes on from the whole report, sources included."""
    report(first, SOURCED)
    capture.withdraw(first, "1", "sent by mistake")
    assert (only(first).state, only(first).title) == ("withdrawn", ANSWERS["title"])
    assert CANARY in str(records.show(first, "1", sources=True).sources_answers)
    capture.edit(first, "1", {"title": "After all"})
    with pytest.raises(InputProblem, match="was withdrawn"):
        capture.finish(first, "1")
    done = capture.finish(first, "1", bring_back=True)
    assert done.lanes == ("main", "sources") and only(first).state == "waiting"
    assert CANARY in str(records.show(first, "1", sources=True).sources_answers)


@pytest.mark.parametrize("reason", ["", "  \n", "\x00\x1b", "\ue000", "x" * (MAX_REASON_CHARS + 1)])
def test_reason_must_say_something(world: World, first: Session, reason: str) -> None:
    """Control characters are no reason: such a revision would empty the report instead of taking it back."""
    report(first)
    with pytest.raises(UsageProblem):
        capture.withdraw(first, "1", reason)
    assert only(first).state == "waiting" and len(records.show(first, "1").revisions) == 1


def test_withdraw_what_cannot_be(world: World, first: Session) -> None:
    """A draft was never sent, and what was taken back is not taken back again."""
    capture.new_draft(first, ANSWERS)
    with pytest.raises(InputProblem, match="never finished"):
        capture.withdraw(first, "1", "x")
    capture.finish(first, "1")
    capture.withdraw(first, "1", "x")
    with pytest.raises(InputProblem, match="already"):
        capture.withdraw(first, "1", "x")


def test_withdrawal_reaches_coordinators(world: World, first: Session, reporter: Session) -> None:
    """It is a revision like any other: delivered, and nothing vanishes."""
    report(reporter, SOURCED)
    exchange.sync(reporter)
    exchange.pull(first)
    capture.withdraw(reporter, "1", "in danger")
    exchange.sync(reporter)
    exchange.pull(first)
    assert only(first).state == "withdrawn" and only(first).title == ANSWERS["title"]
    revisions = records.show(first, "1").revisions
    assert {len(line.parents): line.withdraws for line in revisions} == {0: None, 1: "in danger"}
    assert only(first).updated == max(line.created for line in revisions)


def test_withdrawal_waits_until_it_is_sent(world: World, reporter: Session) -> None:
    """Until then whoever has the report takes it for valid: it counts as waiting, and every list says so."""
    report(reporter)
    exchange.sync(reporter)
    assert not only(reporter).unsent and status(reporter).waiting == 0
    capture.withdraw(reporter, "1", "in danger")
    (listed,) = records.list_records(reporter, state="waiting")
    (queued,) = outlook.queue(reporter)
    found = status(reporter)
    assert listed.state == "withdrawn" and listed.unsent and queued.withdraws
    assert (found.waiting, found.received, found.withdrawn) == (1, 0, 1)
    exchange.sync(reporter)
    found = status(reporter)
    assert not only(reporter).unsent and only(reporter).state == "withdrawn"
    assert (found.waiting, found.received, found.withdrawn) == (0, 0, 1)
    assert records.list_records(reporter, state="waiting") == []


def test_newer_form_is_not_mangled(world: World, first: Session, reporter: Session) -> None:
    """What a newer version of the form wrote is shown, and not edited with an older one."""
    tell(reporter, MAIN, RecordType.REVISION, {**BODY, 2: 99})
    exchange.sync(reporter)
    exchange.pull(first)
    with pytest.raises(InputProblem, match="version 99"):
        capture.edit(first, only(first).incident or "", {"title": "x"})
    assert not only(first).has_draft


def test_unknown_form_is_not_edited(world: World, first: Session, reporter: Session) -> None:
    """Nor is what another form wrote."""
    tell(reporter, MAIN, RecordType.REVISION, {**BODY, 1: "other"})
    exchange.sync(reporter)
    exchange.pull(first)
    with pytest.raises(InputProblem, match="no form"):
        capture.edit(first, only(first).incident or "", {"title": "x"})
    with pytest.raises(InputProblem):
        contents.load_form("other")
    assert not only(first).has_draft


def test_full_disk_is_told(world: World, first: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system is one a person can act on, not a crash."""
    capture.new_draft(first, ANSWERS)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(type(first.vault.finishing), "finish", full)
    with pytest.raises(ActionError, match="No space"):
        capture.finish(first, "1")
    assert glyph(first) == "✎"
