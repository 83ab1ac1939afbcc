"""One thread that exchanges, when it is asked to or when something waits; never two exchanges at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fieldkit.actions.watching import LOOK_SECONDS, NEWS_SECONDS, Patience

LEAVE_SECONDS = 1.0
"""How long a lock waits for the thread. A network ends it in a fraction of that, and so does a closed vault;
only a long computation may go on, until it asks the vault for something.
"""


class Work(Protocol):
    """What the thread does; everything may raise anything, which counts as a failure."""

    def goes_by_itself(self) -> bool:
        """Whether exchanges begin without being asked for; asked once, at the start."""

    def exchange(self, *, pull: bool, stop: threading.Event) -> bool:
        """One exchange; whether it went well. Expected trouble is told, not raised."""

    def pulls(self) -> bool:
        """Whether an exchange that begins by itself also pulls."""

    def due(self) -> tuple[bool, bool]:
        """Whether something waits to be sent, and whether news may wait."""

    def look_beside(self) -> None:
        """Notice what another program stored in the vault; asked at every look."""

    def spent(self) -> bool:
        """Whether the last exchange ended at its limit on bytes: then somebody has to say when to go on."""

    def failed(self, fault: Exception) -> None:
        """Tell of a fault of the program."""

    def hang_up(self) -> None:
        """End what is waited for on the network, for good. From any thread."""


@dataclass(slots=True)
class _Wish:
    """What was asked for and not begun yet."""

    begin: bool = False
    pull: bool = False


class Sender:
    """The thread. `monotonic` gives seconds, `jitter` a number in [0, 1)."""

    def __init__(
        self,
        work: Work,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._work = work
        self._monotonic = monotonic
        self._patience = Patience(jitter)
        self._look_seconds = look_seconds
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._wish = _Wish()
        self._closing = False
        self._not_before = 0.0
        self._last = float("-inf")
        self._thread: threading.Thread | None = None
        self.busy = False
        self.paused = False
        self.by_itself = False
        """Whether exchanges begin without being asked for. Set it through `go_by_itself`."""

    @property
    def asked(self) -> bool:
        """Whether an exchange runs, or was asked for and begins in a moment."""
        return self.busy or self._wish.begin

    def start(self) -> None:
        """Begin to look. Until then nothing happens."""
        self._thread = threading.Thread(target=self._run, name="exchange", daemon=True)
        self._thread.start()

    def begin(self, *, pull: bool) -> None:
        """Ask for an exchange now; one that runs is enough."""
        with self._changed:
            self.paused = False
            if not self.busy:
                self._wish = _Wish(begin=True, pull=pull)
                self._changed.notify_all()

    def pause(self) -> None:
        """End the present exchange at a safe place; begin none until `begin`."""
        with self._changed:
            self.paused = True
            self._wish = _Wish()
            self._stop.set()
            self._changed.notify_all()

    def go_by_itself(self, yes: bool) -> None:
        """Whether to begin without being asked."""
        with self._changed:
            self.by_itself = yes
            self._not_before = 0.0
            self._patience.failures = 0
            self._changed.notify_all()

    def close(self) -> bool:
        """End for good, soon; whether the thread was gone in time. Again does nothing."""
        with self._changed:
            self._closing = True
            self._stop.set()
            self._changed.notify_all()
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            # A link that was only looked at: connections of the session are others' to end.
            return True
        self._work.hang_up()
        thread.join(LEAVE_SECONDS)
        return not thread.is_alive()

    def next_try(self) -> float | None:
        """Seconds until it tries again by itself after a failure; None when it does not."""
        with self._changed:
            if not self.by_itself or self.paused or self.busy or not self._patience.failures:
                return None
            return max(0.0, self._not_before - self._monotonic())

    def _run(self) -> None:
        try:
            self.go_by_itself(self._work.goes_by_itself())
        except Exception as fault:
            self._work.failed(fault)
        while True:
            with self._changed:
                if not self._closing and not self._wish.begin:
                    self._changed.wait(self._look_seconds)
                if self._closing:
                    return
                wish, self._wish = self._wish, _Wish()
                alone = self.by_itself and not self.paused and self._monotonic() >= self._not_before
            try:
                self._work.look_beside()
                if wish.begin or (alone and self._worth_it()):
                    # By itself a coordinator's laptop fetches, too, and a reporter's has nothing to fetch.
                    self._exchange(pull=wish.pull or (not wish.begin and self._work.pulls()))
            except Exception as fault:
                self._work.failed(fault)
                self._after(well=False)

    def _worth_it(self) -> bool:
        sends, awaits = self._work.due()
        return sends or (awaits and self._monotonic() - self._last >= NEWS_SECONDS)

    def _exchange(self, *, pull: bool) -> None:
        with self._changed:
            if self._closing or self.paused:
                return
            self.busy = True
            # A wish to stop is for the exchange it was made in.
            self._stop = threading.Event()
        well = False
        try:
            # What went well and left something behind would be begun again at once, and again.
            well = self._work.exchange(pull=pull, stop=self._stop) and not self._work.due()[0]
        except Exception as fault:
            self._work.failed(fault)
        self._after(well=well)

    def _after(self, *, well: bool) -> None:
        """In one step, so that nobody sees an exchange ended and its wait not yet begun."""
        with self._changed:
            exchanged, self.busy = self.busy, False
            if exchanged and self.by_itself and self._work.spent():
                self.paused = True
            self._last = self._monotonic()
            self._not_before = self._last + self._patience.after(well=well)
