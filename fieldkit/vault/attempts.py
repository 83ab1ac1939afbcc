"""Unlocking slows down after five failures: against someone at the keyboard, not against a copy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fieldkit.vault.errors import TooSoon
from fieldkit.vault.platform import write_durably

FREE_FAILURES: Final = 5
"""Wrong tries without a wait: people mistype."""

LONGEST_WAIT: Final = 300
"""Seconds. The owner must never be shut out for long by somebody else's tries."""

NOTE_BYTES: Final = 64
"""The file holds two numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Failures since the last right passphrase."""

    failures: int
    last: int
    """UTC seconds of the last failure, by this machine's clock."""

    def wait(self, now: int) -> int:
        """Seconds until the next try is possible: 2, 4, 8 … after the fifth failure, at most five minutes."""
        if self.failures < FREE_FAILURES:
            return 0
        pause = min(LONGEST_WAIT, 1 << min(self.failures - FREE_FAILURES + 1, 16))
        # A clock set back must not lengthen the wait.
        return min(pause, max(0, self.last + pause - now))


def load(path: Path) -> Attempts:
    """What the file says; nothing readable counts as no failure, because removing the file is as easy."""
    try:
        with path.open("rb") as file:
            failures, last = (int(part) for part in file.read(NOTE_BYTES).split())
    except (OSError, ValueError):
        return Attempts(failures=0, last=0)
    return Attempts(failures=max(0, failures), last=last)


def check(path: Path, now: int) -> None:
    """Raise TooSoon when the last failures were too near."""
    seconds = load(path).wait(now)
    if seconds > 0:
        raise TooSoon(seconds)


def count_failure(path: Path, now: int) -> None:
    """Note one more failure, durably, before anyone is told of it."""
    content = f"{load(path).failures + 1} {now}\n".encode()
    write_durably(path, content, temporary=path.with_name(path.name + ".new"))


def forget(path: Path) -> None:
    """The right passphrase clears the count."""
    path.unlink(missing_ok=True)
