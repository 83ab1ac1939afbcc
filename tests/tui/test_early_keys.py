"""Keys in the instant a screen opens: they wait for what they act on, and act once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from textual import events

from fieldkit.tui.early_keys import MOST, EarlyKeys
from fieldkit.tui.ports.link import LinkView
from fieldkit.tui.ports.reports import Cursor, Page
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.sync import SyncScreen
from fieldkit.tui.widgets.header import HeaderLine, Standing
from fieldkit.tui.widgets.record_list import RecordList
from tests.tui.desk import PASSPHRASE, MemoryDesk, MemoryDoor
from tests.tui.link_desk import THREE, WAITING, MemoryLink
from tests.tui.showing import settle, showing, type_passphrase, wait_for

pytestmark = pytest.mark.anyio

PATIENCE_SECONDS = 30.0


@dataclass
class SlowLink(MemoryLink):
    """How things stand is known once it is let go."""

    gate: threading.Event = field(default_factory=threading.Event)

    def view(self) -> LinkView:
        """When the gate is open."""
        assert self.gate.wait(PATIENCE_SECONDS)
        return super().view()

    def coordinates(self) -> bool:
        """That, too."""
        assert self.gate.wait(PATIENCE_SECONDS)
        return super().coordinates()


@dataclass
class SlowDesk(MemoryDesk):
    """The first page comes once it is let go."""

    gate: threading.Event = field(default_factory=threading.Event)

    def page(self, after: Cursor | None, limit: int, query: str = "") -> Page:
        """When the gate is open."""
        assert self.gate.wait(PATIENCE_SECONDS)
        return super().page(after, limit, query)


@contextmanager
def opened_at_the_end(*gates: threading.Event) -> Iterator[None]:
    """No worker stays behind when a test fails."""
    try:
        yield
    finally:
        for gate in gates:
            gate.set()


@pytest.mark.parametrize(("keys", "begun"), [("s", [False]), ("p", [True]), ("sx", [False]), ("x", [])])
async def test_send_before_it_is_known_what_waits(keys: str, begun: list[bool]) -> None:
    """`s` and `p` on the sync screen are held until it knows whether they may; then each begins once."""
    link = SlowLink(seen=replace(WAITING, coordinator=True))
    link.now = replace(link.now, queue=THREE)
    with opened_at_the_end(link.gate):
        link.gate.set()
        async with showing(MemoryDoor(desk=MemoryDesk(link=link))) as pilot:
            link.gate.clear()
            await pilot.press("f5", *keys)
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, SyncScreen))
            assert link.begun == []
            link.gate.set()
            await settle(pilot)
            await wait_for(pilot, lambda: link.begun == begun)
            await pilot.press("x")
            assert link.begun == begun


async def test_pull_before_it_is_known_who_one_is() -> None:
    """`p` on the list, pressed before the vault has said that this is a coordinator."""
    link = SlowLink(seen=replace(WAITING, coordinator=True))
    with opened_at_the_end(link.gate):
        async with showing(MemoryDoor(desk=MemoryDesk(link=link)), unlock=False) as pilot:
            await type_passphrase(pilot, PASSPHRASE)
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
            await pilot.press("p")
            assert link.begun == []
            link.gate.set()
            await wait_for(pilot, lambda: link.begun == [True])
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, SyncScreen))


async def test_who_is_no_coordinator_pulls_nothing() -> None:
    """The same key of a reporter does nothing, early or late."""
    link = SlowLink(seen=WAITING)
    with opened_at_the_end(link.gate):
        async with showing(MemoryDoor(desk=MemoryDesk(link=link)), unlock=False) as pilot:
            await type_passphrase(pilot, PASSPHRASE)
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
            await pilot.press("p")
            link.gate.set()
            await settle(pilot)
            await pilot.press("p")
            await settle(pilot)
            assert link.begun == [] and isinstance(pilot.app.screen, RecordsScreen)


async def test_keys_before_the_list_is_there() -> None:
    """Down, down and Enter open the third report, although none was listed when they were pressed."""
    desk = SlowDesk()
    with opened_at_the_end(desk.gate):
        async with showing(MemoryDoor(desk=desk), unlock=False) as pilot:
            await type_passphrase(pilot, PASSPHRASE)
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
            view = pilot.app.screen.query_one(RecordList)
            await pilot.press("down", "down", "enter")
            assert view.count == 0 and isinstance(pilot.app.screen, RecordsScreen)
            desk.gate.set()
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
            assert view.cursor == 2


async def test_a_list_that_cannot_be_read_takes_keys_too() -> None:
    """What waits for a page that never comes is let go when that is said."""
    desk = SlowDesk(trouble=Trouble("the vault is busy", "try again"))
    with opened_at_the_end(desk.gate):
        async with showing(MemoryDoor(desk=desk), unlock=False) as pilot:
            await type_passphrase(pilot, PASSPHRASE)
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
            screen = pilot.app.screen
            await pilot.press("slash")
            desk.gate.set()
            await wait_for(pilot, lambda: bool(screen.query("FindField").first().display))


def test_only_so_many_are_held_and_leaving_waits_for_nothing() -> None:
    """Esc goes on at once; a key that is leant on does not act for a minute afterwards."""
    early = EarlyKeys()
    pressed = [events.Key("down", None) for _ in range(MOST + 5)]
    for key in pressed:
        early.hold(key)
    assert early._held == pressed[:MOST]
    leaving = events.Key("escape", None)
    early.hold(leaving)
    assert early._held == pressed[:MOST] and not leaving._stop_propagation


async def test_a_screen_left_in_the_instant_it_opened() -> None:
    """Its first line is told how things stand when nothing of it is there any more: nothing breaks."""
    async with showing(MemoryDoor()) as pilot:
        line = pilot.app.screen.query_one(HeaderLine)
        await line.remove_children()
        line.tick(7)
        line.show(Standing(vault="another"))
        await settle(pilot)
