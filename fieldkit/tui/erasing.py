"""An erase under way: a thread that does it, and what it has done so far, for a screen to look at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from fieldkit.tui.ports.care import Care, Erased
from fieldkit.tui.ports.trouble import Trouble

PRESS_SECONDS = 2.0
"""Two presses of the panic key within so long erase."""

CLOSING_SECONDS = 2.0
"""How long closing the open vault may hold up the erasing of its files: its key slots are gone by then."""


@dataclass(slots=True)
class Presses:
    """Counts the presses of the panic key."""

    _last: float | None = None
    between: float = 0.0
    """Seconds between the last two."""

    def press(self, now: float) -> bool:
        """Whether this one is the second within two seconds."""
        last, self._last = self._last, now
        self.between = 0.0 if last is None else now - last
        if last is None or self.between > PRESS_SECONDS:
            return False
        self._last = None
        return True


@dataclass(slots=True)
class Erasing:
    """What an erase has done so far. Written by its thread alone, each field at once."""

    slots_seconds: float | None = None
    """Since when nothing opens the vault; None while it may still open."""
    done: int = 0
    total: int = 0
    """Bytes of the other files."""
    erased: Erased | None = None
    """Everything, once all is done."""
    trouble: Trouble | None = None
    """Why the key slots could not be destroyed."""
    limits: tuple[str, ...] = field(default=())
    resumed: bool = False
    """Whether this goes on with an erase that was cut short."""

    def begin(self, care: Care, close: Callable[[], None]) -> threading.Thread:
        """Start at once, in a thread of its own: no queue of workers may stand before it.

        `close` closes the open vault; it is called once the key slots are gone.
        """
        thread = threading.Thread(target=self._run, args=(care, close), name="erasing")
        thread.start()
        return thread

    def _run(self, care: Care, close: Callable[[], None]) -> None:
        def slots_gone(seconds: float) -> None:
            self.slots_seconds = seconds
            closing = threading.Thread(target=_quietly, args=(close,), name="closing", daemon=True)
            closing.start()
            closing.join(CLOSING_SECONDS)

        try:
            self.erased = care.erase(slots_gone, self._progress)
        except Trouble as trouble:
            self.trouble = trouble
        except Exception as fault:
            # Said as what it is: nobody may believe that a vault is gone which is not.
            self.trouble = Trouble(
                f"a fault of the program ({type(fault).__name__})", "run `fieldkit wipe`, or destroy the disk"
            )

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def _quietly(close: Callable[[], None]) -> None:
    """Whatever goes wrong with closing: what was open is being destroyed."""
    with suppress(Exception):
        close()
