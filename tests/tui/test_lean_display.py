"""Few bytes for slow links: what is sent makes the terminal show what Textual would have drawn."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.widgets import Input

from fieldkit.tui.appearance import TERMINAL, Look
from fieldkit.tui.lean_display import LeanDisplay
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import MemoryDoor
from tests.tui.showing import showing

pytestmark = pytest.mark.anyio

WIDTH, HEIGHT = 24, 5
STYLES = [None, Style(), Style(bold=True), Style(reverse=True), Style(color="red", underline=True)]
WORDS = ["word ", "  ", "مارع ", "Обстріл", "表", "e\u0301", "✎ ·", "x"]
ORDER = re.compile(r"\x1b\[(?:(\d+);(\d+)H|([\d;]*)m|(2?)J|(K))")

Shown = list[list[tuple[str, str]]]


class Screen:
    """A terminal that knows only what this display sends. Anything else fails."""

    def __init__(self) -> None:
        self.cells: Shown = [[("?", "")] * WIDTH for _ in range(HEIGHT)]
        self._row = self._column = 0
        self._codes = ""

    def take(self, sent: str) -> None:
        """Do what was sent."""
        at = 0
        while at < len(sent):
            found = ORDER.match(sent, at)
            if found is None:
                self._letter(sent[at])
                at += 1
                continue
            at = found.end()
            if found[1]:
                self._row, self._column = int(found[1]) - 1, int(found[2]) - 1
            elif found[3] is not None:
                self._codes = "" if found[3] == "0" else found[3]
            elif found[4] is not None:
                self.cells = [[(" ", "")] * WIDTH for _ in range(HEIGHT)]
            else:
                assert not self._codes
                self.cells[self._row][self._column :] = [(" ", "")] * (WIDTH - self._column)

    def _letter(self, letter: str) -> None:
        assert letter.isprintable(), repr(letter)
        row = self.cells[self._row]
        if letter == "\u0301":
            text, codes = row[self._column - 1]
            row[self._column - 1] = (text + letter, codes)
            return
        row[self._column] = (letter, self._codes)
        if letter == "表":
            row[self._column + 1] = ("", self._codes)
        self._column += 2 if letter == "表" else 1


def picture(drawn: random.Random) -> list[list[Segment]]:
    """Lines of words in several scripts and styles."""
    return [list(_line(drawn)) for _ in range(HEIGHT)]


def _line(drawn: random.Random) -> Iterator[Segment]:
    left = WIDTH
    while left:
        text = drawn.choice(WORDS)
        width = len(text) + text.count("表") - text.count("\u0301")
        if width > left:
            text, width = " " * left, left
        yield Segment(text, drawn.choice(STYLES))
        left -= width


def shown(lines: list[list[Segment]]) -> Shown:
    """What a terminal shows that was sent these lines whole."""
    screen = Screen()
    screen.take(LeanDisplay().changes(lines, ColorSystem.STANDARD))
    return screen.cells


@pytest.mark.parametrize("seed", range(40))
def test_the_terminal_shows_the_last_picture(seed: int) -> None:
    """After any pictures, whole new ones and ones that hardly differ, it shows the last one."""
    drawn = random.Random(seed)
    display, screen, lines = LeanDisplay(), Screen(), picture(drawn)
    for _ in range(12):
        screen.take(display.changes(lines, ColorSystem.STANDARD))
        assert screen.cells == shown(lines)
        if drawn.random() < 0.3:
            lines = picture(drawn)
        else:
            lines = [*lines]
            lines[drawn.randrange(HEIGHT)] = list(_line(drawn))


def test_nothing_is_sent_for_the_same_picture() -> None:
    """The same again costs nothing; a letter costs a jump and a letter; forgotten, all is sent again."""
    display = LeanDisplay()
    first = [[Segment("a" * WIDTH)] for _ in range(HEIGHT)]
    whole = display.changes(first, ColorSystem.STANDARD)
    assert display.changes([[*line] for line in first], ColorSystem.STANDARD) == ""
    second = [*first[:-1], [Segment("a" * 7 + "b" + "a" * (WIDTH - 8))]]
    assert display.changes(second, ColorSystem.STANDARD) == f"\x1b[{HEIGHT};8Hb"
    display.forget()
    assert len(display.changes(second, ColorSystem.STANDARD)) == len(whole)


@pytest.mark.parametrize("low", [False, True], ids=["rich", "low bandwidth"])
async def test_the_line_one_is_on_looks_different(low: bool) -> None:
    """In every look the cursor's line can be told from the others, and goes with the cursor."""
    async with showing(
        MemoryDoor(), look=Look(theme=TERMINAL if low else "calm", low_bandwidth=low)
    ) as pilot:
        top = pilot.app.screen.query_one(RecordList).region.y

        def marked() -> list[int]:
            strips = pilot.app.screen._compositor.render_strips()
            return [
                at - top for at, strip in enumerate(strips) if any(s.style and s.style.reverse for s in strip)
            ]

        assert marked() == [0]
        await pilot.press("down")
        await pilot.pause()
        assert marked() == [1]


async def test_low_bandwidth_has_neither_frame_nor_scrollbar() -> None:
    """Nothing is drawn but text."""
    async with showing(MemoryDoor(), look=Look(theme=TERMINAL, low_bandwidth=True)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        field = pilot.app.screen.query_one(Input)
        assert not any(edge for edge, _ in field.styles.border)
        assert pilot.app.screen.query_one(RecordList).scrollbar_size_vertical == 0
