"""The link of a real vault: what it says while it exchanges, and what is true when it says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from fieldkit.actions import capture, exchange, records
from fieldkit.actions.session import Session
from fieldkit.tui.desks.link import VaultLink
from fieldkit.tui.ports.link import Activity, Stage, Standing
from fieldkit.tui.ports.trouble import Trouble
from tests.actions.world import ANSWERS, SOURCED, World, glyph, report

PATIENCE = 30.0
"""Seconds until a thread that does not come is a defect."""


def until(ready: Callable[[], bool]) -> None:
    """Until it is so."""
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.001)


@contextmanager
def linked(session: Session) -> Iterator[tuple[VaultLink, list[tuple[bool, Activity]]]]:
    """A link that runs, and what it told: whether reports changed, and how things stood."""
    link = VaultLink(session, look_seconds=0.005)
    told: list[tuple[bool, Activity]] = []
    link.listen(lambda changed: told.append((changed, link.activity())))
    with closing(link):
        yield link, told


def run(link: VaultLink, *, pull: bool = False) -> Activity:
    """One exchange; how things stand after it."""
    link.begin(pull=pull)
    until(lambda: not link.activity().busy)
    return link.activity()


def test_a_report_on_its_way(world: World, first: Session, reporter: Session) -> None:
    """Not sent, sending, confirmed, opened: each said when it is true, and not before."""
    number = report(reporter, SOURCED)
    with linked(reporter) as (link, told):
        view = link.view()
        assert (view.reports, view.standing, view.coordinator) == (1, Standing.MEMBER, False)
        (line,) = link.activity().queue
        assert (line.number, line.stage, line.gone) == (number, Stage.HERE, 0)
        now = run(link)
        assert now.queue == () and [line.stage for line in now.settled] == [Stage.RECEIVED]
        assert "✓ 1 report confirmed by the server" in now.news
        assert (now.error, now.word) == ("", "")
        exchange.pull(first)
        now = run(link)
        assert [line.stage for line in now.settled] == [Stage.DELIVERED]
        assert "✓✓ 1 report delivered to a coordinator" in now.news
    for changed, then in told:
        on_way = [line for line in then.queue if line.number == number]
        if any(line.stage is Stage.RECEIVED for line in then.settled):
            assert not on_way
        for line in on_way:
            assert line.stage in (Stage.HERE, Stage.GOING, Stage.SENT)
            assert line.gone <= line.size
        assert changed in (True, False)
    assert any(line.stage is Stage.GOING for _, then in told for line in then.queue)
    assert any(line.stage is Stage.SENT and line.gone > 0 for _, then in told for line in then.queue)


def test_no_answer_is_no_receipt(world: World, first: Session, reporter: Session) -> None:
    """The server took it and the answer was lost: perhaps sent, and never a tick."""
    report(reporter)
    world.network.deaf = True
    with linked(reporter) as (link, _):
        now = run(link)
        assert [line.stage for line in now.queue if line.number] == [Stage.TRIED]
        assert (now.settled, now.word) == ((), "offline")
        assert now.error and now.advice
        assert link.view().unfinished
        world.network.mend()
        now = run(link)
        assert (now.error, now.word) == ("", "")
        assert [line.stage for line in now.settled] == [Stage.RECEIVED]


def test_nothing_left_when_nobody_could_be_reached(world: World, first: Session, reporter: Session) -> None:
    """A server that cannot be reached got nothing, and that is said."""
    report(reporter)
    world.network.dead = True
    with linked(reporter) as (link, _):
        now = run(link)
        assert {line.stage for line in now.queue} == {Stage.HERE}
        assert "cannot be reached" in now.error


def test_drafts_are_never_sent(world: World, first: Session, reporter: Session) -> None:
    """A draft is in no queue, and nobody else ever has it."""
    capture.new_draft(reporter, {**ANSWERS, "title": "draft"})
    report(reporter, title="finished")
    with linked(reporter) as (link, _):
        link.settle(by_itself=True)
        until(lambda: len(link.activity().settled) == 1)
        assert link.view().reports == 0
    exchange.pull(first)
    assert glyph(reporter) == "✎"
    assert [line.title for line in records.list_records(first)] == ["finished"]


def test_a_coordinator_pulls(world: World, first: Session, reporter: Session) -> None:
    """What came is told, its author is told too, by name; the author's laptop then shows two ticks."""
    number = report(reporter, SOURCED)
    exchange.sync(reporter)
    with linked(first) as (link, _):
        assert link.coordinates() and link.view().coordinator
        now = run(link, pull=True)
        assert "1 new report came" in now.news
        assert any(news.startswith("north is told: ") for news in now.news)
        assert "no new reports came" in run(link, pull=True).news
    exchange.sync(reporter)
    assert glyph(reporter, number) == "✓✓"


