"""All entries of a short list beside each other, broken into lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.forms.views import Option
from fieldkit.model.text import clean
from fieldkit.tui.cells import cells, fitted, in_line

GAP = 3
"""Cells between two entries."""

SIGNS = {(False, True): "(•)", (False, False): "( )", (True, True): "[x]", (True, False): "[ ]"}
"""By whether several may be chosen, and whether this one is."""

SIGN_CHARS = 3
"""Length of each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an entry stands."""

    row: int
    column: int
    text: str = field(repr=False)


def entry_words(option: Option, *, many: bool) -> str:
    """`[x] Arrest`: whether it is chosen, and what it is called."""
    name = clean(option.label, one_line=True) or in_line(option.code)
    return f"{SIGNS[many, option.chosen]} {name}"


def flow(options: Sequence[Option], *, many: bool, width: int) -> tuple[Spot, ...]:
    """A spot for each entry, in lines of so many cells."""
    spots: list[Spot] = []
    row = column = 0
    for option in options:
        text = entry_words(option, many=many)
        wide = cells(text)
        if wide > width:
            text, wide = fitted(text, width), width
        if column and column + wide > width:
            row, column = row + 1, 0
        spots.append(Spot(row=row, column=column, text=text))
        column += wide + GAP
    return tuple(spots)


def rows(spots: Sequence[Spot]) -> int:
    """Lines they take."""
    return spots[-1].row + 1 if spots else 1
