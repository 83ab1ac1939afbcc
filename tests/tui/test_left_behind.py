"""A screen that is taken away while one of its handlers goes on."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Static

from fieldkit.tui.left_behind import LeftBehindApp, is_left_behind

pytestmark = pytest.mark.anyio


class Slow(Screen[None]):
    """Draws on a part of itself once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()
        self.caught: Exception | None = None

    def compose(self) -> ComposeResult:
        """One part."""
        yield Static("", id="part")

    async def draw(self, name: str) -> None:
        """What a handler does."""
        await self.may.wait()
        try:
            self.query_one(name)
        except NoMatches as error:
            self.caught = error


@pytest.mark.parametrize(("leaves", "name", "quiet"), [(True, "#part", True), (False, "#no-part", False)])
async def test_only_what_left_is_passed_over(leaves: bool, name: str, quiet: bool) -> None:
    """A handler of a screen that went ends in silence; on a screen that is there it is a fault."""
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = Slow()
        await app.push_screen(screen)
        drawing = asyncio.create_task(screen.draw(name))
        if leaves:
            await app.pop_screen()
        screen.may.set()
        await drawing
        await pilot.pause()
        assert screen.caught is not None
        assert is_left_behind(screen.caught, app.screen_stack) is quiet


class Line(Static):
    """A widget that misses what it is made of."""

    def draw(self) -> NoMatches:
        """What a handler does."""
        with pytest.raises(NoMatches) as missed:
            self.query_one("#no-part")
        return missed.value


@pytest.mark.parametrize("leaves", ["nothing", "the screen", "the widget"])
async def test_a_widget_that_left(leaves: str) -> None:
    """The same of a widget, whether it went alone or with its screen: keys come faster than screens open."""
    app: App[None] = App()
    async with app.run_test():
        screen, line = Screen[None](), Line()
        await app.push_screen(screen)
        await screen.mount(line)
        if leaves == "the screen":
            await app.pop_screen()
        elif leaves == "the widget":
            await line.remove()
        assert is_left_behind(line.draw(), app.screen_stack) is (leaves != "nothing")


class Waits(Screen[None]):
    """A key of the program's own turn, which goes on after a wait."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "draw('#part')", "Draw", priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may, self.drawn = asyncio.Event(), asyncio.Event(), 0

    def compose(self) -> ComposeResult:
        """One part."""
        yield Static("", id="part")

    async def action_draw(self, name: str) -> None:
        """Draw on a part once it may."""
        self.began.set()
        await self.may.wait()
        self.query_one(name)
        self.drawn += 1


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_key_whose_screen_left(leaves: bool) -> None:
    """It is acted on in the program's own turn, which a fault would end: the next key still works."""
    app = LeftBehindApp()
    async with app.run_test():
        screen = Waits()
        await app.push_screen(screen)
        app.post_message(events.Key("f2", None))
        await screen.began.wait()
        if leaves:
            await app.pop_screen()
        screen.may.set()
        after = Waits()
        after.may.set()
        await app.push_screen(after)
        app.post_message(events.Key("f2", None))
        async with asyncio.timeout(20):
            while not after.drawn:
                await asyncio.sleep(0)
        assert screen.drawn == (not leaves)


async def test_a_key_on_a_screen_that_is_being_made() -> None:
    """It waits until the parts are there; and a key that means a part there never was is a fault."""
    app = LeftBehindApp()
    async with app.run_test():
        screen = Waits()
        screen.may.set()
        app.push_screen(screen)
        assert not screen.is_mounted
        await app.on_event(events.Key("f2", None))
        async with asyncio.timeout(20):
            while not screen.drawn:
                await asyncio.sleep(0)
        with pytest.raises(NoMatches):
            await app.run_action("draw('#no-part')", screen)


def test_other_faults_are_faults() -> None:
    """Nothing else is passed over."""
    assert not is_left_behind(ValueError("synthetic"), [])
