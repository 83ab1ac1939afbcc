"""Brings what is written into the vault: within a second, one store after another, and before it closes.

It knows no widget: whoever shows it is told how things stand.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Protocol

from textual.timer import Timer
from textual.widget import Widget

from fieldkit.forms.views import Snapshot
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart
from fieldkit.tui.signals import undisturbed

STORE_AFTER_SECONDS = 0.5
"""From the first unsaved keystroke: with what a slow disk takes, it is in the vault within a second (R7)."""

LEAST_SECONDS = 0.01
"""A timer of no time at all fails."""

AGAIN_AFTER_SECONDS = 3.0
"""From a failure until it is tried again by itself."""


class Kept(StrEnum):
    """Where the words on the screen are."""

    SAVED = "saved"
    """In the vault, all of them."""
    WRITING = "writing"
    """Some are on their way there."""
    FAILED = "failed"
    """Some could not be stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What can be said of the words on the screen now."""

    kept: Kept
    when: int | None = None
    """UTC seconds of the last commit; None before the first one."""
    why: str = ""
    """What went wrong."""
    todo: str = ""
    """What to do about it."""
    apart: KeptApart | None = None
    """Set once the words go into another report than the one that was opened."""


class Stores(Protocol):
    """The one thing that is asked of a vault here."""

    def store(self, number: int, snapshot: Snapshot) -> int:
        """Store a draft; UTC seconds of the commit. Raises KeptApart, Trouble."""


@dataclass(slots=True)
class Autosave:
    """Keeps one draft. Everything but the storing itself happens on the screens' thread."""

    stores: Stores = field(repr=False)
    number: int
    """The report it goes to; another one once it had to be kept apart."""
    snapshot: Callable[[], Snapshot] = field(repr=False)
    """The draft as it is now. Asked only between changes, never in the middle of one."""
    owner: Widget = field(repr=False)
    """Whose timers and workers are used."""
    tell: Callable[[Standing], None] = field(repr=False)
    store_after: float = STORE_AFTER_SECONDS
    _latest: Snapshot = field(init=False, repr=False)
    _stored: int = field(init=False)
    _when: int | None = field(init=False, default=None)
    _trouble: Trouble | None = field(init=False, default=None)
    _apart: KeptApart | None = field(init=False, default=None)
    _since: float | None = field(init=False, default=None)
    _timer: Timer | None = field(init=False, default=None)
    _running: bool = field(init=False, default=False)
    _closed: bool = field(init=False, default=False)
    _one: threading.RLock = field(init=False, default_factory=threading.RLock, repr=False)
    _turn: asyncio.Event = field(init=False, default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        self._latest = self.snapshot()
        self._stored = self._latest.stamp

    @property
    def standing(self) -> Standing:
        """How things stand. `saved` is said only of what is on the screen now, after its commit."""
        if self._trouble is not None:
            why, todo = self._trouble.message, self._trouble.hint
            return Standing(kept=Kept.FAILED, when=self._when, why=why, todo=todo, apart=self._apart)
        kept = Kept.SAVED if self._latest.stamp <= self._stored else Kept.WRITING
        return Standing(kept=kept, when=self._when, apart=self._apart)

    def changed(self) -> None:
        """Something was written: it will be in the vault within a second."""
        self._latest = self.snapshot()
        if self._latest.stamp <= self._stored or self._closed:
            return
        if self._since is None:
            self._since = time.monotonic()
        self.tell(self.standing)
        if self._timer is None and not self._running:
            self._wait(self.store_after)

    def save_now(self) -> None:
        """Do not wait for the second to pass."""
        if self._latest.stamp > self._stored and not self._running and not self._closed:
            self._begin()
        else:
            self.tell(self.standing)

    async def settled(self) -> bool:
        """Wait until all words are in the vault; False when they cannot be stored."""
        while self._latest.stamp > self._stored:
            self._turn.clear()
            self.save_now()
            await self._turn.wait()
            if self._trouble is not None or self._closed:
                break
        return self._latest.stamp <= self._stored

    def close(self) -> None:
        """Store the last words here and now, and then no more. For the moment before the vault closes.

        May be called again, and from a signal handler. A store that is under way is waited for. Raises
        Trouble.
        """
        if not self._closed:
            self._latest = self.snapshot()  # with what was written in this very moment, and told nobody yet
        self._closed = True
        if threading.current_thread() is threading.main_thread():
            with suppress(Exception):
                # Timers belong to the loop, which may be gone; one that still fires finds this closed.
                self._stop_waiting()
        with undisturbed(), self._one:
            self._commit(self._latest)

    def drop(self) -> None:
        """Store nothing more, and wait for nothing: the vault is being erased. No store that is under way is
        waited for.
        """
        self._closed = True
        self._stored = self._latest.stamp
        self._stop_waiting()
        self._turn.set()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.owner.set_timer(max(LEAST_SECONDS, seconds), self._begin)

    def _stop_waiting(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()

    def _begin(self) -> None:
        self._stop_waiting()
        if self._running or self._closed:
            return
        self._running = True
        self._since = None
        # What follows in the worker's own context would not know the program its timers belong to.
        ended = partial(asyncio.get_running_loop().call_soon_threadsafe, context=copy_context())
        work = partial(self._store, self._latest, ended)
        self.owner.run_worker(work, thread=True, group="store", exit_on_error=False)

    def _store(self, snapshot: Snapshot, call: Callable[..., object]) -> None:
        """In a worker."""
        trouble: Trouble | None = None
        try:
            with self._one:
                self._commit(snapshot)
        except Trouble as expected:
            trouble = expected
        with suppress(RuntimeError):  # the loop is gone
            call(self._ended, trouble)

    def _commit(self, snapshot: Snapshot) -> None:
        """What fails, however it fails, must not take the screen with its words away: all is Trouble."""
        if snapshot.stamp <= self._stored:
            return
        try:
            self._when = self.stores.store(self.number, snapshot)
        except KeptApart as apart:
            self._apart, self.number, self._when = apart, apart.number, apart.when
        except Trouble:
            raise
        except Exception as fault:
            name = type(fault).__name__
            raise Trouble(f"a fault of the program ({name})", "copy it by hand, then tell us") from None
        self._stored = snapshot.stamp

    def _ended(self, trouble: Trouble | None) -> None:
        self._running = False
        self._trouble = trouble
        self._turn.set()
        if self._closed:
            return
        if trouble is not None:
            self._wait(AGAIN_AFTER_SECONDS)
        elif self._latest.stamp > self._stored:
            waited = 0.0 if self._since is None else time.monotonic() - self._since
            self._wait(self.store_after - waited)
        self.tell(self.standing)
