"""How wide text stands in a terminal, and lines and columns made of it. Logical order throughout."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from fieldkit.model.text import clean

GAP = "  "
"""Between two columns."""

LEAST_COLUMN = 8
"""Cells a column keeps however narrow the terminal is."""

_NO_WIDTH = frozenset({"Mn", "Me"})
"""Marks that stand on the letter before them."""

_JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ; clean text has no other invisible letter."""


def cell_width(text: str) -> int:
    """Cells a line of text takes: marks none, East Asian wide letters two, all others one."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def fit(text: str, width: int) -> str:
    """Text cut to a width, with an ellipsis where something is missing."""
    if cell_width(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += _char_width(char)
        if used > width - 1:
            break
        kept += char
    return kept + "…"


def padded(text: str, width: int) -> str:
    """Text cut or filled with spaces to exactly a width."""
    text = fit(text, width)
    return text + " " * (width - cell_width(text))


def wrapped(text: str, width: int) -> list[str]:
    """Text broken at spaces into lines of at most a width; its own line ends stay, a longer word is cut."""
    return [line for paragraph in text.replace("\t", " ").split("\n") for line in _wrap_one(paragraph, width)]


def columns(rows: Sequence[Sequence[str]], *, width: int | None = None, stretch: int = -1) -> list[str]:
    """Rows as aligned lines of clean text. With `width`, the column `stretch` gives way until a line fits."""
    if not rows:
        return []
    cells = [[clean(cell, one_line=True) for cell in row] for row in rows]
    widths = [max(map(cell_width, column)) for column in zip(*cells, strict=True)]
    if width is not None:
        excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
        widths[stretch] = max(LEAST_COLUMN, widths[stretch] - max(0, excess))
    return [_line(row, widths) for row in cells]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _char_width(char: str) -> int:
    if char in _JOINERS or unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _wrap_one(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for whole in paragraph.split(" "):
        word = whole
        if line and cell_width(line) + 1 + cell_width(word) <= width:
            line += " " + word
            continue
        if line:
            lines.append(line)
        while cell_width(word) > width:
            head = _head(word, width)
            lines.append(head)
            word = word[len(head) :]
        line = word
    return [*lines, line]


def _head(word: str, width: int) -> str:
    """The longest beginning that fits, at least one letter."""
    used = 0
    for index, char in enumerate(word):
        used += _char_width(char)
        if used > width and index:
            return word[:index]
    return word
