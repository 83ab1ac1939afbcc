"""The closing of an open vault, by whichever thread has the time: a disk may take long over it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from textual.screen import Screen

from fieldkit.tui.last_words import Unsaved, store_last_words
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble


class Closing:
    """Stores what is still only on these screens, then closes the vault, once. Holds nothing after that."""

    def __init__(self, desk: Desk, screens: Sequence[Screen[Any]], crash: BaseException | None) -> None:
        self._desk, self._screens, self._crash = desk, tuple(screens), crash
        self._one = threading.Lock()
        self._over = threading.Event()
        self._fault: BaseException | None = None
        self.lost: tuple[Unsaved, ...] = ()
        """What could not be stored; known once it is over."""

    def begin(self) -> None:
        """Do it on a thread of its own: no queue of workers may stand before it."""
        threading.Thread(target=self._quietly, name="closing", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether it is over, within so long."""
        return self._over.wait(seconds)

    def run(self) -> None:
        """Do it here, or wait until another thread has. Raises what only a fault of the program raises."""
        with self._one:
            if not self._over.is_set():
                try:
                    self._close()
                except BaseException as fault:
                    self._fault = fault
                    raise
                finally:
                    del self._desk, self._screens
                    self._over.set()
        if self._fault is not None:
            raise self._fault

    def _close(self) -> None:
        try:
            self.lost = store_last_words(self._screens)
            if self._crash is not None:
                with suppress(Exception):
                    # Whatever is broken: the vault closes.
                    self._desk.keeping.note_crash(self._crash)
        finally:
            with suppress(Trouble):
                self._desk.lock(orderly=self._crash is None)

    def _quietly(self) -> None:
        with suppress(BaseException):
            # Told by `run` on the screens' thread.
            self.run()
