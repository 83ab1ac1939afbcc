"""Sync and pull: what is said of a report is true at each step, whatever the link does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.actions import capture, enrol, exchange, records, status
from fieldkit.actions.admitting import signed
from fieldkit.actions.errors import (
    InputProblem,
    LinkProblem,
    LockedProblem,
    RefusedProblem,
    UsageProblem,
)
from fieldkit.actions.session import Session
from fieldkit.actions.turn import LAST_SPEED
from fieldkit.actions.weighing import CONNECTION_BYTES, EPOCH_BYTES
from fieldkit.vault.errors import VaultError
from fieldkit.vault.keys import Purpose
from sync.protocol.directory import sign_directory
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN
from sync.protocol.kinds import Key, Kind
from sync.protocol.signing import SigningKey
from tests.actions.world import CANARY, SOURCED, World, glyph, only, report


def test_each_state_is_true(world: World, first: Session, reporter: Session) -> None:
    """Draft, waiting, received, delivered: each mark comes with its proof and not before."""
    number = capture.new_draft(reporter, SOURCED).number
    assert glyph(reporter) == "✎"
    capture.finish(reporter, str(number))
    assert glyph(reporter) == "⇅"
    sent = exchange.sync(reporter)
    assert (glyph(reporter), sent.waiting_frames, sent.confirmed_frames) == ("✓", 0, sent.sent_frames)
    pulled = exchange.pull(first)
    assert (pulled.incidents_new, pulled.acknowledged_frames, glyph(reporter)) == (1, 4, "✓")
    again = exchange.sync(reporter)
    assert (glyph(reporter), again.delivered_now) == ("✓✓", 1)
    assert exchange.sync(reporter).delivered_now == 0


@pytest.mark.parametrize("cut", ["dead", "deaf", "up", "down"])
def test_cut_leaves_it_waiting(world: World, first: Session, reporter: Session, cut: str) -> None:
    """Sent but not receipted is waiting, also when the server has it; the next link finds out."""
    report(reporter)
    if cut in ("dead", "deaf"):
        setattr(world.network, cut, True)
    else:
        setattr(world.network, f"cut_{cut}", 100)
    with pytest.raises(LinkProblem) as caught:
        exchange.sync(reporter)
    assert caught.value.hint
    assert (glyph(reporter), status.status(reporter).last_try_failed) == ("⇅", True)
    world.network.mend()
    assert exchange.sync(reporter).waiting_frames == 0
    assert (glyph(reporter), status.status(reporter).last_try_failed) == ("✓", False)
    exchange.pull(first)
    assert len(records.list_records(first)) == 1


def test_killed_between_sealing_and_sending(world: World, first: Session, reporter: Session) -> None:
    """What was sealed is sent as it is by the next process."""
    report(reporter)
    world.network.dead = True
    with pytest.raises(LinkProblem):
        exchange.sync(reporter)
    sealed = [frame.raw for frame in reporter.vault.delivery.pending(1 << 20)]
    world.network.mend()
    later = world.after_crash(reporter)
    assert exchange.sync(later).waiting_frames == 0
    body = world.network.posts[-1][1]
    assert sealed and all(raw in body for raw in sealed)


def test_killed_between_storing_and_reading(world: World, first: Session, reporter: Session) -> None:
    """A pull that stored its frames and died is finished by the next one, without asking for them again."""
    report(reporter)
    exchange.sync(reporter)
    world.network.only = lambda path: path == "/v1/sync"
    world.network.dead = True
    with pytest.raises(LinkProblem):
        exchange.pull(first)  # everything came; telling the reporter failed
    assert only(first).glyph == "✓"
    world.network.mend()
    exchange.sync(first)
    exchange.sync(reporter)
    assert glyph(reporter) == "✓✓"


def test_what_came_before_a_cut_is_read(world: World, first: Session, reporter: Session) -> None:
    """A link that never lives for a whole pull still brings reports, page by page."""
    for number in range(4):
        report(reporter, title=f"Report {number}")
    exchange.sync(reporter)
    world.network.cut_down, world.network.lives = 4_000, 1
    with pytest.raises(LinkProblem):
        exchange.pull(first)
    assert 0 < len(records.list_records(first)) < 4
    world.network.mend()
    exchange.pull(first)
    assert len(records.list_records(first)) == 4
    exchange.sync(reporter)
    assert {glyph(reporter, number) for number in range(1, 5)} == {"✓✓"}


def test_dry_run_connects_to_nobody(world: World, first: Session, reporter: Session) -> None:
    """It tells what waits and about what it costs, seals nothing and opens no connection."""
    report(reporter, SOURCED)
    before = len(world.network.connections)
    told = exchange.sync(reporter, dry_run=True)
    assert (told.dry_run, told.waiting_frames, len(world.network.connections)) == (True, 2, before)
    assert reporter.vault.delivery.pending_totals() == (0, 0)
    sent = exchange.sync(reporter).sent_bytes
    assert abs(told.sent_bytes + 2 * EPOCH_BYTES - sent) < 100
    assert told.beside_bytes == 2 * EPOCH_BYTES + CONNECTION_BYTES and told.seconds == 0
    reporter.vault.identities.set_progress(LAST_SPEED, 100)
    again = exchange.sync(reporter, dry_run=True)
    assert (again.sent_bytes, again.beside_bytes) == (0, CONNECTION_BYTES)
    assert again.seconds == CONNECTION_BYTES / 100


def test_cap_that_allows_nothing_is_no_exchange(world: World, first: Session, reporter: Session) -> None:
    """With too small a cap nothing moves, and nothing says that something did."""
    last = status.status(reporter).last_sync
    world.time.pass_by(seconds=60)
    report(reporter)
    told = exchange.sync(reporter, max_bytes=10)
    assert (told.requests, told.waiting_frames, glyph(reporter)) == (0, 2, "⇅")
    assert status.status(reporter).last_sync == last


def test_cap_covers_everything_a_coordinator_does(world: World, first: Session) -> None:
    """The cap is for the whole command: sending, the admin lane, certifying."""
    exchange.sync(world.joiner(first, "north"))
    told = exchange.sync(first, max_bytes=6_000)
    assert told.bytes_up + told.bytes_down <= 6_000
    assert told.waiting_frames and exchange.sync(first).waiting_frames == 0


def test_a_week_away_asks_for_the_directory_first(world: World, first: Session, reporter: Session) -> None:
    """After a week, and after the clock was set back, nothing is sealed before the newest directory came."""
    report(reporter)
    world.time.pass_by(days=8)
    assert exchange.sync(reporter).requests == 2
    report(reporter, title="Another")
    world.time.pass_by(days=-30)
    assert exchange.sync(reporter).requests == 2
    report(reporter, title="A third")
    assert exchange.sync(reporter).requests == 1


def test_first_sync_long_after_joining(world: World, first: Session) -> None:
    """Joined a week ago and never synced: the directory is fetched before anything is sealed."""
    north = world.joiner(first, "north")
    report(north)
    world.time.pass_by(days=9)
    told = exchange.sync(north)
    assert (told.requests, told.waiting_frames) == (2, 0)


def test_heartbeat_comes_after_a_quiet_day(world: World, first: Session, reporter: Session) -> None:
    """A day without a record sends one heartbeat; the next sync of that day sends nothing."""
    world.time.pass_by(days=2)
    assert exchange.sync(reporter).sent_frames == 2
    assert exchange.sync(reporter).sent_frames == 0
    assert exchange.pull(first).records_verified == 1
    assert records.list_records(first) == []


def test_pull_is_for_coordinators(world: World, first: Session, reporter: Session) -> None:
    """A reporter, and a coordinator nobody certified, are told so and not that there is no news."""
    with pytest.raises(UsageProblem, match="only coordinators"):
        exchange.pull(reporter)
    newcomer = world.joiner(first, "second", "coordinator")
    with pytest.raises(UsageProblem, match="not certified"):
        exchange.pull(newcomer)
    exchange.sync(first)
    assert exchange.pull(newcomer).lanes["admin"] > 0


def test_uncertified_coordinator_may_send(world: World, first: Session) -> None:
    """Its reports arrive at once, and are opened once somebody certified it."""
    newcomer = world.joiner(first, "second", "coordinator")
    report(newcomer)
    assert exchange.sync(newcomer).waiting_frames == 0
    assert (glyph(newcomer), exchange.pull(first).certified) == ("✓", ("second",))
    assert only(first).author == "second"


def test_another_reader_hides_nothing(world: World, first: Session, reporter: Session) -> None:
    """A second process that reads delays the erasing of traces, not the truth about what was sent."""
    other = world.after_crash(reporter).vault._database
    report(reporter)  # after the other one was opened, which folds the log in
    reporter.vault._database.run("PRAGMA busy_timeout = 20")
    other.run("BEGIN")
    other.rows("SELECT count(*) FROM incident")
    with pytest.raises(VaultError):
        reporter.vault.clear_traces()
    assert exchange.sync(reporter).waiting_frames == 0
    other.run("ROLLBACK")


def test_two_exchanges_at_once_are_refused(world: World, first: Session, reporter: Session) -> None:
    """The second names the first, and changes nothing."""
    other = world.after_crash(reporter)
    with reporter.vault.exchange("pull", now=world.time.now), pytest.raises(LockedProblem, match="`pull`"):
        exchange.sync(other)


def test_no_organisation_is_said(world: World) -> None:
    """Before joining, sync, its dry run and pull say what to do."""
    alone = world.laptop("alone")
    for verb in (exchange.sync, lambda session: exchange.sync(session, dry_run=True), exchange.pull):
        with pytest.raises(InputProblem, match="no organisation"):
            verb(alone)


def test_refused_report_is_finished_again(world: World, first: Session, reporter: Session) -> None:
    """What a server refused for good is not told for ever once a newer revision has taken its place."""
    number = str(report(reporter))
    world.network.dead = True
    with pytest.raises(LinkProblem):
        exchange.sync(reporter)
    world.network.mend()
    for frame in reporter.vault.delivery.pending(1 << 20):
        reporter.vault.delivery.keep_refusal(MAIN, frame.sequence, int(Refusal.MALFORMED))
    hints = [found.hint or "" for found in status.doctor(world.folder, reporter)]
    assert any("finish it again" in hint for hint in hints)
    world.time.pass_by(seconds=60)
    capture.edit(reporter, number, {"narrative": "Once more."})
    capture.finish(reporter, number)
    assert (only(reporter).stuck, glyph(reporter)) == (False, "⇅")
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(reporter)
    assert glyph(reporter) == "✓✓"
    states = [line.state for line in records.show(reporter, number).revisions]
    assert states == ["waiting", "delivered"]


def test_server_that_forgot_the_organisation(world: World, first: Session) -> None:
    """A refusal of the whole request is one, with what to do; nothing counts as received."""
    lost = World(world.folder / "other", world.template)
    try:
        report(first)
        first.connect = lost.network.connect
        lost.site.log_key, lost.site.pins = world.site.log_key, world.site.pins
        with pytest.raises(RefusedProblem) as caught:
            exchange.sync(first)
        assert caught.value.hint and glyph(first) == "⇅"
    finally:
        lost.close()


def test_same_report_edited_and_synced_twice(world: World, first: Session, reporter: Session) -> None:
    """Each sync sends one revision; both coordinators see one incident with the newest words."""
    second = world.coordinator(first)
    number = report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    for words in ("Four shells.", "Five shells."):
        world.time.pass_by(seconds=60)
        capture.edit(reporter, str(number), {"narrative": words})
        capture.finish(reporter, str(number))
        exchange.sync(reporter)
    for session in (first, second):
        exchange.pull(session)
        view = records.show(session, only(session).incident or "")
        assert (view.answers["narrative"], len(view.revisions), view.divided) == ("Five shells.", 3, False)
    exchange.sync(reporter)
    assert glyph(reporter) == "✓✓"


def test_server_sees_no_words(world: World, first: Session, reporter: Session) -> None:
    """Nothing that was written passes the wire in the clear, nor a member's name."""
    report(reporter, SOURCED)
    exchange.sync(reporter)
    exchange.pull(first)
    passed = b"".join(body for _, body in world.network.posts)
    for word in (CANARY, "Mockbridge", "Three shells", "north", "Test Watch"):
        assert word.encode() not in passed


def test_delivery_needs_as_many_as_the_policy_says(world: World, first: Session, reporter: Session) -> None:
    """With k = 2 one coordinator's acknowledgement is not delivery."""
    second = world.coordinator(first)
    held = first.vault.documents.directory().directory
    newer = replace(held, version=held.version + 1, delivered_by=2)
    raw = sign_directory(newer, [SigningKey.from_bytes(first.vault.keys.require(Purpose.DIRECTORY))])
    first.vault.documents.keep([], raw, now=world.time.now)
    make = signed(enrol.device_key(first), Kind.DIRECTORY, {Key.VERSION: newer.version}, raw)
    first.vault.outbox.append(ADMIN, make, now=world.time.now)
    exchange.sync(first)
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(reporter)
    assert glyph(reporter) == "✓"
    exchange.pull(second)
    exchange.sync(reporter)
    assert glyph(reporter) == "✓✓"
