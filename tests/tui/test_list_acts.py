"""Acts on reports: each says first what it will do and to how many, and then what came of it."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from fieldkit.tui import list_words
from fieldkit.tui.list_preview import REST_SECONDS
from fieldkit.tui.screens.ask import AskScreen
from fieldkit.tui.screens.history import HistoryScreen
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.preview import Preview
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.reports_desk import MemoryLine
from tests.tui.showing import settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

LINES = (
    MemoryLine(number=9, title="A draft", missing=2, urgency=2),
    MemoryLine(number=8, title="Another draft", kind="arrest"),
    MemoryLine(number=7, title="Sent", glyph="⇅", state="waiting", urgency=1),
    MemoryLine(number=6, title="Sent and being changed", glyph="✓", state="received", changing=True),
    MemoryLine(number=5, title="Of somebody else", glyph="✓", state="received", own=False),
    MemoryLine(number=4, title="Taken back", glyph="✗", state="withdrawn"),
)


def desk() -> MemoryDesk:
    """One report of each kind."""
    return MemoryDesk(lines=LINES)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and let what they ask for come."""
    await pilot.press(*keys)
    await settle(pilot)
    await settle(pilot)


async def test_a_withdrawal_that_was_not_sent_is_told_from_one_that_was() -> None:
    """The state alone would say that everybody knows."""
    lines = (
        MemoryLine(number=2, title="Told", glyph="✗", state="withdrawn"),
        MemoryLine(number=1, title="Untold", glyph="✗", state="withdrawn", unsent=True),
    )
    async with showing(MemoryDoor(desk=MemoryDesk(lines=lines))) as pilot:
        told, untold = (
            next(row for row in text_of(pilot).splitlines() if name in row) for name in ("Told", "Untold")
        )
        assert "not sent yet" in untold and "not sent yet" not in told


async def test_space_selects_and_escape_selects_none() -> None:
    """The mark stands in the line, the number below; space again takes it away."""
    async with showing(MemoryDoor(desk=desk())) as pilot:
        view = pilot.app.screen.query_one(RecordList)
        await press(pilot, "space", "space", "home", "space")
        assert [line.number for line in view.selected] == [8]
        assert "1 selected" in text_of(pilot) and "\n*✎  draft     0008" in text_of(pilot)
        await press(pilot, "escape")
        assert view.selected == () and "selected" not in text_of(pilot)


@pytest.mark.parametrize(
    ("key", "numbers", "said"),
    [
        ("x", (9, 8, 6), "Discard 3 drafts?"),
        ("u", (9, 8, 7, 6), "Mark 4 reports as urgent?"),
    ],
)
async def test_what_is_said_is_what_is_done(key: str, numbers: tuple[int, ...], said: str) -> None:
    """Of all six only those it can be done to are counted, named and touched; the others are told of."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, *["space"] * 6, key)
        assert isinstance(pilot.app.screen, AskScreen)
        text = text_of(pilot)
        assert said in text and f"{6 - len(numbers)} other reports" in " ".join(text.split())
        assert given.acts == []
        await press(pilot, "enter")
        assert [act[1] for act in given.acts] == [numbers]
        assert f"{len(numbers)} reports." in text_of(pilot)


async def test_no_means_no() -> None:
    """Escape at the question does nothing at all."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, "x", "escape")
        assert isinstance(pilot.app.screen, RecordsScreen) and given.acts == [] and given.lines == LINES


async def test_discard_and_bring_back() -> None:
    """The line goes, ^Z brings it back; with nothing left to bring back that is said."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, "x", "enter")
        assert "A draft" not in text_of(pilot) and "Discarded report 0009" in text_of(pilot)
        await press(pilot, "ctrl+z")
        assert "A draft" in text_of(pilot) and "Draft 0009 is back" in text_of(pilot)
        await press(pilot, "ctrl+z")
        assert "no draft was discarded" in text_of(pilot).casefold()


async def test_withdrawing_needs_a_reason() -> None:
    """Own reports that were finished, and no others; Enter without a reason does nothing."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, *["space"] * 6, "w")
        assert "Withdraw 2 reports?" in text_of(pilot) and "deletes nothing" in text_of(pilot)
        await press(pilot, "enter")
        assert "Withdraw 2 reports?" in text_of(pilot) and given.acts == []
        field = pilot.app.screen.query_one(Input)
        await press(pilot, *"mistake", "enter")
        assert given.acts == [("withdraw", (7, 6), "mistake")] and field.value == ""
        assert "Nothing was deleted" in text_of(pilot)


