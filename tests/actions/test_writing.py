"""Writing a report: what is typed is stored, nothing is written over, and a look before it is finished."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from fieldkit.actions import capture, records, writing
from fieldkit.actions.errors import InputProblem, KeptApart
from fieldkit.actions.session import Session
from fieldkit.actions.weighing import CONNECTION_BYTES, EPOCH_BYTES
from fieldkit.forms.problems import Fault
from fieldkit.forms.writer import Change, Writer
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path
from fieldkit.vault.drafts import STEP_SECONDS
from tests.actions.world import ANSWERS, CANARY, SOURCED, World


def typed(session: Session, written: writing.Written, name: str, text: str) -> int:
    """Type an answer and store it."""
    written.writer.write((name,), text)
    return writing.store(session, written.number, written.writer.snapshot())


def title(session: Session, number: int) -> str:
    """The title that is stored."""
    return session.vault.drafts.load(number).draft.title


def test_what_is_stored_comes_back(world: World) -> None:
    """Answers and text that could not be read come back, with their steps, after a crash."""
    alone = world.laptop("alone")
    written = writing.begin(alone, {"title": "One"})
    world.time.now += STEP_SECONDS
    moment = typed(alone, written, "start", "some time ago, who knows")
    assert moment == alone.now()
    world.time.now += STEP_SECONDS
    typed(alone, written, "title", "Two")
    again = writing.open_report(world.after_crash(alone), str(written.number)).writer
    field = again.field(("start",))
    assert field is not None and field.typed == "some time ago, who knows" and field.problem and field.tip
    for expected in ("One", "One"):
        assert again.undo() is not None
        assert again.snapshot().answers["title"] == expected
    assert not again.snapshot().unread and not again.can_undo
    assert again.redo() is not None and ("start",) in again.snapshot().unread


def test_undo_in_the_vault_keeps_what_was_undone(world: World) -> None:
    """An undo that is stored can be taken back after a crash."""
    alone = world.laptop("alone")
    written = writing.begin(alone, {"title": "One"})
    world.time.now += STEP_SECONDS
    typed(alone, written, "title", "Two")
    written.writer.undo()
    writing.store(alone, written.number, written.writer.snapshot())
    again = writing.open_report(world.after_crash(alone), str(written.number)).writer
    assert again.snapshot().answers["title"] == "One"
    assert again.redo() is not None and again.snapshot().answers["title"] == "Two"


def test_items_and_their_way_back_survive_a_crash(world: World) -> None:
    """Adding, duplicating, moving and deleting items are steps like any other."""
    alone = world.laptop("alone")
    written = writing.begin(alone)
    writer = written.writer
    acts: tuple[Callable[[], Change], ...] = (
        lambda: writer.add("victims"),
        lambda: writer.write(("victims", 0, "v_name"), "Example"),
        lambda: writer.duplicate("victims", 0),
        lambda: writer.move("victims", 1, 0),
        lambda: writer.delete("victims", 1),
    )
    expected = [writer.snapshot().answers]
    for act in acts:
        act()
        expected.append(writer.snapshot().answers)
        writing.store(alone, written.number, writer.snapshot())
    again = writing.open_report(world.after_crash(alone), str(written.number)).writer
    for answers in reversed(expected[:-1]):
        assert again.undo() is not None
        assert again.snapshot().answers == answers
    assert not again.can_undo


def test_any_way_back_survives_a_crash(world: World) -> None:
    """Whatever somebody does, one act after another within the same second: each step can be taken back after
    a crash as it could before, and taken back again.
    """
    random = Random(20_261_123)
    alone = world.laptop("alone")
    written = writing.begin(alone)
    writer = written.writer
    for _ in range(60):
        drawn(random, writer)
        writing.store(alone, written.number, writer.snapshot())
    again = writing.open_report(world.after_crash(alone), str(written.number)).writer
    assert states(again.redo, again) == states(writer.redo, writer)
    back = states(writer.undo, writer)
    assert len(back) > 20 and states(again.undo, again) == back


def drawn(random: Random, writer: Writer) -> None:
    """An act drawn by chance."""
    count = len(writer.cards("victims"))
    item = random.randrange(count + 1)
    acts = {
        "write": lambda: writer.write(("title",), f"title {random.random()}"),
        "unread": lambda: writer.write(("start",), f"words {random.random()}"),
        "inside": lambda: writer.write(("victims", item, "v_name"), f"name {random.random()}"),
        "add": lambda: writer.add("victims"),
        "duplicate": lambda: writer.duplicate("victims", item),
        "move": lambda: writer.move("victims", item, 0),
        "delete": lambda: writer.delete("victims", item),
        "undo": writer.undo,
        "redo": writer.redo,
    }
    acts[random.choice(list(acts))]()


def states(turn: Callable[[], Change | None], writer: Writer) -> list[tuple[Answers, dict[Path, str]]]:
    """What undo or redo goes through, to its end."""
    found = []
    while turn() is not None:
        said = writer.snapshot()
        found.append((said.answers, dict(said.unread)))
    return found


def test_older_snapshots_change_nothing(world: World) -> None:
    """Two workers of one window may be late: what is stored never goes back."""
    alone = world.laptop("alone")
    written = writing.begin(alone)
    written.writer.write(("title",), "old")
    old = written.writer.snapshot()
    stored = typed(alone, written, "title", "new")
    world.time.now += 60
    assert writing.store(alone, written.number, old) == stored
    assert title(alone, written.number) == "new"


def test_two_windows_never_write_over_each_other(world: World) -> None:
    """The second window to store goes on in a report of its own, and stays there."""
    alone = world.laptop("alone")
    one = writing.begin(alone, {"title": "both"})
    two = writing.open_report(alone, str(one.number))
    typed(alone, one, "title", "window one")
    with pytest.raises(KeptApart) as apart:
        typed(alone, two, "title", "window two")
    where = apart.value.number
    assert where != one.number and str(where) in str(apart.value)
    assert title(alone, one.number) == "window one" and title(alone, where) == "window two"
    two.writer.write(("title",), "window two, more")
    assert writing.store(alone, where, two.writer.snapshot()) == alone.now()
    typed(alone, one, "title", "window one, more")
    assert title(alone, one.number) == "window one, more" and title(alone, where) == "window two, more"


@pytest.mark.parametrize("other", ["edit", "finish", "discard"])
def test_the_command_line_meanwhile(world: World, reporter: Session, other: str) -> None:
    """A draft that the command line changed, finished or threw away is not written over either."""
    written = writing.begin(reporter, dict(ANSWERS))
    if other == "edit":
        capture.edit(reporter, str(written.number), {"title": "by the command line"})
    elif other == "finish":
        capture.finish(reporter, str(written.number))
    else:
        reporter.vault.drafts.discard(written.number)
    with pytest.raises(KeptApart) as apart:
        typed(reporter, written, "title", "in the window")
    assert title(reporter, apart.value.number) == "in the window"
    if other == "edit":
        assert title(reporter, written.number) == "by the command line"


def test_a_window_alone_is_never_apart(world: World) -> None:
    """The control: store after store of one window stays in one report."""
    alone = world.laptop("alone")
    written = writing.begin(alone)
    for number in range(5):
        typed(alone, written, "title", f"title {number}")
    assert [line.number for line in records.list_records(alone)] == [written.number]


def test_unread_text_is_never_signed(reporter: Session) -> None:
    """Text that could not be read keeps a report from being finished, and says what to do."""
    written = writing.begin(reporter, {**ANSWERS, "end": "three moons ago"})
    with pytest.raises(InputProblem, match="end:"):
        writing.finish(reporter, written.number)
    typed(reporter, written, "end", "2026-07-09")
    assert writing.finish(reporter, written.number).number == written.number


def test_begin_with_a_name_that_is_no_question(world: World) -> None:
    """A wrong name is a mistake of the program that asks, and stores nothing."""
    alone = world.laptop("alone")
    with pytest.raises(InputProblem, match="no question"):
        writing.begin(alone, {"titel": "x"})
    assert records.list_records(alone) == []


def test_abandon_takes_empty_drafts_alone(world: World) -> None:
    """A draft somebody wrote in stays, even when it is empty now."""
    alone = world.laptop("alone")
    empty, full, emptied = (writing.begin(alone) for _ in range(3))
    typed(alone, full, "title", "x")
    typed(alone, emptied, "title", "x")
    typed(alone, emptied, "title", "")
    told = [writing.abandon(alone, written.number) for written in (empty, full, emptied)]
    assert told == [True, False, False]
    assert not writing.abandon(alone, empty.number)
    assert sorted(line.number for line in records.list_records(alone)) == [full.number, emptied.number]


def test_review_tells_who_reads_what(world: World, first: Session, reporter: Session) -> None:
    """Each lane with its readers and answers; the sources are in their lane alone."""
    written = writing.begin(reporter, dict(ANSWERS))
    written.writer.add("sources")
    written.writer.write(("sources", 0, "src_name"), CANARY)
    writing.store(reporter, written.number, written.writer.snapshot())
    seen = writing.review(reporter, written.number)
    main, sources = seen.lanes
    assert (main.lane, sources.lane) == ("main", "sources")
    assert CANARY not in str(main.answers) and CANARY in str(sources.answers)
    assert main.answers["sources"] == [{"src": "S1"}]
    me = first.vault.identities.require()
    assert main.readers == sources.readers == (f"coordinator {me.device.hex()[:8]}",)
    assert seen.ready and seen.cost is not None and seen.problems == ()
    done = writing.finish(reporter, written.number, edition=seen.edition)
    assert done.lanes == ("main", "sources")
    assert seen.cost == done.size_estimate
    assert seen.beside == 2 * EPOCH_BYTES + CONNECTION_BYTES, "two lanes begin with an epoch each"


def test_a_coordinator_reads_itself(first: Session) -> None:
    """Whoever reads a lane on this very laptop is told so."""
    capture.new_draft(first, SOURCED)
    assert writing.review(first, 1).lanes[0].readers[0].endswith("(you)")


def test_review_before_joining(world: World) -> None:
    """What is missing and unread is named; nobody reads yet, and nothing can be finished."""
    alone = world.laptop("alone")
    written = writing.begin(alone, {"title": "x", "end": "nonsense"})
    seen = writing.review(alone, written.number)
    assert {problem.place for problem in seen.missing} >= {("kind",), ("start",), ("gov",)}
    assert (("end",), Fault.UNREAD) in [(problem.place, problem.fault) for problem in seen.problems]
    assert not seen.member and not seen.ready and seen.lanes[0].readers == ()
    assert seen.meters.missing and seen.cost is not None


def test_review_tells_what_is_left_out(reporter: Session) -> None:
    """An answer that is not asked for any more is named, and is in no lane."""
    written = writing.begin(reporter, {**ANSWERS, "killed": "3", "killed_civ": "2"})
    typed(reporter, written, "killed", "")
    seen = writing.review(reporter, written.number)
    assert seen.left_out == (("killed_civ",),)
    assert all("killed_civ" not in lane.answers for lane in seen.lanes)


def test_nothing_else_is_signed_than_was_looked_over(reporter: Session) -> None:
    """A draft that was changed after the review is not signed."""
    written = writing.begin(reporter, dict(ANSWERS))
    seen = writing.review(reporter, written.number)
    typed(reporter, written, "title", "changed after it")
    with pytest.raises(InputProblem, match="changed since"):
        writing.finish(reporter, written.number, edition=seen.edition)
    assert reporter.vault.drafts.has(written.number)
    assert Lane.MAIN.name.lower() in writing.finish(reporter, written.number).lanes


def test_only_a_review_brings_a_withdrawn_report_back(reporter: Session) -> None:
    """It says so; finishing without having looked does not."""
    first = writing.begin(reporter, dict(ANSWERS))
    writing.finish(reporter, first.number)
    capture.withdraw(reporter, str(first.number), "sent by mistake")
    again = writing.open_report(reporter, str(first.number))
    typed(reporter, again, "title", "after all")
    with pytest.raises(InputProblem, match="was withdrawn"):
        writing.finish(reporter, again.number)
    seen = writing.review(reporter, again.number)
    assert seen.brings_back
    assert writing.finish(reporter, again.number, edition=seen.edition).number == first.number
