"""Puts the screens together and wires them to a door; holds the open desk, and lets go of it at a lock."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from typing import ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from fieldkit.tui import keymap
from fieldkit.tui.messages import Opened
from fieldkit.tui.ports.door import Desk, Door
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.tui.signals import locking_on_signals

IDLE_SECONDS = 300
"""Without a key or a click for so long, the vault locks itself."""

IDLE_CHECK_SECONDS = 1.0
"""How often idleness is looked at."""

NEUTRAL_TITLE = "Terminal"
"""The window's title while the screens are open: it says nothing (threat model R28)."""

# XTWINOPS: keep the title that was there and set ours; later put it back.
TAKE_TITLE = f"\x1b[22;0t\x1b]0;{NEUTRAL_TITLE}\x1b\\"
GIVE_TITLE_BACK = "\x1b[23;0t"

CLEAR = "\x1b[2J\x1b[3J"
"""Clears the screen and the lines scrolled out of it (R8)."""


class FieldkitApp(App[None]):
    """The program's screens. `crash` holds what ended them, if anything did."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [keymap.LOCK, keymap.QUIT]
    TITLE = "fieldkit"

    def __init__(
        self,
        door: Door,
        *,
        clock: Callable[[], int] = lambda: int(time.time()),
        uptime: Callable[[], float] = time.monotonic,
        going: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._door = door
        self._clock = clock
        self._uptime = uptime
        self._going = going
        self._desk: Desk | None = None
        self._touched = uptime()
        self._held = ExitStack()
        self.crash: BaseException | None = None
        self.animation_level = "none"
        if os.environ.get("SSH_CONNECTION"):
            # Flat and in the terminal's own colours: repainting costs bytes on the link.
            self.theme = "ansi-dark"

    def on_mount(self) -> None:
        """Show the first screen, watch for idleness and signals."""
        loop = asyncio.get_running_loop()
        self._held.enter_context(
            locking_on_signals(
                leave=lambda number: self._leave(loop, number),
                lock=lambda: self._sleep(loop),
            )
        )
        self._tell_terminal(TAKE_TITLE)
        self.push_screen(UnlockScreen(self._door))
        self.set_interval(IDLE_CHECK_SECONDS, self._lock_when_idle)

    def on_unmount(self) -> None:
        """However the screens end, the vault is locked."""
        self.close_desk()
        self._tell_terminal(GIVE_TITLE_BACK)
        self._held.close()

    def on_opened(self, event: Opened) -> None:
        """The vault is open: show the list."""
        self._desk = event.desk
        self._touched = self._uptime()
        self.switch_screen(RecordsScreen(event.desk, self._clock))

    async def action_lock(self) -> None:
        """Close the vault, destroy every screen, clear the terminal, ask for the passphrase."""
        if self._desk is None:
            return
        self.close_desk()
        await self._back_to_the_door()

    async def _back_to_the_door(self) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self.clear_notifications()
        self._tell_terminal(CLEAR)
        await self.push_screen(UnlockScreen(self._door))
        self.refresh(layout=True)

    def close_desk(self) -> None:
        """Close the vault and drop its keys; what cannot be cleared now is cleared at the next lock."""
        desk, self._desk = self._desk, None
        if desk is not None:
            with suppress(Trouble):
                desk.lock()

    async def on_event(self, event: events.Event) -> None:
        """Any key or click counts as being there."""
        if isinstance(event, events.InputEvent | events.Paste):
            self._touched = self._uptime()
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to lock while nothing is open."""
        return action != "lock" or self._desk is not None

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers: never a screenshot, which would be plaintext outside the vault (R27)."""
        if self._desk is not None:
            yield SystemCommand("Lock", "Close the vault and ask for the passphrase", self.action_lock)
        yield SystemCommand("Quit", "Lock and leave", self.action_quit)

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """No screenshots (R27)."""

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing leaves for the clipboard (R7, R27)."""

    async def _lock_when_idle(self) -> None:
        if self._desk is not None and self._uptime() - self._touched >= IDLE_SECONDS:
            await self.action_lock()

    def _leave(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        """On a signal the vault closes at once; the screens follow when the loop gets to it."""
        self.close_desk()
        self._going(number)
        loop.call_soon_threadsafe(self.exit)

    def _sleep(self, loop: asyncio.AbstractEventLoop) -> None:
        self.close_desk()
        loop.call_soon_threadsafe(self.call_later, self._back_to_the_door)

    def _tell_terminal(self, sequence: str) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)
            self._driver.flush()

    def _handle_exception(self, error: Exception) -> None:
        """End on a fault without a word of its own: Textual would print every local variable (R27)."""
        self.crash = error.error if isinstance(error, WorkerFailed) else error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()