def test_a_coordinators_link_pulls_by_itself(world: World, first: Session, reporter: Session) -> None:
    """What was set stays set for the next time, and then nobody has to ask."""
    report(reporter)
    exchange.sync(reporter)
    with linked(first) as (link, _):
        link.settle(by_itself=True, cap=200_000)
        until(lambda: "1 new report came" in link.activity().news)
    first.lock()
    with linked(world.after_crash(first)) as (link, _):
        view = link.view()
        assert (view.by_itself, view.cap) == (True, 200_000)
        until(lambda: bool(link.activity().news))


def test_limit_on_bytes(world: World, first: Session, reporter: Session) -> None:
    """An exchange that may cost less than anything costs sends nothing and says no lie."""
    report(reporter)
    with linked(reporter) as (link, _):
        link.settle(cap=1_000)
        now = run(link)
        assert (now.settled, now.up) == ((), 0)
        assert {line.stage for line in now.queue} == {Stage.HERE}
        assert any("limit" in news for news in now.news)


def test_hurry(world: World, first: Session, reporter: Session) -> None:
    """What its owner hurries stands first, with a word."""
    report(reporter, title="urgent", urgency="life")
    calm = report(reporter, title="calm")
    with linked(reporter) as (link, _):
        link.view()
        assert [line.urgency for line in link.activity().queue] == [2, 0]
        link.hurry(calm, True)
        assert [(line.title, line.hurried) for line in link.activity().queue] == [
            ("calm", True),
            ("urgent", False),
        ]


def test_before_joining(world: World) -> None:
    """A vault of nobody says so, and asking to send is trouble in plain words."""
    alone = world.laptop("alone")
    with linked(alone) as (link, _):
        assert link.view().standing is Standing.NONE
        now = run(link)
        assert now.error and now.word == "sync failed"


def test_joining_step_by_step(world: World, first: Session) -> None:
    """Not taken, waiting for a coordinator, member: each as it comes true."""
    south = world.joiner(first, "south")
    with linked(south) as (link, _):
        assert link.view().standing is Standing.NOT_TAKEN
        run(link)
        assert link.view().standing is Standing.WAITING
        exchange.sync(first)
        run(link)
        assert link.view().standing is Standing.MEMBER


def test_what_another_program_stores_shows(world: World, reporter: Session) -> None:
    """A verb in another window: told within a look or two. Where nothing was stored nothing is told, nor what
    this program stored itself.
    """
    other = world.after_crash(reporter)
    with linked(reporter) as (link, told):
        looked = _looks(link)
        until(lambda: looked() > 3)
        capture.new_draft(reporter, {**ANSWERS, "title": "written here"})
        until(lambda: looked() > 6)
        assert told == []
        report(other, title="written in another window")
        until(lambda: bool(link.activity().queue))
        (line,) = link.activity().queue
        assert line.title == "written in another window"
        looks = looked()
        until(lambda: looked() > looks + 2)
        assert told and all(changed for changed, _ in told)
        times, looks = len(told), looked()
        until(lambda: looked() > looks + 3)
        assert len(told) == times


def _looks(link: VaultLink) -> Callable[[], int]:
    """How often the thread has looked."""
    count, real = [0], link._runner.look_beside

    def look() -> None:
        real()
        count[0] += 1

    link._runner.look_beside = look  # type: ignore[method-assign]
    return lambda: count[0]


def test_closed_vault(world: World, first: Session, reporter: Session) -> None:
    """After a lock nothing is told any more, and what is asked is trouble."""
    link = VaultLink(reporter, look_seconds=0.005)
    told: list[bool] = []
    link.listen(told.append)
    link.close()
    reporter.lock()
    before = list(told)
    link.begin()
    with pytest.raises(Trouble):
        link.view()
    assert told == before
