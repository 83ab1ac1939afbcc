"""The list draws what shows and fetches what it needs, however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import pytest
from textual.strip import Strip

from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.record_line import row
from fieldkit.tui.screens.capture import CaptureScreen
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import PAGE_LINES, RecordsScreen
from fieldkit.tui.widgets.header import ago
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.reports_desk import MemoryLine
from tests.tui.showing import settle, showing, text_of

pytestmark = pytest.mark.anyio

HUGE = 100_000
"""Reports: what a coordinator gathers in years."""


class Endless(Sequence[MemoryLine]):
    """A list of any length that is nowhere in memory."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, wanted: int) -> MemoryLine: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[MemoryLine]: ...

    def __getitem__(self, wanted: int | slice) -> MemoryLine | list[MemoryLine]:
        if isinstance(wanted, slice):
            return [self[place] for place in range(*wanted.indices(self._length))]
        return MemoryLine(number=self._length - wanted, title=f"Report {wanted}")


def huge() -> MemoryDesk:
    """A desk with very many reports."""
    return MemoryDesk(lines=Endless(HUGE))


async def test_keys_move_the_cursor() -> None:
    """Each key moves by its measure and never out of the list."""
    async with showing(MemoryDoor(desk=MemoryDesk(lines=Endless(100)))) as pilot:
        view = pilot.app.screen.query_one(RecordList)
        height = view.size.height
        for key, place in [
            ("up", 0),
            ("down", 1),
            ("down", 2),
            ("pagedown", 2 + height - 1),
            ("pageup", 2),
            ("end", 99),
            ("down", 99),
            ("home", 0),
        ]:
            await pilot.press(key)
            assert view.cursor == place, key


async def test_cursor_stays_in_sight() -> None:
    """The line under the cursor is always drawn."""
    async with showing(MemoryDoor(desk=MemoryDesk(lines=Endless(100)))) as pilot:
        view = pilot.app.screen.query_one(RecordList)
        for key in ("end", "home", "pagedown", "pagedown", "pageup"):
            await pilot.press(key)
            await pilot.pause()
            assert f"Report {view.cursor} " in text_of(pilot).replace("\n", " \n")


async def test_enter_opens_the_line() -> None:
    """The report under the cursor is asked for by its number; Escape comes back to the same line."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        await pilot.press("down", "enter")
        await settle(pilot)
        assert desk.asked == [40]
        assert isinstance(pilot.app.screen, RecordScreen)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, RecordsScreen)
        assert pilot.app.screen.query_one(RecordList).cursor == 1


async def test_a_report_that_is_read_takes_letters_as_keys() -> None:
    """`n` begins a report; a letter that does nothing is answered, and nothing it could mean is done."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert "Esc Back" in text_of(pilot)
        await pilot.press("q")
        await settle(pilot)
        assert "Nothing is written here: e changes this report" in text_of(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(pilot.app.screen, CaptureScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)


async def test_mouse_works() -> None:
    """A click moves the cursor, a double click opens."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        await pilot.click(RecordList, offset=(10, 2))
        assert pilot.app.screen.query_one(RecordList).cursor == 2
        await pilot.click(RecordList, offset=(10, 10))
        assert pilot.app.screen.query_one(RecordList).cursor == 2
        await pilot.click(RecordList, offset=(10, 3), times=2)
        await settle(pilot)
        assert desk.asked == [38]


async def test_only_what_is_needed_is_fetched() -> None:
    """Of very many reports one page is read for the first screen, the next as the cursor comes near."""
    desk = huge()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        view = pilot.app.screen.query_one(RecordList)
        assert desk.pages == [None]
        assert view.count == PAGE_LINES
        for _ in range(3):
            await pilot.press("end")
            await settle(pilot)
        assert desk.pages == [None, PAGE_LINES, 2 * PAGE_LINES, 3 * PAGE_LINES]
        assert view.count == 4 * PAGE_LINES


async def test_the_last_page_ends_it() -> None:
    """At the end nothing more is asked for."""
    desk = MemoryDesk(lines=Endless(PAGE_LINES + 5))
    async with showing(MemoryDoor(desk=desk)) as pilot:
        for _ in range(4):
            await pilot.press("end")
            await settle(pilot)
        assert desk.pages == [None, PAGE_LINES]
        assert pilot.app.screen.query_one(RecordList).count == PAGE_LINES + 5


async def test_a_key_draws_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving the cursor draws the line it left and the line it came to, whatever the list's length."""
    drawn: list[int] = []
    draw = RecordList.render_line

    def counted(self: RecordList, y: int) -> Strip:
        drawn.append(y)
        return draw(self, y)

    monkeypatch.setattr(RecordList, "render_line", counted)
    async with showing(MemoryDoor(desk=huge())) as pilot:
        await pilot.press("down")
        await pilot.pause()
        drawn.clear()
        await pilot.press("down")
        await pilot.pause()
        assert sorted(drawn) == [1, 2]


async def test_trouble_is_told() -> None:
    """What an action cannot do is said on the screen, with what to do."""
    desk = MemoryDesk(trouble=Trouble("another fieldkit is writing to this vault", "try again in a moment"))
    async with showing(MemoryDoor(desk=desk)) as pilot:
        assert "Another fieldkit is writing to this vault. Try again in a moment." in text_of(pilot)


async def test_trouble_with_one_report_is_told() -> None:
    """The same for a report that cannot be read."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        desk.trouble = Trouble("the revisions of report 42 have not arrived", "pull first")
        await pilot.press("enter")
        await settle(pilot)
        assert "The revisions of report 42 have not arrived. Pull first." in text_of(pilot)


@pytest.mark.parametrize("width", [30, 40, 60, 78, 80, 110, 200])
def test_row_has_its_width(width: int) -> None:
    """A line is never wider than the window, whatever it says."""
    line = MemoryLine(
        number=7,
        title="漢字 مَارِع a very long title that does not fit " * 3,
        place="somewhere far away",
        date="2026",
    )
    assert row(line, width).cell_length <= max(width, 52)
    assert "\n" not in row(line, width).plain


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, "never"),
        (1_000_000, "just now"),
        (1_000_000 - 59, "just now"),
        (1_000_000 - 61, "1 min ago"),
        (1_000_000 - 7_300, "2 h ago"),
        (1_000_000 - 200_000, "2 d ago"),
        (1_000_500, "just now"),
    ],
)
def test_ago(moment: int | None, text: str) -> None:
    """Time is told in the largest unit that says something; a clock that was set back does not fail."""
    assert ago(moment, 1_000_000) == text
