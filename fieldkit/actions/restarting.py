"""Letting the log begin anew after the server was restored from an older backup (docs/protocol.md §7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.actions.admitting import signed
from fieldkit.actions.errors import UsageProblem, in_plain_words
from fieldkit.actions.opening import Progress, open_turn
from fieldkit.actions.session import Session
from fieldkit.actions.set_back import LaneSetBack, set_back
from fieldkit.actions.turn import Turn, waiting
from fieldkit.vault.generations import SetBack
from sync.protocol.ids import ADMIN, GENERATION_BYTES, Generation
from sync.protocol.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartReport:
    """What letting the log begin anew did."""

    lanes: tuple[LaneSetBack, ...]
    offered_frames: int
    """Frames of others that the server had lost and was offered again."""
    waiting_frames: int
    refused: tuple[str, ...]
    alarms: tuple[str, ...]
    requests: int
    bytes_up: int
    bytes_down: int


def lanes_to_restart(session: Session) -> tuple[LaneSetBack, ...]:
    """What `restart_log` would do; UsageProblem where there is nothing to do, or not by this laptop."""
    with in_plain_words():
        me = session.vault.identities.require()
        entry = session.vault.documents.directory().directory.coordinator(me.device)
        if entry is None or not entry.officer:
            raise UsageProblem(
                "only a coordinator who manages members lets the log begin anew", "ask one of them"
            )
        lanes = set_back(session)
        if not lanes:
            raise UsageProblem("no lane was found set back", "`fieldkit pull` finds out; then try again")
        return lanes


def restart_log(session: Session, *, progress: Progress | None = None) -> RestartReport:
    """Let every lane that was set back begin anew: sign it, send what was lost, pull all again.

    Nothing held here is given up. Raises UsageProblem where `lanes_to_restart` does, and what a pull raises.
    """
    lanes = lanes_to_restart(session)
    with in_plain_words():
        with open_turn(session, "org restart-log", progress) as turn:
            # First what this laptop lost there: the server may have forgotten that it is a coordinator.
            turn.send()
            _sign(session, turn, session.vault.generations.set_back())
            turn.send()
            turn.pull_and_read()
        totals = turn.totals
        return RestartReport(
            lanes=lanes,
            offered_frames=turn.offered,
            waiting_frames=waiting(session),
            refused=totals.refusals(),
            alarms=totals.alarms(),
            requests=totals.sum("requests"),
            bytes_up=totals.sum("bytes_up"),
            bytes_down=totals.sum("bytes_down"),
        )


def _sign(session: Session, turn: Turn, lanes: Sequence[SetBack]) -> None:
    """Append a generation frame for each lane to the admin lane."""
    vault = session.vault
    with vault.transaction():
        for one in lanes:
            begins = Generation(session.random(GENERATION_BYTES))
            restart = vault.generations.restart(one.lane, begins)
            make = signed(turn.key, Kind.GENERATION, restart.header())
            vault.outbox.append(ADMIN, make, now=session.now())
