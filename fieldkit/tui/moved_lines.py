"""Finds lines that have moved since the last picture: a terminal moves them by itself. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fieldkit.tui.line_changes import Cell, blank_line

BLOCK_CELLS = 12
"""Lines are compared in blocks: beside a list that moves there may be a column that does not."""

LEAST_BLOCKS = 3
"""Fewer that have moved are no reason to look closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Lines `top` to `bottom`, both included, go up by `by`; down, where that is negative."""

    top: int
    bottom: int
    by: int

    @property
    def order(self) -> str:
        """What makes a terminal do it: margins, lines deleted or put in, no margins. It draws plain then."""
        doing = f"\x1b[{self.by}M" if self.by > 0 else f"\x1b[{-self.by}L"
        return f"\x1b[{self.top + 1};{self.bottom + 1}r\x1b[{self.top + 1};1H{doing}\x1b[r"

    def of(self, lines: Sequence[list[Cell]]) -> list[list[Cell]]:
        """The lines after it."""
        inside, count = list(lines[self.top : self.bottom + 1]), abs(self.by)
        empty = [blank_line(len(lines[self.top])) for _ in range(count)]
        moved = [*inside[count:], *empty] if self.by > 0 else [*empty, *inside[:-count]]
        return [*lines[: self.top], *moved, *lines[self.bottom + 1 :]]


def find_move(before: Sequence[list[Cell]], after: Sequence[list[Cell]]) -> Move | None:
    """The move after which most blocks stand where they are wanted; None where there is none worth a look."""
    places: dict[tuple[int, str], int] = {}
    for row, line in enumerate(before):
        for block in _blocks(line):
            # What stands in several lines says nothing about where one of them went.
            places[block] = -1 if block in places else row
    votes: Counter[int] = Counter()
    rows: dict[int, list[int]] = {}
    for row, line in enumerate(after):
        if line is before[row]:
            continue
        for block in _blocks(line):
            was = places.get(block, -1)
            if was >= 0 and was != row:
                votes[was - row] += 1
                rows.setdefault(was - row, []).append(row)
    if not votes:
        return None
    by, count = votes.most_common(1)[0]
    if count < LEAST_BLOCKS:
        return None
    top, bottom = min(rows[by]), max(rows[by])
    return Move(top=min(top, top + by), bottom=max(bottom, bottom + by), by=by)


def _blocks(line: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(line), BLOCK_CELLS):
        text = "".join(cell.text for cell in line[start : start + BLOCK_CELLS])
        if not text.isspace() and text:
            yield start, text
