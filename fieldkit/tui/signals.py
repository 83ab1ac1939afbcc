"""Locks when the terminal goes away or the program is stopped (threat model R8)."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None
"""What Python keeps for a signal."""

GOING = ("SIGHUP", "SIGTERM")
"""The terminal closed, or the system ends the program."""

STOPPING = "SIGTSTP"
"""The program is put to sleep; its memory stays."""

WAKING = "SIGCONT"
"""Comes after a sleep, and also together with SIGHUP when a terminal closes."""


@contextmanager
def locking_on_signals(leave: Callable[[int], None], lock: Callable[[], None]) -> Iterator[None]:
    """While inside: `leave` on signals after which nothing follows, `lock` before being put to sleep."""
    before: dict[int, Handler] = {}

    def on_going(number: int, frame: FrameType | None) -> None:
        leave(number)
        if hasattr(signal, WAKING):
            # Textual would take this for the end of a sleep, and begin to draw on a terminal that is gone.
            waking = signal.Signals[WAKING]
            before.setdefault(waking, signal.signal(waking, _nothing))

    def on_stopping(number: int, frame: FrameType | None) -> None:
        lock()
        following = before[number]
        if callable(following):
            following(number, frame)

    for name in (*GOING, STOPPING):
        number = getattr(signal, name, None)
        if number is not None:
            handler = on_stopping if name == STOPPING else on_going
            before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _nothing(number: int, frame: FrameType | None) -> None:
    """Not SIG_IGN: Python complains when it finds that for a signal it has already taken."""