async def test_what_fails_for_one_is_told_of_it() -> None:
    """The others are done."""
    given = desk()
    given.refusing = frozenset({8})
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, "space", "space", "x", "enter")
        said = " ".join(text_of(pilot).split())
        assert "Discarded report 0009" in said and "report 8 cannot be." in said


@pytest.mark.parametrize(
    ("number", "key", "said"),
    [
        (5, "x", list_words.NOTHING_TO_DISCARD),
        (9, "w", list_words.NOTHING_TO_WITHDRAW),
        (5, "w", list_words.NOTHING_TO_WITHDRAW),
        (4, "u", list_words.NOTHING_TO_HASTEN),
    ],
)
async def test_nothing_to_do_is_said(number: int, key: str, said: str) -> None:
    """No question where nothing would happen."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, *["down"] * (9 - number), key)
        assert said in " ".join(text_of(pilot).split()) and given.acts == []


async def test_editing_a_withdrawn_report_is_asked_first() -> None:
    """What it means is said before the form opens; no opens nothing."""
    async with showing(MemoryDoor(desk=desk())) as pilot:
        await press(pilot, "end", "e")
        assert "This report was withdrawn" in text_of(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RecordsScreen)


async def test_what_another_screen_changed_shows() -> None:
    """Back from a report that was discarded there, the list is as it is now and says what was done."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RecordScreen)
        await press(pilot, "w")
        assert list_words.NOTHING_TO_WITHDRAW in " ".join(text_of(pilot).split())
        given.lines = LINES[1:]
        await press(pilot, "escape")
        assert "0009" not in text_of(pilot)


async def test_history(snapshot: SnapshotAssertion) -> None:
    """Each step with what went and what came; long texts are cut to what changed."""
    async with showing(MemoryDoor(desk=desk())) as pilot:
        await press(pilot, "h")
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert text_of(pilot) == snapshot
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RecordsScreen)


async def test_every_kind_of_line(snapshot: SnapshotAssertion) -> None:
    """States, urgency, what is missing, what is being changed."""
    async with showing(MemoryDoor(desk=desk())) as pilot:
        assert text_of(pilot) == snapshot


async def test_the_question(snapshot: SnapshotAssertion) -> None:
    """What is asked before drafts are thrown away."""
    async with showing(MemoryDoor(desk=desk())) as pilot:
        await press(pilot, "space", "space", "x")
        assert text_of(pilot) == snapshot


async def test_filters(snapshot: SnapshotAssertion) -> None:
    """Keep the present search under a name, choose it, forget it; what is always there stays."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await press(pilot, "f", "n")
        assert "There is no search to keep" in text_of(pilot)
        await press(pilot, "escape", "slash", *"Sent", "enter")
        await press(pilot, "f", "n", *"mine", "enter")
        assert given.kept == {"mine": "Sent"}
        assert text_of(pilot) == snapshot
        await press(pilot, "down", "x")
        assert "always there" in text_of(pilot)
        await press(pilot, "up", "enter")
        assert pilot.app.screen.query_one(RecordList).count == len(LINES)
        await press(pilot, "f", "down", "down", "enter")
        assert pilot.app.screen.query_one(RecordList).count == 2
        await press(pilot, "f", "down", "down", "x")
        assert given.kept == {}


async def test_preview_follows_the_cursor_once_it_rests() -> None:
    """Beside the list from 110 cells on, for one report at a time; nothing of it outlives the lock."""
    given = desk()
    async with showing(MemoryDoor(desk=given), size=(120, 30)) as pilot:
        pane = pilot.app.screen.query_one(Preview)
        await wait_for(pilot, lambda: "Name in Arabic letters" in text_of(pilot))
        assert given.asked == [9]
        await pilot.press("down", "down", "down")
        await pilot.pause(REST_SECONDS * 2)
        await settle(pilot)
        assert given.asked == [9, 6]
        await press(pilot, "f8")
        assert pane.reading is None and "Name in Arabic" not in text_of(pilot)


async def test_no_preview_where_there_is_no_room() -> None:
    """At 80 cells no report is read that nobody opened."""
    given = desk()
    async with showing(MemoryDoor(desk=given)) as pilot:
        await pilot.press("down")
        await pilot.pause(REST_SECONDS * 2)
        await settle(pilot)
        assert given.asked == [] and not pilot.app.screen.query_one(Preview).display
