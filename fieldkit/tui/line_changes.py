"""What makes a line of a terminal show another one: the cells that differ, jumps over the others. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size

from fieldkit.tui import pen

JUMP_CELLS = 8
"""Cells that are the same and fewer than a jump over them costs in bytes are sent along."""

BLANK = " "

SURE = frozenset("·›‹…✎⇅✓↩✗•│─—–’“”↵→←↑↓▁▂▃▄▅▆▇█▊▌▎▏▐▔░▒▓┌┐└┘├┤┬┴┼╭╮╯╰")
"""Signs that take one cell on every terminal."""

LAST_SURE = 0x6FF
"""Latin, Greek, Cyrillic, Armenian, Hebrew and Arabic: a letter without marks is one cell everywhere."""

TO_END, DOWN = "\x1b[K", "\x1b[B"


class Cell(NamedTuple):
    """One cell: its letter with the marks on it (empty behind a wide one), and the codes it is drawn with."""

    text: str
    codes: str


EMPTY = Cell(BLANK, "")
UNKNOWN = Cell("", "?")
"""Nobody knows what a terminal shows there."""


def blank_line(count: int) -> list[Cell]:
    """A line as a terminal clears it."""
    return [EMPTY] * count


@dataclass(slots=True, kw_only=True)
class Painter:
    """Writes lines, and knows what the terminal draws with meanwhile and where its cursor is.

    `fills` says that the terminal erases with the background it draws with, not with its own.
    """

    fills: bool
    _codes: str = ""
    _place: tuple[int, int] | None = None
    """Row and column; None where that hangs on how wide the terminal takes a letter to be."""

    def changes(self, row: int, before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[str]:
        """What makes one line of the terminal another one."""
        before = _known(before, after)
        end = _text_end(after, fills=self.fills)
        # Blanks up to the end of the line are one order, where that is less than what they replace.
        erased = end < len(after) and any(before[at] != after[at] for at in range(end, len(after)))
        for first, stop in _runs(before, after, end if erased else len(after)):
            yield self._to(row, first)
            for text, codes in after[first:stop]:
                yield "" if text == BLANK and pen.same_blank(self._codes, codes) else self._with(codes, text)
                yield text
            sure = stop < len(after) and all(_sure(cell.text) for cell in after[first:stop])
            self._place = (row, stop) if sure else None
        if erased:
            yield self._to(row, end)
            # Lines under letters, and colours changed round, would be erased with.
            codes = after[end].codes
            alike = pen.same_blank(self._codes, codes) and not pen.seen_on_blanks(self._codes)
            yield "" if alike else self._with(codes)
            yield TO_END

    def end(self) -> str:
        """Leaves the terminal drawing plain."""
        return self._with("")

    def _with(self, codes: str, text: str = BLANK) -> str:
        if not text or codes == self._codes:
            return ""
        before, self._codes = self._codes, codes
        return pen.step(before, codes)

    def _to(self, row: int, column: int) -> str:
        before, self._place = self._place, (row, column)
        if before == (row, column):
            return ""
        if before == (row - 1, column):
            return DOWN
        return f"\x1b[{row + 1};{column + 1}H"


def _known(before: Sequence[Cell], after: Sequence[Cell]) -> Sequence[Cell]:
    """The line as it is shown, up to the first letter whose width nobody knows: where that one stands, what
    follows may stand anywhere, and is drawn anew so that nothing of the last line is left beside it.
    """
    if len(before) != len(after):
        return [UNKNOWN] * len(after)
    sure = 0
    while sure < len(after) and _sure(before[sure].text) and _sure(after[sure].text):
        sure += 1
    if sure == len(after) or before == after:
        return before
    # A mark joins the letter before it.
    sure = max(0, sure - 1)
    return [*before[:sure], *([UNKNOWN] * (len(after) - sure))]


@lru_cache(4_096)
def _sure(text: str) -> bool:
    return (text.isascii() and text != "") or text in SURE or _is_plain_letter(text)


def _is_plain_letter(text: str) -> bool:
    return (
        len(text) == 1
        and ord(text) <= LAST_SURE
        and unicodedata.category(text)[0] in "LN"
        and get_character_cell_size(text) == 1
    )


def _text_end(after: Sequence[Cell], *, fills: bool) -> int:
    """Behind the last cell that no order to erase would draw."""
    end, last = len(after), after[-1] if after else EMPTY
    if last.text != BLANK or pen.look_of(last.codes).attributes or (last.codes and not fills):
        return end
    while end and after[end - 1] == last:
        end -= 1
    return end


def _runs(before: Sequence[Cell], after: Sequence[Cell], last: int) -> Iterator[tuple[int, int]]:
    """Stretches with differences; neither a wide letter nor a stretch of joined script is cut."""
    start = stop = None
    at = 0
    while at < last:
        if before[at] == after[at]:
            at += 1
            continue
        first, end = at, at + 1
        while first and (not after[first].text or _joins(before, after, first)):
            first -= 1
        while end < len(after) and (not after[end].text or _joins(before, after, end)):
            end += 1
        if start is not None and stop is not None and first - stop <= JUMP_CELLS:
            stop = end
        else:
            if start is not None and stop is not None:
                yield start, stop
            start, stop = first, end
        at = end
    if start is not None and stop is not None:
        yield start, stop


def _joins(before: Sequence[Cell], after: Sequence[Cell], at: int) -> bool:
    """Whether a terminal may draw this cell and the one before it as one shape."""
    return any(_joined(line[at].text) and _joined(line[at - 1].text) for line in (before, after))


def _joined(text: str) -> bool:
    return "\u0600" <= text[:1] <= "\u07ff"
