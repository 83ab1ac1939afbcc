"""The last thing before the terminal: nothing passes that acts or hides, whatever widgets draw (R25)."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from fieldkit.model.text import KEPT_FORMAT, clean
from fieldkit.tui.guard import TextGuard
from tests.tui.hostile_strings import hostile_strings

BACKGROUND = Color(0, 0, 0)


def drawn(text: str) -> str:
    """What is left of a text."""
    return "".join(segment.text for segment in TextGuard().apply([Segment(text)], BACKGROUND))


@pytest.mark.apart
def test_every_character_there_is() -> None:
    """Of all of Unicode only what is seen passes; and what is clean passes as it is."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        left = drawn(char)
        for one in left:
            assert one in KEPT_FORMAT or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn"), hex(
                code
            )
        if clean(char) == char and char not in "\t\n":
            assert left == char, hex(code)


@pytest.mark.parametrize("text", hostile_strings())
def test_lines_keep_their_width(text: str) -> None:
    """What stands beside it does not move."""
    line = text.replace("\n", "").replace("\t", "")
    assert cell_len(drawn(line)) == cell_len(line) or any(unicodedata.combining(char) for char in line)


def test_what_is_clean_costs_nothing() -> None:
    """The very same segments come back, and the terminal's own controls are left alone."""
    plain = [Segment("Обстріл"), Segment("حلب 12")]
    assert TextGuard().apply(plain, BACKGROUND) is plain
    control = Segment("\x1b[2J", control=[(1,)])  # type: ignore[list-item]
    assert TextGuard().apply([control], BACKGROUND) == [control]
