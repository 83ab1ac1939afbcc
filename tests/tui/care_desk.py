"""The care of a home in memory: what is erased stays until a test lets it go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from fieldkit.tui.ports.care import Erased, Progress
from fieldkit.tui.ports.trouble import Trouble

LIMITS = ("A copy that was made before still opens.", "Flash disks keep old pages.")

ERASED = Erased(slots_seconds=0.03, overwritten=True, size=5_000_000, left=(), seconds=0.4, process=None)


@dataclass
class MemoryCare:
    """Counts what is asked of it."""

    limits: tuple[str, ...] = LIMITS
    begun: bool = False
    outcome: Erased = ERASED
    trouble: Trouble | None = None
    """Raised in place of destroying the slots."""
    events: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    """Set unless a test holds the rest back."""

    def __post_init__(self) -> None:
        self.go_on.set()

    def erase(self, slots_gone: Callable[[float], None], progress: Progress) -> Erased:
        """Say so."""
        assert threading.current_thread() is not threading.main_thread(), "erased on the screens' own thread"
        self.events.append("erase")
        if self.trouble is not None:
            raise self.trouble
        slots_gone(self.outcome.slots_seconds)
        progress(2_000_000, 5_000_000)
        assert self.go_on.wait(30)
        return self.outcome

    def drill(self) -> Erased:
        """Say so."""
        assert threading.current_thread() is not threading.main_thread(), (
            "practised on the screens' own thread"
        )
        self.events.append("drill")
        if self.trouble is not None:
            raise self.trouble
        return self.outcome

    def restore(self, file: str, passphrase: str) -> str:
        """Note it."""
        assert threading.current_thread() is not threading.main_thread(), "made on the screens' own thread"
        self.events.append(f"restore {file} {passphrase}")
        if self.trouble is not None:
            raise self.trouble
        return f"There again from {file}."


@dataclass
class MemoryKeeping:
    """Notes what is asked of it."""

    trouble: Trouble | None = None
    events: list[str] = field(default_factory=list)

    def back_up(self, file: str) -> str:
        """Note it."""
        assert threading.current_thread() is not threading.main_thread(), "written on the screens' own thread"
        self.events.append(file)
        if self.trouble is not None:
            raise self.trouble
        return f"Written to {file}."

    def note_crash(self, error: BaseException) -> None:
        """Its type alone."""
        self.events.append(f"crash {type(error).__name__}")
