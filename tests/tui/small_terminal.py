"""A terminal in memory, which knows what `lean_display` sends and what it looks like. Anything else fails.

It takes codes apart by itself, from what ECMA-48 and xterm say of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

ORDER = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])")
ENDS = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5}, 27: {7}, 28: {8}, 29: {9}, 55: {53}}
WIDE = "表"
QUIET = {"?2026h", "?2026l", "?25h", "?25l"}
"""All at once, and the cursor's look: nothing that shows in a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """How a cell is drawn."""

    attributes: frozenset[int] = frozenset()
    fore: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one sees in a cell. Without a letter there is no colour of letters."""

    text: str = " "
    ink: Ink = Ink()

    def seen(self) -> Shown:
        """The same for two cells that look the same."""
        lines = self.ink.attributes & {4, 7, 9, 21, 53}
        return self if self.text != " " or lines else replace(self, ink=Ink(back=self.ink.back))


@dataclass(slots=True)
class SmallTerminal:
    """Cells, a cursor, margins. `fills` says that erasing takes the background it draws with."""

    width: int
    height: int
    fills: bool = False
    cells: list[list[Shown]] = field(init=False)
    received: int = 0
    """Bytes so far."""
    _row: int = 0
    _column: int = 0
    _top: int = 0
    _bottom: int = field(init=False)
    _ink: Ink = Ink()

    def __post_init__(self) -> None:
        unknown = Shown(text="?", ink=Ink(attributes=frozenset({5})))
        self.cells = [[unknown] * self.width for _ in range(self.height)]
        self._bottom = self.height - 1

    def picture(self) -> list[list[Shown]]:
        """What one sees."""
        return [[cell.seen() for cell in line] for line in self.cells]

    def take(self, sent: str) -> None:
        """Do what was sent."""
        self.received += len(sent.encode())
        at = 0
        while at < len(sent):
            found = ORDER.match(sent, at)
            if found is None:
                self._letter(sent[at])
                at += 1
                continue
            at = found.end()
            self._order(found[1] + found[2] + found[3], found[3], found[2])

    def _order(self, whole: str, name: str, numbers: str) -> None:
        if whole in QUIET:
            return
        given = [int(number or 0) for number in numbers.split(";")]
        count = given[0] or 1
        match name:
            case "H":
                row, column = given
                assert 1 <= row <= self.height and 1 <= column <= self.width, whole
                self._row, self._column = row - 1, column - 1
            case "B":
                assert not numbers and self._row + 1 < self.height, whole
                self._row += 1
            case "m":
                self._paint([word for word in numbers.split(";") if word])
            case "J":
                assert numbers == "2", whole
                self.cells = [self._blanks(self.width) for _ in range(self.height)]
            case "K":
                assert not numbers, whole
                self.cells[self._row][self._column :] = self._blanks(self.width - self._column)
            case "r":
                self._top, self._bottom = (given[0] - 1, given[1] - 1) if numbers else (0, self.height - 1)
                assert 0 <= self._top < self._bottom < self.height, whole
                self._row = self._column = 0
            case "M" | "L":
                self._shift(count if name == "M" else -count)
            case _:
                raise AssertionError(f"an order nobody knows: {whole!r}")

    def _shift(self, by: int) -> None:
        assert self._top <= self._row <= self._bottom
        inside = self.cells[self._row : self._bottom + 1]
        fresh = [self._blanks(self.width) for _ in range(min(abs(by), len(inside)))]
        moved = [*inside[by:], *fresh] if by > 0 else [*fresh, *inside[:by]]
        self.cells[self._row : self._bottom + 1] = moved[: len(inside)]

    def _blanks(self, count: int) -> list[Shown]:
        return [Shown(ink=Ink(back=self._ink.back if self.fills else ""))] * count

    def _paint(self, words: list[str]) -> None:
        if not words:
            self._ink = Ink()
        while words:
            number, words = int(words[0]), words[1:]
            on, attributes = self._ink, self._ink.attributes
            if number in (38, 48):
                taken = 2 if words[0] == "5" else 4
                colour, words = ";".join(words[:taken]), words[taken:]
                self._ink = replace(on, fore=colour) if number == 38 else replace(on, back=colour)
            elif number == 0:
                self._ink = Ink()
            elif number in ENDS:
                self._ink = replace(on, attributes=attributes - ENDS[number])
            elif number == 39 or 30 <= number < 38 or 90 <= number < 98:
                self._ink = replace(on, fore="" if number == 39 else str(number))
            elif number == 49 or 40 <= number < 48 or 100 <= number < 108:
                self._ink = replace(on, back="" if number == 49 else str(number))
            else:
                assert number in (1, 2, 3, 4, 5, 7, 8, 9, 21, 53), number
                self._ink = replace(on, attributes=attributes | {number})

    def _letter(self, letter: str) -> None:
        assert letter.isprintable(), repr(letter)
        row = self.cells[self._row]
        if unicodedata.combining(letter):
            before = row[self._column - 1]
            row[self._column - 1] = replace(before, text=before.text + letter)
            return
        assert self._column < self.width, "written behind the end of a line"
        row[self._column] = Shown(text=letter, ink=self._ink)
        if letter == WIDE:
            row[self._column + 1] = Shown(text="", ink=self._ink)
        self._column += 2 if letter == WIDE else 1
