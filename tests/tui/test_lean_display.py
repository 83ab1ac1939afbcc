"""Few bytes for slow links: what is sent makes the terminal show what Textual would have drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256

import pytest
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.widgets import Input

from fieldkit.tui.appearance import TERMINAL, Look
from fieldkit.tui.lean_display import LeanDisplay
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import MemoryDoor
from tests.tui.showing import showing
from tests.tui.small_terminal import Shown, SmallTerminal

pytestmark = pytest.mark.anyio

WIDTH, HEIGHT = 60, 12
STYLES = [
    *(None, Style(), Style(bold=True), Style(reverse=True), Style(color="red", underline=True)),
    *(
        Style(bgcolor="#223344"),
        Style(color="#778899", bgcolor="#223344"),
        Style(dim=True, bgcolor="#556677"),
    ),
    *(
        Style(bold=True, dim=True, color="blue"),
        Style(color="color(77)", strike=True),
        Style(reverse=True, bgcolor="red"),
    ),
]
WORDS = ["word ", "  ", "مارع ", "Обстріл", "表", "e\u0301", "✎ ·", "x", " " * 9, "بَ "]
COLOURS = [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR]


def picture(drawn: random.Random) -> list[list[Segment]]:
    """Lines of words in several scripts and styles."""
    return [list(_line(drawn)) for _ in range(HEIGHT)]


def _line(drawn: random.Random) -> Iterator[Segment]:
    left = WIDTH
    while left:
        text = drawn.choice(WORDS)
        width = cell_len(text)
        if width > left:
            text, width = " " * left, left
        yield Segment(text, drawn.choice(STYLES))
        left -= width


def whole(lines: list[list[Segment]], colours: ColorSystem) -> list[list[Shown]]:
    """What a terminal shows that was sent these lines the long way, each segment with its codes."""
    screen = SmallTerminal(WIDTH, HEIGHT)
    for row, line in enumerate(lines):
        screen.take(f"\x1b[{row + 1};1H")
        for text, style, _ in line:
            screen.take(style.render(text, color_system=colours) if style else text)
    return screen.picture()


def changed(drawn: random.Random, lines: list[list[Segment]]) -> list[list[Segment]]:
    """The next picture: another one, one line anew, or lines that have moved beside a column that has not."""
    match drawn.choice(("new", "line", "line", "moved", "moved", "moved", "blank")):
        case "new":
            return picture(drawn)
        case "line":
            lines[drawn.randrange(HEIGHT)] = list(_line(drawn))
            return lines
        case "blank":
            for row in range(drawn.randrange(HEIGHT), HEIGHT):
                lines[row] = [Segment(" " * WIDTH, drawn.choice(STYLES))]
            return lines
    top, bottom = sorted(drawn.sample(range(HEIGHT + 1), 2))
    by = drawn.choice([-3, -2, -1, 1, 2, 3])
    moved = lines[top:bottom]
    fresh = [list(_line(drawn)) for _ in range(min(abs(by), len(moved)))]
    moved = [*moved[by:], *fresh] if by > 0 else [*fresh, *moved[:by]]
    lines[top:bottom] = moved[: bottom - top]
    return lines


@pytest.mark.parametrize("fills", [False, True], ids=["own background", "fills"])
@pytest.mark.parametrize("seed", range(30))
def test_the_terminal_shows_the_last_picture(seed: int, fills: bool) -> None:
    """After any pictures, whole new ones, moved ones and ones that hardly differ, it shows the last one."""
    drawn = random.Random(seed)
    colours = drawn.choice(COLOURS)
    display, screen, lines = LeanDisplay(fills=fills), SmallTerminal(WIDTH, HEIGHT, fills), picture(drawn)
    for _ in range(10):
        screen.take(display.changes(lines, colours))
        assert screen.picture() == whole(lines, colours)
        if drawn.random() < 0.1:
            display.forget()
            screen = SmallTerminal(WIDTH, HEIGHT, fills)
        lines = changed(drawn, [*lines])


def test_a_terminal_that_fills_is_told_from_one_that_does_not() -> None:
    """Erasing with a background is sent only to terminals that do it: the other would show its own there."""
    style = Style(bgcolor="#223344")
    lines = [[Segment("x" * WIDTH, style)]] * HEIGHT
    cleared = [[Segment(" " * WIDTH, style)]] * HEIGHT
    display = LeanDisplay(fills=True)
    sent = display.changes(lines, ColorSystem.TRUECOLOR) + display.changes(cleared, ColorSystem.TRUECOLOR)
    good, bad = SmallTerminal(WIDTH, HEIGHT, fills=True), SmallTerminal(WIDTH, HEIGHT)
    good.take(sent)
    bad.take(sent)
    assert good.picture() == whole(cleared, ColorSystem.TRUECOLOR) != bad.picture()


def rows_of_a_list(first: int, cursor: int) -> list[list[Segment]]:
    """A list between two lines that stay, window and cursor somewhere; a column beside it stays too."""
    head, foot = Segment("Head".ljust(WIDTH)), Segment("Foot".ljust(WIDTH), Style(bold=True))
    rows = []
    for place in range(HEIGHT - 2):
        number = first + place
        style = Style(reverse=True) if number == cursor else Style(color="#778899", bgcolor="#223344")
        text = f" ✎ draft {number:04} {sha256(bytes([number])).hexdigest()[:30]}"
        rows.append([Segment(text.ljust(WIDTH - 10), style), Segment(f"│ side {place}".ljust(10))])
    return [[head], *rows, [foot]]


@pytest.mark.parametrize("by", [1, -1, 2, -2])
def test_lines_that_move_are_moved_by_the_terminal(by: int) -> None:
    """A list that moves costs its new lines and those with the cursor; drawn anew it would cost them all."""
    display, screen = LeanDisplay(fills=True), SmallTerminal(WIDTH, HEIGHT, fills=True)
    first, last = 20, 20 + HEIGHT - 3
    screen.take(display.changes(rows_of_a_list(first, last if by > 0 else first), ColorSystem.TRUECOLOR))
    after = rows_of_a_list(first + by, (last if by > 0 else first) + by)
    sent = display.changes(after, ColorSystem.TRUECOLOR)
    screen.take(sent)
    assert screen.picture() == whole(after, ColorSystem.TRUECOLOR)
    assert len(sent.encode()) < 200 * (abs(by) + 1), sent
    assert f"\x1b[{abs(by)}{'M' if by > 0 else 'L'}" in sent


def test_nothing_is_sent_for_the_same_picture() -> None:
    """The same again costs nothing; a letter costs a jump and a letter; forgotten, all is sent again."""
    display = LeanDisplay()
    first = [[Segment("a" * WIDTH)] for _ in range(HEIGHT)]
    everything = display.changes(first, ColorSystem.STANDARD)
    assert display.changes([[*line] for line in first], ColorSystem.STANDARD) == ""
    second = [*first[:-1], [Segment("a" * 7 + "b" + "a" * (WIDTH - 8))]]
    assert display.changes(second, ColorSystem.STANDARD) == f"\x1b[{HEIGHT};8Hb"
    display.forget()
    assert len(display.changes(second, ColorSystem.STANDARD)) == len(everything)


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
