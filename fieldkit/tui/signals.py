"""Locks when the terminal goes away or the program is stopped (threat model R8)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
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


@dataclass(slots=True)
class _Turn:
    """What signals have to wait for, and those that wait."""

    depth: int = 0
    waiting: list[Callable[[], None]] = field(default_factory=list)


_turn = _Turn()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, what a signal would do waits for the end: a store must not be entered again in its middle.

    Two signals often come together: a shell sends one, and the terminal another.
    """
    if threading.current_thread() is not threading.main_thread():
        # Only there are signals handled.
        yield
        return
    _turn.depth += 1
    try:
        yield
    finally:
        _turn.depth -= 1
        if not _turn.depth:
            waiting, _turn.waiting = _turn.waiting, []
            for act in waiting:
                act()


def put_off(act: Callable[[], None]) -> bool:
    """For a signal's handler: whether something is undisturbed now, behind which this is done then."""
    if _turn.depth:
        _turn.waiting.append(act)
    return bool(_turn.depth)


@contextmanager
def locking_on_signals(leave: Callable[[int], None], lock: Callable[[], None]) -> Iterator[None]:
    """While inside: `leave` on signals after which nothing follows, `lock` before being put to sleep."""
    before: dict[int, Handler] = {}

    def on_going(number: int, frame: FrameType | None) -> None:
        if put_off(partial(on_going, number, None)):
            return
        leave(number)
        if hasattr(signal, WAKING):
            # Textual would take this for the end of a sleep, and begin to draw on a terminal that is gone.
            waking = signal.Signals[WAKING]
            before.setdefault(waking, signal.signal(waking, _nothing))

    def on_stopping(number: int, frame: FrameType | None) -> None:
        if put_off(partial(on_stopping, number, None)):
            return
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
