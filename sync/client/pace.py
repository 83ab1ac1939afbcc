"""How much to put into one request and how long to wait after a failure, from what the link showed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sync.protocol.limits import REQUEST_BYTES

TARGET_SECONDS: Final = 10.0
"""Seconds of link one request should fill: short enough to get its receipt before a poor link dies."""

START_BYTES: Final = 24_576
"""The first request: twenty reports and their epoch frame (about 17 KB) leave in one, even cold."""

FLOOR_BYTES: Final = 2_048
"""The smallest request aimed at; a single larger frame is still sent whole."""

MEASURED_BYTES: Final = 8_192
"""Below this a transfer tells the round trip, not the goodput, and changes nothing."""

GROWTH: Final = 8
"""The most one good measurement may multiply the size by: a burst into a buffer is not a fast link."""

FIRST_WAIT_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 60.0
"""Back-off doubles from the first to the longest wait; a radio link often comes back within seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The size of the next request and how often the link failed since something last went through."""

    size: int = START_BYTES
    limit: int = REQUEST_BYTES
    failures: int = 0

    def succeeded(self, size: int, seconds: float) -> Pace:
        """After a whole exchange that moved `size` bytes in `seconds`."""
        return replace(self._measured(size, seconds), failures=0)

    def failed(self, size: int, seconds: float) -> Pace:
        """After a break that came when `size` bytes had gone through in `seconds`."""
        measured = self._measured(size, seconds)
        if measured is self:
            measured = replace(self, size=self._fit(self.size // 2))
        return replace(measured, failures=self.failures + 1)

    def moved(self) -> Pace:
        """Something went through although the link broke: the failures before it no longer count."""
        return replace(self, failures=0)

    def limited(self, limit: int) -> Pace:
        """Take the request limit the other side named."""
        bounded = replace(self, limit=max(FLOOR_BYTES, min(limit, REQUEST_BYTES)))
        return replace(bounded, size=bounded._fit(self.size))

    def wait(self, jitter: float) -> float:
        """Seconds to wait before the next try; `jitter` in [0, 1) keeps laptops from coming back together."""
        doublings = max(0, min(self.failures, 10) - 1)
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**doublings)
        return float(longest * (0.5 + jitter / 2))

    def _measured(self, size: int, seconds: float) -> Pace:
        if size < MEASURED_BYTES:
            return self
        aim = int(size / max(seconds, 0.001) * TARGET_SECONDS)
        return replace(self, size=self._fit(min(aim, self.size * GROWTH)))

    def _fit(self, size: int) -> int:
        return max(FLOOR_BYTES, min(size, self.limit))
