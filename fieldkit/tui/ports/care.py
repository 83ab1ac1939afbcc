"""What is asked of a home when somebody may come: erasing it, practising that, a copy of it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Progress = Callable[[int, int], None]
"""Bytes done, bytes there are. Called from the thread that works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erase did, or what a drill of it took."""

    slots_seconds: float
    """Until nothing could open the vault any more."""
    overwritten: bool
    """False when the disk refused to overwrite a key slot, which then was only removed."""
    size: int
    """Bytes of other files overwritten."""
    left: tuple[str, ...]
    """Names of what could not be removed."""
    seconds: float
    process: int | None
    """Another process that still has the vault open."""


class Care(Protocol):
    """Of a home, open or not. Ask from a thread of its own: a disk may be slow."""

    @property
    def limits(self) -> tuple[str, ...]:
        """What erasing cannot do, a sentence each."""

    @property
    def begun(self) -> bool:
        """Whether an erase was cut short: its key slots are gone, other files are not. Light."""

    def erase(self, slots_gone: Callable[[float], None], progress: Progress) -> Erased:
        """Destroy the key slots, say after how many seconds they were gone, then the rest. Raises Trouble."""

    def drill(self) -> Erased:
        """The same on a throw-away folder beside the home, which stays as it is. Raises Trouble."""

    def restore(self, file: str, passphrase: str) -> str:
        """Make the vault of this home from a backup; returns what has to be known of it. Raises Trouble."""


class Keeping(Protocol):
    """Of an open vault. Ask from a worker thread."""

    def back_up(self, file: str) -> str:
        """Write a backup to a new file and read it back; returns what has to be known. Raises Trouble."""

    def note_crash(self, error: BaseException) -> None:
        """Keep that a fault ended the program: its type and place, no word of it. Raises Trouble."""
