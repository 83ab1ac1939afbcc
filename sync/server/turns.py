"""Whose request is worked on next: one organisation's flood makes others wait for one turn, not for its end.

For the event loop alone, so without locks.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

SHARE_BYTES: Final = 1 << 20
"""Bodies of one organisation at work, in bytes, if they are several: about half a second of signatures."""


@dataclass(slots=True)
class _Share:
    """What one organisation has at work, and what waits."""

    count: int = 0
    size: int = 0
    waiting: deque[tuple[int, asyncio.Future[None]]] = field(default_factory=deque)

    def ready(self, most: int) -> bool:
        """Whether its next request may begin: the first always, more within its share."""
        if not self.waiting:
            return False
        within = self.count < most and self.size + self.waiting[0][0] <= SHARE_BYTES
        return not self.count or within


class Turns:
    """Gives places to who has fewest, of those in turn, and to none more than half of them."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._most = max(1, places // 2)
        self._shares: dict[bytes, _Share] = {}
        """In the order in which they are asked."""

    @asynccontextmanager
    async def turn(self, whose: bytes, size: int) -> AsyncIterator[None]:
        """A place for a request of `size` bytes, once it is the turn of `whose`."""
        share = self._shares.setdefault(whose, _Share())
        granted = asyncio.get_running_loop().create_future()
        share.waiting.append((size, granted))
        self._grant()
        try:
            await granted
        except asyncio.CancelledError:
            if not granted.cancelled():
                self._leave(whose, size)
            raise
        try:
            yield
        finally:
            self._leave(whose, size)

    def _grant(self) -> None:
        while self._free:
            ready = [one for one, share in self._shares.items() if share.ready(self._most)]
            if not ready:
                return
            whose = min(ready, key=lambda one: self._shares[one].count)
            share = self._shares[whose] = self._shares.pop(whose)  # to the end of the line
            size, granted = share.waiting.popleft()
            if not granted.cancelled():
                share.count, share.size, self._free = share.count + 1, share.size + size, self._free - 1
                granted.set_result(None)

    def _leave(self, whose: bytes, size: int) -> None:
        share = self._shares[whose]
        share.count, share.size, self._free = share.count - 1, share.size - size, self._free + 1
        if not share.count and not share.waiting:
            del self._shares[whose]
        self._grant()
