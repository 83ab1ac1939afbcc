"""How wide text is on a terminal."""

from __future__ import annotations

from textual.content import Content


def cells(text: str) -> int:
    """Cells of one line."""
    return Content(text).cell_length


def fitted(text: str, width: int) -> str:
    """One line of exactly so many cells: cut with an ellipsis, or filled with spaces."""
    return Content(text).truncate(max(0, width), ellipsis=True, pad=True).plain
