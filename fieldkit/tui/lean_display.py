"""Draws with few bytes: of a new picture, only the cells that differ from what the terminal shows.

Textual sends whole areas again when anything in them may have changed: a step from one field to the next is
then 6 kB, a new screen 30 kB, a list that moves by one line the whole list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from fieldkit.tui import pen
from fieldkit.tui.line_changes import BLANK, Cell, Painter, blank_line
from fieldkit.tui.moved_lines import find_move

PLAIN = frozenset({"", "39;49", "49", "39"})
"""Codes that change nothing: a terminal's own colours."""

LEAST_MOVED = 3
"""Fewer lines with changes are not worth a look for lines that have moved."""


@dataclass(slots=True)
class LeanDisplay:
    """Knows what a terminal shows. `fills` says that it erases with the background it draws with."""

    fills: bool = False
    _segments: list[list[Segment]] = field(default_factory=list)
    _cells: list[list[Cell]] | None = None
    _codes: dict[Style, str] = field(default_factory=dict)

    def forget(self) -> None:
        """The terminal may show anything: the next picture is drawn whole."""
        self._cells = None

    def changes(self, lines: Sequence[list[Segment]], colours: ColorSystem) -> str:
        """What to send so that the terminal shows these lines."""
        before = self._cells
        if before is None or len(before) != len(lines):
            after = [self._line(line, colours) for line in lines]
            blank = [blank_line(len(line)) for line in after]
            sent = f"{pen.RESET}\x1b[2J{self._drawn(blank, after)}"
        else:
            after = [
                before[row] if line == self._segments[row] else self._line(line, colours)
                for row, line in enumerate(lines)
            ]
            sent = self._drawn(before, after)
            changed = sum(line is not before[row] for row, line in enumerate(after))
            move = find_move(before, after) if changed >= LEAST_MOVED else None
            if move is not None:
                sent = min(sent, f"{move.order}{self._drawn(move.of(before), after)}", key=_bytes)
        self._segments, self._cells = list(lines), after
        return sent

    def _drawn(self, before: Sequence[list[Cell]], after: Sequence[list[Cell]]) -> str:
        painter, sent = Painter(fills=self.fills), list[str]()
        for row, line in enumerate(after):
            if line is not before[row]:
                sent += painter.changes(row, before[row], line)
        return "".join([*sent, painter.end()])

    def _line(self, line: list[Segment], colours: ColorSystem) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, control in line:
            if control:
                continue
            codes = self._code(style, colours)
            blank = Cell(BLANK, pen.of_blank(codes))
            for letter in text:
                if letter == BLANK:
                    cells.append(blank)
                    continue
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
        if style not in self._codes:
            drawn = style.update_link(None).render("x", color_system=colours).partition("x")[0]
            codes = drawn.removeprefix("\x1b[").removesuffix("m")
            self._codes[style] = "" if codes in PLAIN else codes
        return self._codes[style]


def _bytes(text: str) -> int:
    return len(text.encode())
