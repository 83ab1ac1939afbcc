"""Going through the list: where the cursor is after each thing, what is said there and for how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.tui import list_words
from fieldkit.tui.messages import LinkMoved
from fieldkit.tui.screens.ask import NEEDED, AskScreen
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.record import NO_NEXT, NO_PREVIOUS, RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.sync import SyncScreen
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.reports_desk import MemoryLine
from tests.tui.showing import settle, showing, text_of, wait_for
from tests.tui.test_find import rest
from tests.tui.test_list_acts import press

pytestmark = pytest.mark.anyio

MANY = tuple(
    MemoryLine(number=number, title=f"Report of hour {number}", own=False, glyph="✓", state="received")
    for number in range(300, 0, -1)
)


def here(screen: RecordsScreen) -> int:
    """The report under the cursor."""
    line = screen.query_one(RecordList).here
    assert line is not None
    return line.number


async def test_from_report_to_report() -> None:
    """Right and ] go on, Left and [ go back, both ends are said; Esc leads to the one read last."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        listing = pilot.app.screen
        assert isinstance(listing, RecordsScreen)
        await press(pilot, "enter", "right_square_bracket")
        assert isinstance(pilot.app.screen, RecordScreen) and desk.asked[-2:] == [42, 40]
        await press(pilot, "right")
        assert desk.asked[-1] == 39
        await press(pilot, "left", "left_square_bracket", "left")
        assert desk.asked[-1] == 42 and NO_PREVIOUS in text_of(pilot)
        await press(pilot, *["right"] * 5)
        assert desk.asked[-1] == 36 and NO_NEXT in text_of(pilot)
        await press(pilot, "escape")
        assert here(listing) == 36


async def test_a_search_is_left_on_what_was_found() -> None:
    """The cursor stays with the report, far behind the first page too."""
    async with showing(MemoryDoor(desk=MemoryDesk(lines=MANY))) as pilot:
        listing = pilot.app.screen
        assert isinstance(listing, RecordsScreen)
        await pilot.press("slash", *"hour", "space", *"44")
        await rest(pilot)
        await press(pilot, "enter")
        assert here(listing) == 44
        await press(pilot, "escape")
        assert here(listing) == 44 and listing.query_one(RecordList).count > 200
        assert "Report of hour 44" in text_of(pilot)


async def test_what_came_is_seen() -> None:
    """At the top a new report shows at once; further down it is said, and where it is."""
    desk = MemoryDesk(lines=MANY)
    async with showing(MemoryDoor(desk=desk)) as pilot:
        desk.lines = (replace(MANY[0], number=301, title="Just come"), *MANY)
        pilot.app.screen.post_message(LinkMoved(changed=True))
        await wait_for(pilot, lambda: "Just come" in text_of(pilot))
        assert "above" not in text_of(pilot)
        await press(pilot, "end")
        desk.lines = (replace(MANY[0], number=302, title="Come later"), *desk.lines)
        pilot.app.screen.post_message(LinkMoved(changed=True))
        await wait_for(pilot, lambda: "1 new report above. Home goes there." in text_of(pilot))
        await press(pilot, "home")
        assert "Come later" in text_of(pilot) and "above" not in text_of(pilot)


async def test_what_was_said_of_the_past_goes() -> None:
    """With the cursor, and with another screen: a sentence of before is taken for the present."""
    for leave in (("down",), ("s", "escape")):
        async with showing(MemoryDoor(desk=MemoryDesk())) as pilot:
            await press(pilot, "down", "down", "x")
            assert list_words.NOTHING_TO_DISCARD[:30] in text_of(pilot)
            await press(pilot, *leave)
            assert list_words.NOTHING_TO_DISCARD[:30] not in text_of(pilot)


async def test_a_copy_is_found_again() -> None:
    """After Duplicate and Esc the cursor is on the copy: the next key must not meet the one that was sent."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        listing = pilot.app.screen
        assert isinstance(listing, RecordsScreen)
        await press(pilot, "down", "d")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await settle(pilot)
        await press(pilot, "escape")
        await wait_for(pilot, lambda: pilot.app.screen is listing)
        await settle(pilot)
        assert here(listing) == 43


async def test_nothing_to_bring_back_leaves_the_report() -> None:
    """What is being read stays; the sentence stands below it."""
    async with showing(MemoryDoor(desk=MemoryDesk())) as pilot:
        await press(pilot, "enter", "ctrl+z")
        assert "no draft was discarded" in text_of(pilot).casefold() and "What happened" in text_of(pilot)


async def test_another_s_report_is_not_changed_unasked() -> None:
    """It is said whose name it would have; Esc changes nothing."""
    lines = (MemoryLine(number=1, title="Of another", own=False, glyph="✓", state="received"),)
    async with showing(MemoryDoor(desk=MemoryDesk(lines=lines))) as pilot:
        await press(pilot, "e")
        assert isinstance(pilot.app.screen, AskScreen)
        assert "Somebody else wrote this report" in " ".join(text_of(pilot).split())
        await press(pilot, "escape")
        assert not any(isinstance(screen, FormScreen) for screen in pilot.app.screen_stack)


async def test_a_question_says_what_it_needs() -> None:
    """Enter stands in the foot; without a reason it says what is missing; F5 opens nothing above it."""
    lines = (MemoryLine(number=1, title="Sent", glyph="✓", state="received"),)
    async with showing(MemoryDoor(desk=MemoryDesk(lines=lines))) as pilot:
        await press(pilot, "w")
        assert "Enter Yes" in text_of(pilot).splitlines()[-1]
        await press(pilot, "enter")
        assert NEEDED[:30] in text_of(pilot)
        await press(pilot, "f5")
        assert not any(isinstance(screen, SyncScreen) for screen in pilot.app.screen_stack)


def test_of_a_sent_report_only_changes_are_discarded() -> None:
    """The number stays in the list: it is not said that the report went."""
    sent = MemoryLine(number=4, state="received", changing=True)
    assert list_words.discarded_what([sent]) == "Discarded the changes to"
    assert list_words.discarded_what([sent, MemoryLine(number=5)]) == "Discarded"
