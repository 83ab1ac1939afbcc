"""Where a run stands: the plan's state, the status shown to a person, and the wish to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sync.client.errors import StoppedError
from sync.client.pace import MEASURED_BYTES
from sync.client.plan import Event, State, advance
from sync.client.ports import Traffic
from sync.client.reply import Gains
from sync.client.request import Request
from sync.client.status import Going, Status


class Board:
    """Takes what happens and shows it. Progress is reported after every change; it must return quickly."""

    def __init__(self, progress: Callable[[Status], None], stop: threading.Event) -> None:
        self._progress = progress
        self._stop = stop
        self._state = State.IDLE
        self.status = Status()
        self._before = (0, 0)

    def begin(self, waiting: tuple[int, int]) -> None:
        """A new run starts; `waiting` frames and bytes are to be sent."""
        self._state = State.IDLE
        self._before = (0, 0)
        self.status = Status(frames_waiting=waiting[0], bytes_waiting=waiting[1])

    def on(self, event: Event) -> None:
        """Take the next step of the plan."""
        self._state = advance(self._state, event)
        self.show(phase=self._state)

    def show(self, **changes: Any) -> None:
        """Change fields of the status and report it."""
        self.status = replace(self.status, **changes)
        self._progress(self.status)

    def asking(self, request: Request) -> None:
        """A request is about to go out."""
        self.show(
            going=tuple(
                Going(lane=frame.lane, incarnation=frame.incarnation, sequence=frame.sequence, end=end)
                for frame, end in zip(request.frames, request.ends, strict=True)
            ),
            through=0,
        )

    def moved(self, traffic: Traffic) -> None:
        """Bytes of the present exchange moved."""
        up, down = self._before[0] + traffic.up, self._before[1] + traffic.down
        through = max(self.status.through, traffic.body)
        if (up, down, through) != (self.status.bytes_up, self.status.bytes_down, self.status.through):
            self.show(bytes_up=up, bytes_down=down, through=through)

    def attempted(self, request: Request, confirmed: int, seconds: float) -> None:
        """An exchange ended, well or not: `confirmed` bytes of its body had gone through in `seconds`."""
        through = [frame for frame, end in zip(request.frames, request.ends, strict=True) if end <= confirmed]
        self._before = (self.status.bytes_up, self.status.bytes_down)
        self.show(
            requests=self.status.requests + 1,
            frames_sent=self.status.frames_sent + len(through),
            bytes_sent=self.status.bytes_sent + sum(len(frame.raw) for frame in through),
            through=max(self.status.through, confirmed),
            speed=round(confirmed / max(seconds, 0.001))
            if confirmed >= MEASURED_BYTES
            else self.status.speed,
        )

    def gained(self, gains: Gains, waiting: tuple[int, int]) -> None:
        """Add what a reply brought; `waiting` frames and bytes are still to be sent."""
        now = self.status
        self.show(
            frames_waiting=waiting[0],
            bytes_waiting=waiting[1],
            frames_confirmed=now.frames_confirmed + gains.confirmed,
            bytes_confirmed=now.bytes_confirmed + gains.confirmed_bytes,
            receipts_verified=now.receipts_verified + gains.receipts,
            checkpoints_verified=now.checkpoints_verified + gains.checkpoints,
            mail=now.mail + gains.mail,
            entries=now.entries + gains.entries,
            documents=now.documents + gains.documents,
            refused=(*now.refused, *gains.refused),
            alarms=tuple(dict.fromkeys((*now.alarms, *gains.alarms))),
        )

    def pause_if_asked(self) -> None:
        """Raise StoppedError when somebody asked to stop."""
        if self._stop.is_set():
            raise StoppedError
