"""Exchanging again and again: when the next exchange begins, and when somebody has to decide first."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from enum import Enum

LOOK_SECONDS = 3.0
"""How often it is looked whether something waits."""

FIRST_WAIT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 900.0
"""After a failure the wait doubles from the first to the longest, so that a dead link costs little."""

NEWS_SECONDS = 900.0
"""How often news is asked for while nothing waits to be sent: an exchange costs about two kilobytes."""


class Patience:
    """How long to wait after exchanges that did not bring what they were for. `jitter` is in [0, 1)."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self.failures = 0

    def after(self, *, well: bool) -> float:
        """Seconds to wait after an exchange; none after one that went well."""
        self.failures = 0 if well else self.failures + 1
        if well:
            return 0.0
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * (1 << min(self.failures - 1, 10)))
        return longest * (0.5 + self._jitter() / 2)


class Outcome(Enum):
    """How an exchange ended, for whoever begins the next one."""

    WELL = "well"
    FAILED = "failed"
    """The link: try again later."""
    OVER = "over"
    """Somebody has to decide before there is another one."""


def watch(
    once: Callable[[], Outcome],
    *,
    due: Callable[[], bool],
    news_seconds: float,
    stop: threading.Event,
    patience: Patience | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Exchange now, then whenever something is due or `news_seconds` have gone by, until `stop` or OVER."""
    patient = patience or Patience()
    while not stop.is_set():
        outcome = once()
        if outcome is Outcome.OVER:
            return
        began = monotonic()
        # What went well and left something behind would be begun again at once, and again.
        pause = patient.after(well=outcome is Outcome.WELL and not due())
        if stop.wait(pause):
            return
        while not pause and not due() and monotonic() - began < news_seconds:
            if stop.wait(LOOK_SECONDS):
                return
