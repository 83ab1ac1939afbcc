"""The system's clock as the engine's port."""

from __future__ import annotations

import time


class SystemClock:
    """Wall clock in UTC seconds, a monotonic one, and sleep."""

    def now(self) -> int:
        """UTC seconds, as the laptop believes them."""
        return int(time.time())

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
