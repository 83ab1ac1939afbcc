"""A finished report that is opened for a change: nothing is left of it before something is changed."""

from __future__ import annotations

import pytest

from fieldkit.actions import capture, discarding, records, writing
from fieldkit.actions.errors import InputProblem, KeptApart
from fieldkit.actions.session import Session
from fieldkit.vault.drafts import STEP_SECONDS
from tests.actions.world import ANSWERS, World


@pytest.fixture
def number(reporter: Session) -> int:
    """A finished report."""
    return capture.finish(reporter, str(writing.begin(reporter, dict(ANSWERS)).number)).number


def retitled(session: Session, written: writing.Written, text: str) -> None:
    """Type a title and store it."""
    written.writer.write(("title",), text)
    writing.store(session, written.number, written.writer.snapshot())


def revisions(session: Session, number: int) -> int:
    """How many there are of a report."""
    return len(records.show(session, str(number)).revisions)


def test_looking_leaves_nothing(world: World, reporter: Session, number: int) -> None:
    """Opened, looked over and left, or killed while it is open: no draft, no revision, the list as before."""
    before = records.list_records(reporter)
    written = writing.open_report(reporter, str(number))
    assert written.follows and written.writer.snapshot().answers["title"] == ANSWERS["title"]
    seen = writing.review(reporter, number)
    assert seen.unchanged and not seen.ready and not seen.problems and seen.lanes[0].answers
    assert not writing.abandon(reporter, number)
    assert records.list_records(reporter) == before and revisions(reporter, number) == 1
    again = world.after_crash(reporter)
    assert not again.vault.drafts.has(number) and records.list_records(again) == before


def test_the_first_change_begins_the_draft(world: World, reporter: Session, number: int) -> None:
    """It is in the vault with its way back to what was finished, and makes one revision more."""
    retitled(reporter, writing.open_report(reporter, str(number)), "Changed")
    again = world.after_crash(reporter)
    assert records.list_records(again)[0].has_draft
    opened = writing.open_report(again, str(number))
    assert opened.follows and opened.writer.snapshot().answers["title"] == "Changed"
    assert opened.writer.undo() is not None
    assert opened.writer.snapshot().answers["title"] == ANSWERS["title"]
    assert not writing.review(again, number).unchanged
    assert not writing.abandon(again, number)
    writing.finish(again, number)
    assert revisions(again, number) == 2


@pytest.mark.parametrize("way", ["app", "command line"])
def test_nothing_unchanged_is_signed(world: World, reporter: Session, number: int, way: str) -> None:
    """What was changed and changed back has nothing to sign; leaving drops it, for a while not for good."""
    written = writing.open_report(reporter, str(number))
    retitled(reporter, written, "Changed")
    world.time.now += STEP_SECONDS
    retitled(reporter, written, str(ANSWERS["title"]))
    seen = writing.review(reporter, number)
    assert seen.unchanged and not seen.ready
    with pytest.raises(InputProblem, match="nothing to sign"):
        if way == "app":
            writing.finish(reporter, number, edition=seen.edition)
        else:
            capture.finish(reporter, str(number))
    assert writing.abandon(reporter, number)
    assert not records.list_records(reporter)[0].has_draft and revisions(reporter, number) == 1
    assert discarding.restore(reporter) == number
    opened = writing.open_report(reporter, str(number)).writer
    assert opened.undo() is not None and opened.snapshot().answers["title"] == "Changed"


def test_unread_words_are_a_change(reporter: Session, number: int) -> None:
    """The control: words that are no answer yet are kept, and keep the draft."""
    written = writing.open_report(reporter, str(number))
    written.writer.write(("end",), "three moons ago")
    writing.store(reporter, number, written.writer.snapshot())
    assert not writing.review(reporter, number).unchanged
    assert not writing.abandon(reporter, number) and reporter.vault.drafts.has(number)


@pytest.mark.parametrize("finished", [False, True])
def test_two_windows_on_a_finished_report(reporter: Session, number: int, finished: bool) -> None:
    """Whoever writes first has the draft; the other one's words go into a report of their own."""
    one, two = (writing.open_report(reporter, str(number)) for _ in range(2))
    retitled(reporter, one, "window one")
    if finished:
        writing.finish(reporter, number)
    with pytest.raises(KeptApart) as apart:
        retitled(reporter, two, "window two")
    assert reporter.vault.drafts.load(apart.value.number).draft.title == "window two"
    retitled_again = records.show(reporter, str(number)).answers["title"]
    assert retitled_again == "window one"


def test_a_window_goes_on_after_its_first_store(reporter: Session, number: int) -> None:
    """Store after store of one window stays in one draft."""
    written = writing.open_report(reporter, str(number))
    for text in ("one", "two", "three"):
        retitled(reporter, written, text)
    assert [line.number for line in records.list_records(reporter)] == [number]
    assert reporter.vault.drafts.load(number).draft.title == "three"


def test_a_withdrawn_report_comes_back_as_it_was(reporter: Session, number: int) -> None:
    """Bringing it back is a change, though no word is."""
    capture.withdraw(reporter, str(number), "sent by mistake")
    writing.open_report(reporter, str(number))
    seen = writing.review(reporter, number)
    assert seen.brings_back and seen.ready and not reporter.vault.drafts.has(number)
    writing.finish(reporter, number, edition=seen.edition)
    assert revisions(reporter, number) == 3
    assert not writing.review(reporter, number).brings_back
