"""The exchange with the server, both ways: what a reporter's or coordinator's `sync` and `pull` do."""

from __future__ import annotations

import threading
import time

from fieldkit.actions import set_back
from fieldkit.actions.admitting import Admitted
from fieldkit.actions.copies import contradictions, doubts
from fieldkit.actions.errors import UsageProblem, in_plain_words
from fieldkit.actions.exchange_reports import PullReport, SyncReport
from fieldkit.actions.joining_later import join_kept
from fieldkit.actions.opening import Progress, open_turn
from fieldkit.actions.reading import Tally
from fieldkit.actions.session import Session
from fieldkit.actions.sweeping import swept_seldom
from fieldkit.actions.turn import LAST_SPEED, Turn, waiting
from fieldkit.actions.weighing import load
from fieldkit.vault.inbox import EntryState
from sync.protocol.ids import Device
from sync.protocol.kinds import Role

__all__ = ["PullReport", "SyncReport", "pull", "sync"]


def sync(
    session: Session,
    *,
    max_bytes: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> SyncReport:
    """Send what waits and take what came. A coordinator's sync also certifies whoever joined.

    `stop` may be set by any thread. Raises LinkProblem when the link is gone, PausedProblem when `stop` was
    set: what was confirmed before stays so.
    """
    with in_plain_words():
        session.vault.must_be_real("send")
        if dry_run:
            return _estimate(session)
        began = time.monotonic()
        join_kept(session)
        delivered_before = _delivered(session)
        with open_turn(session, "sync", progress, max_bytes, stop) as turn:
            turn.refresh_directory()
            turn.send()
            admitted = turn.admit() if turn.coordinates else Admitted()
        totals, vault = turn.totals, session.vault
        return SyncReport(
            sent_frames=totals.sum("frames_sent"),
            sent_bytes=totals.sum("bytes_sent"),
            confirmed_frames=totals.sum("frames_confirmed"),
            requests=totals.sum("requests"),
            receipts_verified=totals.sum("receipts_verified"),
            mail=totals.sum("mail"),
            acknowledged=turn.acknowledged,
            delivered_now=max(0, _delivered(session) - delivered_before),
            waiting_frames=waiting(session),
            certified=tuple(admitted.certified),
            granted=tuple(admitted.granted),
            refused=(*totals.refusals(), *admitted.refused),
            pending=tuple(admitted.waiting),
            alarms=(*totals.alarms(), *set_back.told(session)),
            bytes_up=totals.sum("bytes_up"),
            bytes_down=totals.sum("bytes_down"),
            directory_version=vault.documents.versions()[0],
            seconds=time.monotonic() - began,
            capped=totals.capped,
        )


def pull(
    session: Session,
    *,
    max_bytes: int | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> PullReport:
    """Fetch every lane this coordinator reads, open and verify what came, and acknowledge it.

    Raises UsageProblem on a laptop that reads nothing; otherwise as `sync`. What came before a link broke is
    read all the same.
    """
    with in_plain_words():
        began = time.monotonic()
        session.vault.must_be_real("fetch anything")
        if session.vault.identities.require().role is not Role.COORDINATOR:
            raise UsageProblem("only coordinators pull", "a reporter's laptop sends, with `fieldkit sync`")
        before = _positions(session)
        with swept_seldom(), open_turn(session, "pull", progress, max_bytes, stop) as turn:
            turn.refresh_directory()
            if not turn.coordinates:
                hint = "ask the coordinator who invited you to sync, then pull again"
                raise UsageProblem("this laptop is not certified as a coordinator yet", hint)
            tally, admitted, told = turn.pull_and_read()
        return _pulled(session, turn, before, (tally, admitted, told), seconds=time.monotonic() - began)


def _pulled(
    session: Session,
    turn: Turn,
    before: dict[str, int],
    came: tuple[Tally, Admitted, dict[Device, int]],
    *,
    seconds: float,
) -> PullReport:
    """What a pull brought; `before` are the positions it began at."""
    totals, after = turn.totals, _positions(session)
    tally, admitted, told = came
    return PullReport(
        lanes={name: max(0, after[name] - before.get(name, 0)) for name in after},
        records_verified=tally.verified,
        incidents_new=tally.incidents_new,
        awaiting_key=session.vault.inbox.waiting(EntryState.AWAITING_KEY),
        unopened_pending=session.vault.inbox.waiting(EntryState.AWAITING_MEMBER),
        refused=tally.refused,
        gaps=tuple(
            f"{gap.device.hex()[:8]}: {gap.first} to {gap.last} in lane {gap.lane}"
            for gap in session.vault.inbox.gaps()
        ),
        forks=contradictions(session),
        alarms=(
            *totals.alarms(),
            *doubts(session),
            *set_back.told(session),
            *totals.refusals(),
            *admitted.refused,
        ),
        acknowledged_frames=sum(told.values()),
        acknowledged_to=_by_name(session, told),
        offered_frames=turn.offered,
        certified=tuple(admitted.certified),
        granted=tuple(admitted.granted),
        pending=tuple(admitted.waiting),
        checkpoints_verified=totals.sum("checkpoints_verified"),
        requests=totals.sum("requests"),
        bytes_up=totals.sum("bytes_up"),
        bytes_down=totals.sum("bytes_down"),
        seconds=seconds,
        capped=totals.capped,
    )


def _estimate(session: Session) -> SyncReport:
    """What a sync would send, without connecting or sealing."""
    vault = session.vault
    vault.identities.require()
    weight, speed = load(session), vault.identities.progress(LAST_SPEED)
    return SyncReport(
        waiting_frames=waiting(session),
        sent_bytes=weight.reports,
        beside_bytes=weight.beside,
        seconds=weight.whole / speed if speed else 0.0,
        directory_version=vault.documents.versions()[0],
        dry_run=True,
    )


def _delivered(session: Session) -> int:
    policy = session.vault.documents.directory().directory.delivered_by
    return session.vault.records.delivered(delivered_by=policy)


def _by_name(session: Session, told: dict[Device, int]) -> tuple[tuple[str, int], ...]:
    """Whose frames were acknowledged, by the name coordinators gave the person, and how many."""
    members = {device: session.vault.members.find(device) for device in told}
    names = {device: member.name if member else "" for device, member in members.items()}
    return tuple(sorted((names[device] or device.hex()[:8], count) for device, count in told.items()))


def _positions(session: Session) -> dict[str, int]:
    """The next position wanted of every lane, by the lane's name."""
    me = session.vault.identities.require()
    directory = session.vault.documents.directory().directory
    return {
        entry.name: session.vault.feeds.cursor(me.organisation, entry.lane)[1]
        for entry in directory.lanes
        if directory.reads(me.device, entry.lane)
    }
