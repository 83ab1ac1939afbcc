"""How much to put into one request and how long to wait after a failure, from what the link showed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sync.protocol.limits import REQUEST_BYTES

TARGET_SECONDS: Final = 10.0
"""Seconds of link one request should fill: short enough to get its receipt before a poor link dies."""

START_BYTES: Final = 98_304
"""The first request: a hundred reports and their epoch frame (about 78 KB) leave in one, even cold.

Every request ends with a wait: a round trip, and several seconds more where its very last packet is lost. A
cut costs little, because what arrived of it counts.
"""

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
    """How many bytes to move in the next exchange: aims at ten seconds of what the link has shown."""

    size: int = START_BYTES
    floor: int = FLOOR_BYTES
    limit: int = REQUEST_BYTES

    def moved(self, size: int, seconds: float) -> Pace:
        """After an exchange that moved `size` bytes in `seconds`; a small one tells nothing."""
        if size < MEASURED_BYTES:
            return self
        aim = int(size / max(seconds, 0.001) * TARGET_SECONDS)
        return replace(self, size=self._fit(min(aim, self.size * GROWTH)))

    def broke(self, size: int, seconds: float) -> Pace:
        """After a break that came when `size` bytes had gone through in `seconds`."""
        measured = self.moved(size, seconds)
        return replace(self, size=self._fit(self.size // 2)) if measured is self else measured

    def limited(self, limit: int) -> Pace:
        """Take the request limit the other side named."""
        bounded = replace(self, limit=max(self.floor, min(limit, REQUEST_BYTES)))
        return replace(bounded, size=bounded._fit(self.size))

    def _fit(self, size: int) -> int:
        return max(self.floor, min(size, self.limit))


def wait(failures: int, jitter: float) -> float:
    """Seconds before the next try; `jitter` in [0, 1) keeps laptops from coming back together."""
    doublings = max(0, min(failures, 10) - 1)
    longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**doublings)
    return float(longest * (0.5 + jitter / 2))
