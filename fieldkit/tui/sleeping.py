"""Notices that the whole machine was asleep: its lid was closed, and nobody told the program (R8)."""

from __future__ import annotations

import time
from collections.abc import Callable

SLEPT_SECONDS = 5.0
"""A machine that stood still for longer was asleep; clocks that are set by less are left alone."""


def asleep() -> float:
    """Seconds this machine has slept, counted from some moment; only what is added to it means anything.

    Where the system does not count them, a clock that was set looks the same: then a vault locks for nothing.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    whole = time.time() if clock is None else time.clock_gettime(clock)
    return whole - time.monotonic()


class Sleep:
    """Asked now and then whether the machine has slept since it was asked last."""

    def __init__(self, slept: Callable[[], float] = asleep) -> None:
        self._slept = slept
        self._last = slept()

    def woke(self) -> bool:
        """Whether it has."""
        last, self._last = self._last, self._slept()
        return self._last - last > SLEPT_SECONDS
