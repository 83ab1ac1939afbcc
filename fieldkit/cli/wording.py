"""Figures as people read them: sizes, times, counts. For lines, never for --json."""

from __future__ import annotations

import time

from sync.client.plan import State

KILO = 1000
"""Bytes in a kilobyte, as links and prices are counted."""

_UNITS = ("bytes", "KB", "MB", "GB")


def size(count: int) -> str:
    """`840 bytes`, `4.1 KB`."""
    amount, unit = float(count), 0
    while amount >= KILO and unit < len(_UNITS) - 1:
        amount, unit = amount / KILO, unit + 1
    return f"{count} {_UNITS[0]}" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"


def moment(seconds: int | None, *, zone: bool = False) -> str:
    """A time by this machine's clock and zone: `2026-10-03 14:05`; `never` when there is none.

    With `zone` it says which (`UTC+0300`), for whoever reads it elsewhere.
    """
    if seconds is None:
        return "never"
    try:
        told = time.strftime("%Y-%m-%d %H:%M UTC%z" if zone else "%Y-%m-%d %H:%M", time.localtime(seconds))
        return told.removesuffix("+0000")
    except (OverflowError, ValueError, OSError):
        return "an impossible time"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 report`, `3 reports`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def phase_words(phase: State) -> str:
    """A phase of the link. Its end is not the end: what came is then verified, opened and stored."""
    return "going through what came" if phase is State.DONE else phase.value
