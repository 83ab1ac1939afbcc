"""Draws for links where every byte counts: of a new picture, only the cells that differ from the last one.

Textual sends whole areas again when anything in them may have changed; a step from one field to the next is
then 6 kB, a new screen 30 kB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

JUMP_CELLS = 8
"""Cells that are the same and fewer than a jump over them costs in bytes are sent along."""

BLANK = " "
PLAIN = frozenset({"", "39;49", "49", "39"})
"""Codes that change nothing: a terminal's own colours."""

SURE = frozenset("·›‹…✎⇅✓↩✗•│─—–’“”↵→←↑↓")
"""Beside ASCII, letters that take one cell on every terminal."""

RESET, TO_END = "\x1b[0m", "\x1b[K"


class Cell(NamedTuple):
    """One cell: its letter with the marks on it (empty behind a wide one), and the codes it is drawn with."""

    text: str
    codes: str


@dataclass(slots=True)
class LeanDisplay:
    """Knows what a terminal shows."""

    _segments: list[list[Segment]] | None = None
    _cells: list[list[Cell]] | None = None
    _codes: dict[Style, str] | None = None

    def forget(self) -> None:
        """The terminal may show anything: the next picture is drawn whole."""
        self._segments = self._cells = None

    def changes(self, lines: Sequence[list[Segment]], colours: ColorSystem) -> str:
        """What to send so that the terminal shows these lines."""
        whole = self._segments is None or self._cells is None or len(self._segments) != len(lines)
        if whole or self._segments is None or self._cells is None:
            self._segments = [[] for _ in lines]
            self._cells = [[] for _ in lines]
        sent = [f"{RESET}\x1b[2J"] if whole else []
        for row, line in enumerate(lines):
            if line == self._segments[row]:
                continue
            cells = self._line(line, colours)
            sent.append("".join(_difference(row, self._cells[row] or _blanks(len(cells)), cells)))
            self._segments[row], self._cells[row] = line, cells
        return "".join(sent)

    def _line(self, line: list[Segment], colours: ColorSystem) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, control in line:
            if control:
                continue
            codes = self._code(style, colours)
            for letter in text:
                width = get_character_cell_size(letter)
                if width:
                    cells += [Cell(letter, codes), *([Cell("", codes)] * (width - 1))]
                elif cells:
                    at = -1 if cells[-1].text or len(cells) < 2 else -2
                    cells[at] = Cell(cells[at].text + letter, cells[at].codes)
        return cells

    def _code(self, style: Style | None, colours: ColorSystem) -> str:
        if not style:
            return ""
        if self._codes is None:
            self._codes = {}
        if style not in self._codes:
            drawn = style.render("x", color_system=colours).partition("x")[0]
            codes = drawn.removeprefix("\x1b[").removesuffix("m")
            self._codes[style] = "" if codes in PLAIN else codes
        return self._codes[style]


def _blanks(count: int) -> list[Cell]:
    return [Cell(BLANK, "")] * count


def _difference(row: int, before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[str]:
    """The cells of a line that differ, with jumps over those that do not."""
    if len(before) != len(after) or not (_sure(before) and _sure(after)):
        # How wide a terminal draws these nobody knows: such a line is drawn whole, so that nothing of the
        # last one is left beside it.
        before = [Cell("", "?")] * len(after)
    end = len(after)
    while end and after[end - 1] == (BLANK, ""):
        end -= 1
    # Blanks up to the end of the line are one order, where that is less than what they replace.
    erased = end < len(after) and any(before[at] != after[at] for at in range(end, len(after)))
    last = end if erased else len(after)
    for first, stop in _runs(before, after, last):
        yield f"\x1b[{row + 1};{first + 1}H"
        yield from _drawn(after[first:stop])
    if erased:
        yield f"\x1b[{row + 1};{end + 1}H{TO_END}"


def _sure(cells: Sequence[Cell]) -> bool:
    return all(cell.text.isascii() or cell.text in SURE for cell in cells)


def _runs(before: Sequence[Cell], after: Sequence[Cell], last: int) -> Iterator[tuple[int, int]]:
    """Stretches with differences; a wide letter is never cut."""
    start = stop = None
    for at in range(last):
        if before[at] == after[at]:
            continue
        first = at
        while first and not after[first].text:
            first -= 1
        if start is not None and stop is not None and first - stop <= JUMP_CELLS:
            stop = at + 1
        else:
            if start is not None and stop is not None:
                yield start, stop
            start, stop = first, at + 1
        while stop < len(after) and not after[stop].text:
            stop += 1
    if start is not None and stop is not None:
        yield start, stop


def _drawn(cells: Sequence[Cell]) -> Iterator[str]:
    codes = ""
    for cell in cells:
        if cell.text and cell.codes != codes:
            # Codes add up: what is on must first go off.
            yield RESET if codes else ""
            yield f"\x1b[{cell.codes}m" if cell.codes else ""
            codes = cell.codes
        yield cell.text
    if codes:
        yield RESET
