"""How wide text is on a terminal."""

from __future__ import annotations

from textual.content import Content

from fieldkit.model.text import clean


def cells(text: str) -> int:
    """Cells of one line."""
    return Content(text).cell_length


def in_line(text: str) -> str:
    """Text as one line that neither acts nor hides (R25), its spaces as they are."""
    # What is printable passes at once: this stands where every line is drawn.
    return text if text.isprintable() else clean(text).replace("\n", " ").replace("\t", " ")


def fitted(text: str, width: int) -> str:
    """One line of exactly so many cells: cut with an ellipsis, or filled with spaces."""
    return Content(text).truncate(max(0, width), ellipsis=True, pad=True).plain
