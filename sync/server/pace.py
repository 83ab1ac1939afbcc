"""A token bucket for requests that need no membership: enrolment is slow by nature, guessing must be."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

SECONDS_A_MINUTE: Final = 60


class Pace:
    """Lets `per_minute` requests through in a minute, of all comers together.

    Addresses are not kept (R20).
    """

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(per_minute)
        self._left = self._most
        self._clock = clock
        self._at = clock()
        self._lock = Lock()

    def allow(self) -> bool:
        """Whether one more may pass now."""
        with self._lock:
            now = self._clock()
            gained = max(0.0, now - self._at) * self._most / SECONDS_A_MINUTE
            self._left = min(self._most, self._left + gained)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
