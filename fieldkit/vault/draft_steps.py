"""What a draft said, step by step: the whole now and then, else what differs (threat model R7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from fieldkit.vault.db import Database
from fieldkit.vault.queries import load
from sync.protocol.encoding import decode_own, encode

SQL: Final = load("draft_steps")

STEPS_KEPT: Final = 100
"""Steps of undo: an afternoon's writing. A few more are there while others are told by them."""

STEPS_BYTES: Final = 8_388_608
"""Steps of a draft as they are stored: beyond it the oldest are forgotten. Also what is read at opening: more
would make a long report slow to open, and few go back so far.
"""

WHOLE_EVERY: Final = 20
"""Steps after which one is kept whole again: so many are put together at the most to read one."""

WORTH: Final = 4
"""A difference is kept where the whole is so many times as long."""

LENGTH_BYTES: Final = 4
"""Bytes in which the length of a text is told."""

SAME_BYTES: Final = 16
"""What is the same for less than this is not worth being pointed to."""

Said: TypeAlias = tuple[bytes, bytes]
"""The answers and the unread text of a step, encoded."""

Stored: TypeAlias = tuple[bytes, bytes, int | None]
"""A step as it is stored, and the whole step that its differences begin from; None where it is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The step at which a draft stands."""

    step: int
    began: int
    said: Said = field(repr=False)
    before: Said | None = field(repr=False)
    """What the step said that this one differs from; None where it is kept whole."""
    whole: int
    """The last step that is kept whole."""
    later: bool
    """Whether there are steps behind it: undone ones."""


class DraftSteps:
    """The steps of all drafts. Whoever calls holds the transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def here(self, row: int) -> Here | None:
        """Where a draft stands; None where there is no draft."""
        found = self._db.rows(SQL["here"], (row,))
        if not found:
            return None
        said = list(put_together((answers, unread, whole) for _, _, answers, unread, whole, _ in found))
        step, began, *_, later = found[-1]
        before = said[-2] if len(said) > 1 else None
        return Here(
            step=int(step),
            began=int(began),
            said=said[-1],
            before=before,
            whole=int(found[0][0]),
            later=bool(later),
        )

    def begin(self, row: int, said: Said, *, now: int) -> None:
        """The first step of a draft."""
        self._db.run(SQL["add"], (row, 1, *said, now, None))

    def add(self, row: int, here: Here, said: Said, *, now: int) -> int:
        """A step behind the one where the draft stands. What came after it goes, and what is too old.

        Returns its number.
        """
        step = here.step + 1
        self._drop_later(row, here)
        near = step - here.whole < WHOLE_EVERY
        self._db.run(SQL["add"], (row, step, *_shortest(said, here.said if near else None, here.whole, now)))
        self._db.run(SQL["drop_early"], (row, step - STEPS_KEPT))
        self._forget_the_oldest(row)
        return step

    def rewrite(self, row: int, here: Here, said: Said) -> None:
        """The step where the draft stands says something else; what came after it is given up."""
        self._drop_later(row, here)
        stored = _shortest(said, here.before, here.whole, here.began)
        self._db.run(SQL["rewrite"], (*stored, row, here.step))

    def _drop_later(self, row: int, here: Here) -> None:
        if here.later:
            self._db.run(SQL["drop_later"], (row, here.step))

    def others(self, row: int, at: int) -> Iterator[tuple[int, Said]]:
        """Every other step and what it says, the nearest first on either side."""
        ready: dict[int, Said] = {}
        for step, whole in self._db.rows(SQL["near"], (row, at)):
            if step not in ready:
                chain = self._db.rows(SQL["chain"], (row, whole))
                said = put_together((answers, unread, behind) for _, answers, unread, behind in chain)
                ready |= zip((int(number) for number, *_ in chain), said, strict=True)
            yield int(step), ready.pop(step)

    def same(self, row: int, said: Said, at: int) -> int | None:
        """The nearest other step that says the same: what undo and redo go to."""
        return next((step for step, other in self.others(row, at) if other == said), None)

    def has(self, row: int, step: int) -> bool:
        """Whether there is such a step to go to."""
        return bool(self._db.value(SQL["has"], (row, step)))

    def _forget_the_oldest(self, row: int) -> None:
        """Of the oldest steps so many that the others are not too much together."""
        kept = 0
        for step, size in self._db.rows(SQL["sizes"], (row,)):
            kept += int(size)
            if kept > STEPS_BYTES:
                self._db.run(SQL["drop_early"], (row, int(step)))
                return


def put_together(stored: Iterable[Stored]) -> Iterator[Said]:
    """What steps say that follow one another, from a whole one on."""
    said: Said = b"", b""
    for answers, unread, whole in stored:
        if whole is None:
            said = bytes(answers), bytes(unread)
        else:
            said = with_difference(answers, said[0]), with_difference(unread, said[1])
        yield said


def _shortest(
    said: Said, before: Said | None, whole: int, began: int
) -> tuple[bytes, bytes, int, int | None]:
    """How a step is stored: what differs from the one before it where that is worth it, else the whole."""
    if before is not None:
        differs = difference(said[0], before[0]), difference(said[1], before[1])
        if _size(differs) * WORTH <= _size(said):
            return *differs, began, whole
    return *said, began, None


def difference(text: bytes, whole: bytes) -> bytes:
    """How a text is made from another: a list of bytes, and of `[from, how many]` of the other one's."""
    start = _shared(text, whole)
    end = _shared(text[start:][::-1], whole[start:][::-1])
    new, old = text[start : len(text) - end], whole[start : len(whole) - end]
    return encode([[0, start], *_between(new, old, start), [len(whole) - end, end]])


def _between(new: bytes, old: bytes, at: int) -> list[bytes | list[int]]:
    """What came in the place of what stood there. The length of a text stands before it, so that every letter
    changes two places: what lies between them is the same.
    """
    for length in range(1, LENGTH_BYTES + 1):
        same = _shared(new[length:], old[length:])
        if same >= SAME_BYTES:
            return [new[:length], [at + length, same], new[length + same :]]
    return [new]


def with_difference(differs: bytes, whole: bytes) -> bytes:
    """The text a difference was taken of."""
    if differs == SAME_BYTE and len(whole) == 1:  # nothing unread, then as now: half of all that is read
        return whole
    parts = cast("list[bytes | list[int]]", decode_own(differs))
    return b"".join(part if isinstance(part, bytes) else whole[part[0] : part[0] + part[1]] for part in parts)


def _shared(one: bytes, other: bytes) -> int:
    """With how many bytes both begin. Halves are compared whole, which is fast in long texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _size(said: Said) -> int:
    return len(said[0]) + len(said[1])


SAME_BYTE: Final = difference(b"\0", b"\0")
"""The difference of a text of one byte from itself, whatever the byte."""
