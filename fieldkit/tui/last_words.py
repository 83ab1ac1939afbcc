"""What is written on a screen and not yet in the vault, in the moment before the vault closes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from textual.screen import Screen

from fieldkit.tui.ports.trouble import Trouble


@runtime_checkable
class Writes(Protocol):
    """A screen on which something is written."""

    async def settled(self) -> bool:
        """Store everything; whether nothing is left that is only on the screen."""

    async def may_close(self) -> bool:
        """Whether nothing would be lost now. When something would, it is said; asked again, it may."""

    @property
    def saved_until(self) -> int | None:
        """UTC seconds of the last commit of what is written here; None before the first one."""

    def before_closing(self) -> None:
        """Store the last words here and now. Raises Trouble."""

    def drop(self) -> None:
        """The vault is being erased: store nothing more, wait for nothing."""


async def all_settled(screens: Sequence[Screen[Any]]) -> bool:
    """Store everything on every screen; whether that could be done."""
    return all([await writes.settled() for _, writes in _writing(screens)])


async def holding_back(screens: Sequence[Screen[Any]]) -> Screen[Any] | None:
    """The screen that would lose something if the vault closed now, the topmost; it has said so."""
    for screen, writes in _writing(list(reversed(screens))):
        if not await writes.may_close():
            return screen
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """Words that were on a screen and could not be stored before the vault closed. It holds none of them."""

    since: int | None
    """UTC seconds of the last commit; None when nothing was stored since the report was opened."""


def store_last_words(screens: Sequence[Screen[Any]]) -> tuple[Unsaved, ...]:
    """Store what can be stored; returns what could not be. Nothing is raised: the vault closes anyway."""
    lost = []
    for _, writes in _writing(screens):
        # Asked first: whatever goes wrong, the last commit was before it.
        since = writes.saved_until
        try:
            writes.before_closing()
        except Trouble:
            lost.append(Unsaved(since=since))
    return tuple(lost)


def drop_words(screens: Sequence[Screen[Any]]) -> None:
    """Let nothing be stored any more: a disk that is slow must not hold up who erases."""
    for _, writes in _writing(screens):
        writes.drop()


def unsaved_words(lost: Sequence[Unsaved]) -> str:
    """What is said of it while the vault is locked: the truth, and nothing of any report."""
    if not lost:
        return ""
    times = [one.since for one in lost if one.since is not None]
    known = len(times) == len(lost)
    since = f"after {time.strftime('%H:%M:%S', time.localtime(min(times)))}" if known else "last"
    return (
        f"NOT SAVED: what was written {since} could not be stored before the vault locked, and is lost."
        " What was saved until then is there."
    )


def _writing(screens: Sequence[Screen[Any]]) -> list[tuple[Screen[Any], Writes]]:
    found: list[tuple[Screen[Any], Writes]] = []
    for screen in screens:
        thing: object = screen
        if isinstance(thing, Writes):
            found.append((screen, thing))
    return found
