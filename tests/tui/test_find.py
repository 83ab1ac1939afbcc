"""Finding: the list follows what is typed, says what it cannot understand, and comes back whole."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot

from fieldkit.tui.list_preview import REST_SECONDS
from fieldkit.tui.widgets.find_field import FindField
from fieldkit.tui.widgets.record_list import NOTHING_FOUND, RecordList
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.showing import settle, showing, text_of

pytestmark = pytest.mark.anyio


async def rest(pilot: Pilot[None]) -> None:
    """The fingers rest, and what they asked for comes."""
    await pilot.pause(REST_SECONDS * 2)
    await settle(pilot)


async def test_the_list_follows_what_is_typed() -> None:
    """Slash asks, the pause finds, Enter goes to the list, Escape shows everything again."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        view = pilot.app.screen.query_one(RecordList)
        everything = view.count
        await pilot.press("slash", *"clinic")
        await rest(pilot)
        assert view.count == 1 and "Attack on a clinic" in text_of(pilot)
        assert "Arrest campaign" not in text_of(pilot)
        await pilot.press("enter")
        assert pilot.app.focused is view
        await pilot.press("escape")
        await rest(pilot)
        assert view.count == everything and not pilot.app.screen.query_one(FindField).display
        assert desk.queries[0] == "" and "clinic" in desk.queries and len(desk.queries) <= 4


async def test_nothing_found_is_said() -> None:
    """An empty list says that it is the search which is empty."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("slash", *"zzz")
        await rest(pilot)
        assert NOTHING_FOUND.strip() in text_of(pilot)


async def test_a_query_that_is_none_leaves_the_list() -> None:
    """What was listed stays, with what was expected below it, until the query can be understood."""
    async with showing(MemoryDoor()) as pilot:
        before = pilot.app.screen.query_one(RecordList).count
        await pilot.press("slash", *"bad:x")
        await rest(pilot)
        assert pilot.app.screen.query_one(RecordList).count == before
        assert "There is no filter bad:" in text_of(pilot) and "kind:arrest" in text_of(pilot)
        await pilot.press("escape")
        await rest(pilot)
        assert "no filter" not in text_of(pilot)


async def test_letters_typed_act_on_nothing_else() -> None:
    """While a query is typed no letter is a key of the list, a slash included."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        await pilot.press("slash", *"a/n")
        await pilot.press("home", "end")
        await rest(pilot)
        assert pilot.app.screen.query_one(FindField).value == "a/n" and desk.asked == []


async def test_letters_that_wait_behind_the_slash_are_looked_for() -> None:
    """Typed in one go they act on no report: `n` would begin one, `x` ask to discard."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        listing = pilot.app.screen
        for key in ("slash", *"xnd"):
            pilot.app.post_message(events.Key(key, "/" if key == "slash" else key))
        await rest(pilot)
        assert pilot.app.screen is listing and listing.query_one(FindField).value == "xnd"
        assert desk.acts == []


async def test_a_late_page_of_another_query_is_not_shown() -> None:
    """Only what was asked for last is listed."""
    async with showing(MemoryDoor()) as pilot:
        screen = pilot.app.screen
        view = screen.query_one(RecordList)
        await pilot.press("slash", *"clinic")
        await rest(pilot)
        screen._fetch(None, "Arrest")  # type: ignore[attr-defined]
        await settle(pilot)
        assert view.count == 1 and "Attack on a clinic" in text_of(pilot)


async def test_nothing_of_a_query_outlives_the_lock() -> None:
    """What was looked for may name a person: after a lock it is on no screen and in no field."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("slash", *"clinic")
        await rest(pilot)
        field = pilot.app.screen.query_one(FindField)
        view = pilot.app.screen.query_one(RecordList)
        assert view.count == 1
        await pilot.press("f8")
        await settle(pilot)
        assert field.value == "" and view.count == 0 and "clinic" not in text_of(pilot)
