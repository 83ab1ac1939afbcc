"""Runs the form screen on a draft in memory, without the list before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from textual.app import App
from textual.pilot import Pilot

from fieldkit.model.values import Path
from fieldkit.tui.last_words import store_last_words
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.widgets.page import PageView
from tests.tui.showing import wait_for
from tests.tui.writing_desk import MemoryWriting


@dataclass
class WritingDesk:
    """A desk at which one can only write."""

    writing: MemoryWriting = field(default_factory=MemoryWriting)


class FormApp(App[None]):
    """A program with nothing but a form; behind it an empty screen."""

    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False

    def close(self) -> None:
        """What a lock does first."""
        store_last_words(self.screen_stack)


@asynccontextmanager
async def form(
    writing: MemoryWriting, number: int = 1, *, place: Path | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The form on a draft, drawn."""
    app = FormApp()
    async with app.run_test(size=size) as pilot:
        desk = cast(Desk, WritingDesk(writing=writing))
        screen = FormScreen(desk, number, place=place)
        await app.push_screen(screen)
        await wait_for(pilot, lambda: screen.is_open)
        await pilot.pause()
        await wait_for(pilot, lambda: is_laid_out(screen))
        yield pilot


def is_laid_out(screen: FormScreen) -> bool:
    """Whether each page has the scroll bar it needs: it comes a drawing after the fields, which wrap anew."""
    drawn = screen._compositor.full_map
    return not screen._layout_required and all(
        (page.virtual_size.height > page.container_size.height)
        == page.show_vertical_scrollbar
        == (page.vertical_scrollbar in drawn)
        for page in screen.query(PageView)
        if page.display and page.is_on_screen
    )


def form_of(pilot: Pilot[Any]) -> FormScreen:
    """The form that is shown."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, FormScreen))
