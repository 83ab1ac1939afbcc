"""How far each report has come on its way, put together from the vault's queue and an exchange's progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldkit.model.state import State
from fieldkit.model.text import clean
from fieldkit.tui.ports.link import QueueLine, Stage

if TYPE_CHECKING:
    from fieldkit.actions.outlook import Queued
    from sync.client.status import Status

KEPT = 100
"""Confirmed reports that are remembered, the latest: more than a screen shows."""

LEAVING = ("SENDING", "WAITING", "STORING")
"""Phases of an exchange in which frames leave: before, while it connects, none has."""

Place = tuple[int, bytes, int]


class Journey:
    """The queue, and what left it since the vault was opened. For one thread at a time.

    `queue` and `states` ask the vault: what waits in sending order, and how far reports have come.
    """

    def __init__(
        self,
        queue: Callable[[], Sequence[Queued]],
        states: Callable[[Iterable[int]], Mapping[int, State]],
    ) -> None:
        self._ask_queue = queue
        self._ask_states = states
        self._queue: tuple[Queued, ...] = ()
        self._settled: dict[int, QueueLine] = {}
        self._going: dict[Place, int] = {}
        self._request: object = None
        self._leaving = False
        self._through = 0
        self._confirmed = 0

    def look(self) -> int:
        """Ask what waits. What waits no more and is confirmed is settled; returns how many reports now."""
        before = {one.number: one for one in self._queue if one.number is not None}
        self._queue = tuple(self._ask_queue())
        waiting = {one.number for one in self._queue}
        gone = {number: one for number, one in before.items() if number not in waiting}
        # What is settled and waits again was finished anew, or a restored server lost it.
        self._settled = {number: line for number, line in self._settled.items() if number not in waiting}
        states = self._ask_states([*gone, *self._settled]) if gone or self._settled else {}
        for number, one in gone.items():
            if states.get(number) in (State.RECEIVED, State.DELIVERED):
                self._settled[number] = _line(one, gone=one.size, stage=Stage.RECEIVED)
        for number, line in self._settled.items():
            if states.get(number) is State.DELIVERED:
                self._settled[number] = _at(line, Stage.DELIVERED)
        for number in list(self._settled)[:-KEPT]:
            del self._settled[number]
        return len(gone.keys() & self._settled.keys())

    def take(self, status: Status) -> bool:
        """Take an exchange's progress; whether reports may have changed."""
        self._through = status.through
        self._leaving = self._leaving or status.phase.name in LEAVING
        if status.going is not self._request:
            self._request = status.going
            self._leaving = status.phase.name in LEAVING
            self._going = {(one.lane, one.incarnation, one.sequence): one.end for one in status.going}
            # What was sealed for this request has its places only now.
            self.look()
        if status.frames_confirmed != self._confirmed:
            self._confirmed = status.frames_confirmed
            self.look()
            return True
        return False

    def rest(self) -> int:
        """No exchange runs any more. Returns what `look` does."""
        self._going, self._request, self._through, self._confirmed = {}, None, 0, 0
        self._leaving = False
        return self.look()

    def queue(self) -> tuple[QueueLine, ...]:
        """What waits, in sending order."""
        return tuple(self._drawn(one) for one in self._queue)

    def settled(self) -> tuple[QueueLine, ...]:
        """What was confirmed, the latest first."""
        return tuple(reversed(self._settled.values()))

    def _drawn(self, one: Queued) -> QueueLine:
        going = [(size, self._going[place]) for place, size in one.frames if place in self._going]
        gone = sum(max(0, min(size, self._through - (end - size))) for size, end in going)
        if going and self._leaving:
            whole = one.sealed and len(going) == len(one.frames)
            through = whole and all(end <= self._through for _, end in going)
            stage = Stage.SENT if through else Stage.GOING
        else:
            stage = Stage.TRIED if one.tried else Stage.HERE
        return _line(one, gone=gone, stage=stage)


def _line(one: Queued, *, gone: int, stage: Stage) -> QueueLine:
    return QueueLine(
        number=one.number,
        title=clean(one.title, one_line=True),
        urgency=one.urgency,
        hurried=one.hurried,
        withdraws=one.withdraws,
        size=one.size,
        gone=gone,
        stage=stage,
    )


def _at(line: QueueLine, stage: Stage) -> QueueLine:
    return replace(line, stage=stage)
