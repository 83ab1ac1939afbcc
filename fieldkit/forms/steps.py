"""What was written, and the way back: states of a report one after another.

A state is never changed after it was made; each change makes a new one that shares what stayed the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fieldkit.model.values import Answers, Path

STEPS_KEPT = 200
"""States to go back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The answers, and the text that could not be read as answers, by place."""

    answers: Answers = field(default_factory=dict, repr=False)
    unread: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """States before and after the one a writer begins with, oldest first."""

    past: Sequence[State] = ()
    future: Sequence[State] = ()


class Steps:
    """Undo and redo. Changes that belong to one go share a step."""

    def __init__(self, now: State, history: History | None = None) -> None:
        given = history or History()
        self._states = [*given.past, now, *given.future][-STEPS_KEPT - 1 :]
        self._at = len(self._states) - 1 - len(given.future)
        self._going: object = None
        self._count = 0

    @property
    def count(self) -> int:
        """Grows with every step of its own: what shares a step with the change before does not count."""
        return self._count

    @property
    def now(self) -> State:
        """The state that counts."""
        return self._states[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a state to go back to."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether an undo can be taken back."""
        return self._at < len(self._states) - 1

    def take(self, state: State, going: object = None) -> None:
        """A new state. While `going` is the same as last time, and not None, it replaces the one before."""
        del self._states[self._at + 1 :]
        if going is not None and going == self._going:
            self._states[self._at] = state
            return
        self._going = going
        self._count += 1
        self._states.append(state)
        del self._states[: -STEPS_KEPT - 1]
        self._at = len(self._states) - 1

    def pause(self) -> None:
        """The next change begins a step of its own."""
        self._going = None

    def undo(self) -> State | None:
        """Go back one state; None where there is none."""
        return self._move(-1)

    def redo(self) -> State | None:
        """Take back one undo; None where there is none."""
        return self._move(+1)

    def _move(self, by: int) -> State | None:
        self.pause()
        if not 0 <= self._at + by < len(self._states):
            return None
        self._at += by
        return self.now


ENDS = "\n.!?؟。"
"""With one of these a sentence or a line ends."""


LEAP_CHARS = 24
"""Letters a busy laptop may bring at once of what was typed; more were pasted, or taken out in one go."""


def leaps(before: str, after: str) -> bool:
    """Whether a piece was put in or taken out: that is a step of its own."""
    return abs(len(after) - len(before)) > LEAP_CHARS


def ends(before: str, after: str) -> bool:
    """Whether a sentence or a line was ended: who takes back a step never loses a whole account at once."""
    return any(after.count(end) > before.count(end) for end in ENDS)


Move = Callable[[int], int | None]
"""Where an item of a repeat goes; None where it is taken out."""


def moved_unread(unread: Mapping[Path, str], repeat: str, move: Move) -> dict[Path, str]:
    """Unread text at the places its items have after a change of a repeat."""
    kept: dict[Path, str] = {}
    for place, text in unread.items():
        if place[0] != repeat or len(place) != 3 or not isinstance(place[1], int):
            kept[place] = text
        elif (to := move(place[1])) is not None:
            kept[(repeat, to, place[2])] = text
    return kept
