"""The last thing between any widget and the terminal: no character passes that acts on it, or hides (R25).

Screens clean what they are given before they measure it; this holds where one forgot, and for what is typed
or pasted into a field.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from fieldkit.model.text import KEPT_FORMAT, clean

UNSHOWN = "\ufffd"
"""In each cell that a character of another kind would have taken: the line keeps its width."""


class TextGuard(LineFilter):
    """Applied to every line that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same lines, harmless."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment
            if segment.control or segment.text.isprintable()
            else Segment("".join(map(_harmless, segment.text)), segment.style)
            for segment in segments
        ]


@lru_cache(4_096)
def _harmless(char: str) -> str:
    if char in KEPT_FORMAT or (char not in "\t\n" and clean(char) in (char, normalize("NFC", char))):
        return char
    return UNSHOWN * cell_len(char)
