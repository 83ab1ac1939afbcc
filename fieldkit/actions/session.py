"""An opened vault with the clock and the randomness that every use case gets from here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import TracebackType

from fieldkit.actions.network import Connect, Lines, PinnedTransport, nowhere, over_https
from fieldkit.actions.open_hands import OpenHands
from fieldkit.vault.vault import Vault
from sync.client.clock import SystemClock
from sync.client.ports import Clock as EngineClock

HOUR = 3_600
"""Seconds: what directories, invites and receipts count time in."""

Clock = Callable[[], int]
"""UTC seconds by this machine's clock, which may be wrong by years."""

Random = Callable[[int], bytes]
"""Gives that many random bytes of the operating system."""


def system_clock() -> int:
    """This machine's clock."""
    return int(time.time())


@dataclass(slots=True, kw_only=True)
class Session:
    """One unlocked vault. Leaving the `with` block locks it."""

    vault: Vault
    clock: Clock = system_clock
    random: Random = field(default=os.urandom, repr=False)
    connect: Connect = field(default=over_https, repr=False)
    engine_clock: EngineClock = field(default_factory=SystemClock, repr=False)
    lines: Lines = field(default_factory=Lines, repr=False)
    """Its connections, wherever they are used."""
    open_hands: OpenHands = field(default_factory=OpenHands, repr=False)
    """The windows in which drafts are being written."""
    weights: dict[int, int] = field(default_factory=dict, repr=False)
    """Bytes that records which are still to be sealed will weigh as frames, by their number in the queue."""

    def __post_init__(self) -> None:
        if self.vault.practice:
            # Below every road out: whoever forgets to ask, or is taught to, still reaches nobody.
            self.connect = nowhere

    def now(self) -> int:
        """UTC seconds."""
        return self.clock()

    def utc_offset(self) -> int:
        """Minutes east of UTC here, now."""
        local = datetime.fromtimestamp(self.now(), UTC).astimezone()
        offset = local.utcoffset()
        return 0 if offset is None else int(offset.total_seconds() // 60)

    def today(self) -> date:
        """The day it is here, by this laptop's calendar."""
        return (datetime.fromtimestamp(self.now(), UTC) + timedelta(minutes=self.utc_offset())).date()

    @contextmanager
    def connected(
        self, address: str, pins: tuple[bytes, ...] | None, proxy: str | None
    ) -> Iterator[PinnedTransport]:
        """A transport, as `network.Connect` gives it; a lock ends it."""
        with self.connect(address, pins, proxy) as transport, self.lines.held(transport):
            yield transport

    def lock(self) -> None:
        """End its connections, close the database and drop the keys."""
        self.lines.end()
        self.vault.lock()

    close = lock

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lock()
