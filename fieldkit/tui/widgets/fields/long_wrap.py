"""Where the lines of a long text are broken, kept right at the cost of the change and not of the text.

Breaks stand where Textual's own would, but for two things. A tab is so many cells wide wherever it stands,
so that no break depends on more than the lines before it; and signs that are joined count as if each stood
alone, so that a line may end early and never runs over.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Final

from rich.cells import cell_len, get_character_cell_size
from textual.document._document import Location
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, clamp

TAB_CELLS: Final = 4
"""Cells of a tab."""

WIDENS: Final = "\ufe0f"
"""Asks for the coloured form of a sign, which may be a cell wider."""


_AFTER_SPACE: Final = re.compile(r".*\s(?=\S)", re.DOTALL)
"""Up to the last place where something follows a space."""

_TWO_CELLS: Final = re.compile(
    "[\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]+"
)
"""Signs of Chinese, Japanese and Korean, of two cells each. They are written without spaces, so that a letter
in the middle of a paragraph moves every row behind it.
"""


class LongWrap(WrappedDocument):
    """A text broken at a width; rows are those of the screen, lines those of the text."""

    _tops: list[int]
    """The row each line begins at, and behind the last one the number of all rows."""

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self._tops[-1]

    @property
    def width(self) -> int:
        """Cells it is broken at; 0 for not broken."""
        return self._width

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Break everything anew. `tab_width` is not heeded."""
        self._width = width
        self._wrap_offsets = [breaks_of(line, width) for line in self.document.lines]
        self._count_rows()

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Break anew what an edit changed, which came after `start` and took the place of all to `old_end`.

        Before it and behind it breaks stay as soon as they fall on the same letters again.
        """
        (top, column), (old_row, old_column), (row, new_column) = start, old_end, new_end
        old = self._wrap_offsets[top : old_row + 1]
        lines = self.document.lines[top : row + 1]
        head, shift = _sure(old[0], column), new_column - old_column
        tail = [at + shift for at in old[-1][bisect_right(old[-1], old_column) :]]
        if len(lines) == 1:
            fresh = [_mended(lines[0], self._width, head, tail)]
        else:
            first, last = lines[0], lines[-1]
            between = [breaks_of(line, self._width) for line in lines[1:-1]]
            fresh = [_mended(first, self._width, head, []), *between, _mended(last, self._width, [], tail)]
        self._wrap_offsets[top : old_row + 1] = fresh
        if [len(breaks) for breaks in old] != [len(breaks) for breaks in fresh]:
            self._count_rows()

    def _count_rows(self) -> None:
        self._tops = [0, *accumulate(len(breaks) + 1 for breaks in self._wrap_offsets)]

    # Rows and places

    def row_text(self, row: int) -> tuple[int, int, str]:
        """The line a row shows a part of, the column it begins at, and its text."""
        line = bisect_right(self._tops, row) - 1
        return (line, *self._section(line, row - self._tops[line]))

    def location_to_offset(self, location: Location) -> Offset:
        """The cell a place is shown at."""
        line, column = location
        line = clamp(line, 0, len(self._wrap_offsets) - 1)
        section = bisect_right(self._wrap_offsets[line], column)
        begins, text = self._section(line, section)
        return Offset(shown_cells(text[: column - begins]), self._tops[line] + section)

    def offset_to_location(self, offset: Offset) -> Location:
        """The place shown at a cell, or near it where nothing is."""
        row = clamp(offset.y, 0, self.height - 1)
        line = bisect_right(self._tops, row) - 1
        return line, self.get_target_document_column(line, max(0, offset.x), row - self._tops[line])

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """The column shown in a row of a line, `y_offset` rows below its first; -1 is its last one."""
        last = len(self._wrap_offsets[line_index])
        section = last if y_offset == -1 else y_offset
        begins, text = self._section(line_index, section)
        within = column_at(text, x_offset)
        # Behind its last letter the next row begins.
        return begins + (within if section == last else min(within, len(text) - 1))

    def get_sections(self, line_index: int) -> list[str]:
        """The rows of a line."""
        return [self._section(line_index, at)[1] for at in range(len(self._wrap_offsets[line_index]) + 1)]

    def get_tab_widths(self, line_index: int) -> list[int]:
        """Cells of each tab of a line."""
        return [TAB_CELLS] * self.document.get_line(line_index).count("\t")

    def _section(self, line: int, number: int) -> tuple[int, str]:
        breaks = self._wrap_offsets[line]
        begins = breaks[number - 1] if number else 0
        ends = breaks[number] if number < len(breaks) else None
        return begins, self.document.get_line(line)[begins:ends]


def breaks_of(line: str, width: int) -> list[int]:
    """Where a line is broken: at words, and inside a word only where it is longer than a row."""
    return _mended(line, width, [], [])


def next_break(line: str, start: int, width: int) -> int:
    """Where the row ends that begins at `start`; the length of the line for its last one."""
    over = _over(line, start, width)
    if over == len(line):
        return over
    # Where somebody reads on after a space; a word that fills the row is broken.
    read_on = _AFTER_SPACE.match(line, start, over + 1)
    return read_on.end() if read_on else max(over, start + 1)


def shown_cells(text: str) -> int:
    """Cells of a part of a row."""
    return cell_len(text.expandtabs(0)) + TAB_CELLS * text.count("\t")


def column_at(text: str, cell: int) -> int:
    """The letter of a row that is shown at a cell; behind the last one where none is."""
    reached = 0
    for at, letter in enumerate(text):
        reached += _cells(letter)
        if reached > cell:
            return at
    return len(text)


def _mended(line: str, width: int, head: list[int], tail: list[int]) -> list[int]:
    """The breaks of a line whose first ones are known, and its last ones if they come to be breaks."""
    if not width:
        return []
    found, known = list(head), 0
    at = found[-1] if found else 0
    while (at := next_break(line, at, width)) < len(line):
        while known < len(tail) and tail[known] < at:
            known += 1
        if known < len(tail) and tail[known] == at:
            return found + tail[known:]
        found.append(at)
    return found


def _sure(breaks: list[int], column: int) -> list[int]:
    """The breaks that stay whatever is done at a column or behind it.

    The row that is changed may send a word back to the row before, which begins where it began: a break
    is made by what stands between it and the break before, and by the word or letter that follows.
    """
    return breaks[: max(0, bisect_left(breaks, column) - 2)]


def _over(line: str, start: int, width: int) -> int:
    """The first letter that does not fit into a row; the length of the line where all do."""
    row = line[start : start + width + 1]
    if row.isascii() and row.isprintable():
        return start + len(row) if len(row) <= width else start + width
    half = width // 2
    if _TWO_CELLS.fullmatch(wide := line[start : start + half + 1]):
        return start + min(len(wide), half)
    room = width
    for at in range(start, len(line)):
        room -= _cells(line[at])
        if room < 0:
            return at
    return len(line)


def _cells(letter: str) -> int:
    if letter == "\t":
        return TAB_CELLS
    return 1 if letter == WIDENS else get_character_cell_size(letter)
