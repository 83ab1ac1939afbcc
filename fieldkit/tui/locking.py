"""How the vault is closed: by a key, idleness, a sleep, a signal, the end; and when the screen is dark."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rich.console import RenderableType
from textual.screen import Screen

from fieldkit.tui.closing import Closing
from fieldkit.tui.drawing import DrawingApp
from fieldkit.tui.forgetting import FORGET_SECONDS, forget_everything
from fieldkit.tui.heading import HeadingApp
from fieldkit.tui.last_words import all_settled, drop_words, holding_back
from fieldkit.tui.linking import LinkWatch
from fieldkit.tui.panic_key import PanicKey
from fieldkit.tui.signals import undisturbed
from fieldkit.tui.sleeping import Sleep
from fieldkit.tui.widgets.header import HeaderLine

IDLE_SECONDS = 300
"""Without a key or a click for so long, the vault locks itself."""

UNSAVED_SECONDS = 300
"""So much longer an idle vault stays open while the last words cannot be stored; then it locks without."""

AT_ONCE_SECONDS = 0.05
"""A vault that closes within this is not talked about; how often one that takes longer is looked at."""

IDLE_CHECK_SECONDS = 1.0
"""How often idleness is looked at."""

BY_KEY = "You locked it."
BY_IDLENESS = "It locked by itself, after 5 minutes without a key."
BY_SLEEP = "It locked because the laptop slept."
"""Said above the passphrase: who comes back wonders why."""

CLEAR = "\x1b[2J\x1b[3J"
"""Clears the screen and the lines scrolled out of it (R8)."""


class LockingApp(DrawingApp, HeadingApp):
    """The part of the program that closes the vault."""

    panic_key: PanicKey
    crash: BaseException | None = None
    """What ended the screens, if a fault did."""

    def __init__(
        self,
        *,
        uptime: Callable[[], float],
        slept: Callable[[], float],
        going: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._uptime = uptime
        self._going = going
        self._touched = uptime()
        self._asleep = Sleep(slept)
        self._link: LinkWatch | None = None
        self._desk_closing: Closing | None = None
        self._parting = False
        self._dark = False

    def action_lock(self) -> None:
        """Close the vault, destroy every screen, clear the terminal, ask for the passphrase."""
        self._part(self._may_close, partial(self._lock, BY_KEY))

    async def action_quit(self) -> None:
        """Lock the vault and leave."""
        self._part(self._may_close, self._quit)

    def _part(self, ready: Callable[[], Awaitable[bool]], then: Callable[[], Awaitable[None]]) -> None:
        """Once it is ready, lock or leave. Beside the keys: a disk that is slow to take the last words must
        not hold up the panic key. The latest wish counts.
        """
        if not self._parting:
            work: Callable[[], Awaitable[None]] = partial(self._parted, ready, then, self.panic_key.erasing)
            self.run_worker(work, group="parting", exclusive=True)

    async def _parted(
        self,
        ready: Callable[[], Awaitable[bool]],
        then: Callable[[], Awaitable[None]],
        erasing: object,
    ) -> None:
        if await ready() and self.panic_key.erasing is erasing:
            self._parting = True
            try:
                await then()
            finally:
                self._parting = False

    async def _quit(self) -> None:
        if self._desk is None or await self._lock_up():
            self.exit()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, and nothing that was drawn stays behind on the terminal."""
        self._go_dark()
        super().exit(result, return_code, message)

    def _go_dark(self) -> None:
        """Clear the terminal, and draw nothing until another screen comes. Of what is left to the second
        screen of a terminal anybody may look at it again; and a console has no second one.
        """
        self._dark = True
        self.tell_terminal(CLEAR)

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        """Draw, unless it is dark."""
        if not self._dark:
            super()._display(screen, renderable)

    async def _may_close(self) -> bool:
        """Whether nothing would be lost; where something would, that is told, and asking again does it."""
        screen = await holding_back(self.screen_stack)
        while screen is not None and self.screen is not screen:
            await self.pop_screen()
        return screen is None

    async def _lock(self, why: str) -> None:
        self.why = why
        if self._desk is not None and await self._lock_up():
            await self.back_to_the_door()

    async def _lock_up(self) -> bool:
        """Dark at once, then close the vault; whether nothing else came meanwhile, as the panic key.

        A disk that takes long over it holds up no key: the vault closes on a thread of its own.
        """
        erasing = self.panic_key.erasing
        self._go_dark()
        closing = self._begin_closing()
        if closing is not None:
            closing.begin()
            if not closing.wait(AT_ONCE_SECONDS):
                await self._show_locking(closing)
        if self.panic_key.erasing is not erasing:
            return False
        self.close_desk()
        return True

    async def _show_locking(self, closing: Closing) -> None:
        from fieldkit.tui.screens.locking import LockingScreen

        self._standing = self.closed()
        await self.push_screen(LockingScreen())
        self._dark = False
        self.refresh(layout=True)
        while not closing.wait(0):
            await asyncio.sleep(AT_ONCE_SECONDS)

    async def back_to_the_door(self) -> None:
        """Destroy every screen, clear the terminal, show the first screen of the door there is."""
        await self._leave_only(self.door_screen())

    async def _leave_only(self, screen: Screen[None]) -> None:
        """Destroy every screen, clear the terminal, and show this one."""
        self._standing = self.closed()
        self._go_dark()
        await self.leave_screens()
        self.clear_notifications()
        self._dark = False
        await self.push_screen(screen)
        self.refresh(layout=True)
        self.set_timer(FORGET_SECONDS, self._forget_screens)

    def _forget_screens(self) -> None:
        """Forget what the screens that are gone have left to others: a screen that closes hands what it
        would still have drawn to the one below, which runs it when it is shown again, so never.
        """
        for beneath in self.screen_stack[:-1]:
            beneath._callbacks.clear()
        forget_everything()

    def _let_go(self) -> Callable[[], None]:
        desk, self._desk = self._desk, None
        link, self._link = self._link, None
        if link is not None:
            link.close()
        drop_words(self.screen_stack)
        if desk is not None:
            return partial(desk.lock, orderly=False)
        # Perhaps it is being closed already: that is waited for, and not for long.
        return self._desk_closing.run if self._desk_closing is not None else lambda: None

    def close_desk(self) -> None:
        """Close the vault and drop its keys; what cannot be cleared now is cleared at the next lock."""
        with undisturbed():
            closing = self._begin_closing()
            if closing is not None:
                closing.run()
                self._desk_closing, self.lost = None, closing.lost

    def _begin_closing(self) -> Closing | None:
        """Take the vault from the screens; what closes it, or goes on with that. None when none was open."""
        desk, self._desk = self._desk, None
        link, self._link = self._link, None
        if link is not None:
            link.close()
        if desk is not None:
            self._desk_closing = Closing(desk, self.screen_stack, self.crash)
        return self._desk_closing

    async def _lock_when_idle(self) -> None:
        if self._asleep.woke() and self._desk is not None:
            self._go_dark()
            self._part(_at_once, partial(self._lock, BY_SLEEP))
            return
        left = self.seconds_left()
        if left is not None and left <= 0:
            ready = _at_once if left < -UNSAVED_SECONDS else self._idle_and_settled
            self._part(ready, partial(self._lock, BY_IDLENESS))
            return
        if self.screen_stack:  # while a lock takes the old screens away there is none
            for line in self.screen.query(HeaderLine):
                line.tick(left)

    async def _idle_and_settled(self) -> bool:
        settled = await all_settled(self.screen_stack)
        left = self.seconds_left()
        return settled and left is not None and left <= 0

    def seconds_left(self) -> float | None:
        """Seconds until the vault locks itself; None while it is not open."""
        return None if self._desk is None else IDLE_SECONDS - (self._uptime() - self._touched)

    def _leave(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        """On a signal the vault closes at once; the screens follow when the loop gets to it."""
        self.close_desk()
        self._going(number)
        loop.call_soon_threadsafe(self.exit)

    def _sleep(self, loop: asyncio.AbstractEventLoop) -> None:
        self._go_dark()
        self.close_desk()
        loop.call_soon_threadsafe(self.call_later, self.back_to_the_door)


async def _at_once() -> bool:
    """Ask nobody."""
    return True
