"""Puts the screens together and wires them to a door; holds the open desk, and lets go of it at a lock.

Imports a screen when it is shown: nobody who types a passphrase should wait for a form.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from typing import Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import ModalScreen, Screen
from textual.worker import WorkerFailed

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.appearance import Look, choose_look, dress
from fieldkit.tui.beside import BesideApp, is_beside
from fieldkit.tui.commands import Command
from fieldkit.tui.counting import CountingApp
from fieldkit.tui.forgetting import ForgettingThreads
from fieldkit.tui.left_behind import LeftBehindApp
from fieldkit.tui.linking import LinkWatch
from fieldkit.tui.locking import IDLE_CHECK_SECONDS, LockingApp
from fieldkit.tui.messages import Opened
from fieldkit.tui.panic_key import PanicKey
from fieldkit.tui.ports.door import Door
from fieldkit.tui.signals import locking_on_signals
from fieldkit.tui.sleeping import asleep

NEUTRAL_TITLE = "Terminal"
"""The window's title while the screens are open: it says nothing (threat model R28)."""

# XTWINOPS: keep the title that was there and set ours; later put it back.
TAKE_TITLE = f"\x1b[22;0t\x1b]0;{NEUTRAL_TITLE}\x1b\\"
GIVE_TITLE_BACK = "\x1b[23;0t"

DRAWN_SECONDS = 0.1
"""The first picture is there, and garbage is collected again."""

FIRST_THIS = "First this: Esc leaves it. Then F5 shows what waits to be sent."

NOT_USED = "Some of what you set was not used. Everything else works."


class FieldkitApp(LockingApp, CountingApp, BesideApp, LeftBehindApp):
    """The program's screens. `crash` holds what ended them, if anything did."""

    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False
    """Textual's own, which would parse markup; ours is `action_palette`."""
    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.PALETTE,
        keymap.HELP,
        keymap.SYNC,
        keymap.LOCK,
        keymap.PANIC,
        keymap.QUIT,
    ]
    TITLE = "fieldkit"

    def __init__(
        self,
        door: Door,
        *,
        clock: Callable[[], int] = lambda: int(time.time()),
        uptime: Callable[[], float] = time.monotonic,
        slept: Callable[[], float] = asleep,
        going: Callable[[int], None] = lambda _: None,
        look: Look | None = None,
    ) -> None:
        super().__init__(uptime=uptime, slept=slept, going=going)
        dress(self, look or choose_look(os.environ))
        self._door = door
        self._clock = clock
        self._held = ExitStack()
        self._standing = self.closed()
        self.notices: tuple[str, ...] = ()
        """Said before anything else, when the program starts."""
        self.panic_key = PanicKey(
            self,
            lambda: self._door,
            uptime=uptime,
            let_go=self._let_go,
            show=lambda screen: self.call_later(self._leave_only, screen),
        )

    def on_mount(self) -> None:
        """Show the first screen, watch for idleness and signals."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ForgettingThreads())
        self._held.enter_context(
            locking_on_signals(
                leave=lambda number: self._leave(loop, number),
                lock=lambda: self._sleep(loop),
            )
        )
        self.tell_terminal(TAKE_TITLE)
        if not self.panic_key.go_on():
            self.push_screen(self.door_screen())
            if self.notices:
                self.show_notices(NOT_USED, self.notices)
        self.set_interval(IDLE_CHECK_SECONDS, self._lock_when_idle)
        self.set_timer(DRAWN_SECONDS, gc.enable)

    def on_unmount(self) -> None:
        """However the screens end, the vault is locked."""
        self.close_desk()
        self.tell_terminal(GIVE_TITLE_BACK)
        self._held.close()

    async def on_opened(self, event: Opened) -> None:
        """The vault is open: show the list."""
        if self.panic_key.erasing is not None:
            # It was being opened while it was erased.
            event.desk.lock(orderly=False)
            return
        self._desk, self.lost = event.desk, ()
        self._touched = self._uptime()
        self._standing = self.opened(event.desk)
        self._link = LinkWatch(self, event.desk.link)
        await self.show_list(event, self._clock)

    def action_panic(self) -> None:
        """Once warns, twice erases the vault."""
        self.panic_key.pressed()

    def action_ask_to_erase(self) -> None:
        """Erase without the key."""
        self.panic_key.ask()

    def action_practise_panic(self) -> None:
        """Practise the key."""
        self.panic_key.practise()

    def action_back_up(self) -> None:
        """Ask where to write a backup."""
        if self._desk is not None:
            from fieldkit.tui.screens.keeping import BackupScreen

            self.push_screen(BackupScreen(self._desk.keeping))

    def action_restore(self) -> None:
        """Ask for a backup to make this vault from."""
        if not self._door.exists():
            from fieldkit.tui.screens.keeping import RestoreScreen

            self.push_screen(RestoreScreen(self._door.care, self._door.place), self._restored)

    async def _restored(self, made: bool | None) -> None:
        if made:
            await self.back_to_the_door()

    async def on_event(self, event: events.Event) -> None:
        """Any key or click counts as being there. What is pasted is cleaned before any field has it (R25)."""
        if isinstance(event, events.Paste):
            event.text = clean(event.text)
        if isinstance(event, events.InputEvent | events.Paste):
            self._touched = self._uptime()
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to lock or to send while nothing is open."""
        return action not in ("lock", "sync") or self._desk is not None

    def action_sync(self) -> None:
        """Show what waits to be sent; again closes it."""
        from fieldkit.tui.screens.sync import SyncScreen

        if isinstance(self.screen, SyncScreen):
            self.pop_screen()
        elif self._desk is None or is_beside(self.screen):
            return
        elif isinstance(self.screen, ModalScreen):
            self.notify(FIRST_THIS)
        else:
            self.push_screen(SyncScreen(self._desk, self._clock))

    def offers(self) -> Iterable[Command]:
        """What the palette offers on every screen beside what has a key."""
        yield from self.entering_offers()
        if self._desk is not None and not self._standing.practice:
            yield Command(words="Back up this vault to a file", action="back_up", node=self, everywhere=True)
        elif not self._door.exists():
            yield Command(words="Put a backup back", action="restore", node=self, everywhere=True)
        # Erasing comes last: nobody should hit it who looks for something else.
        yield from self.panic_key.offers()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None of Textual's own: a screenshot would be plaintext outside the vault (R27)."""
        return ()

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """No screenshots (R27)."""

    def notify(self, message: str, *, title: str = "", **how: Any) -> None:
        """Say something for a moment: data, never markup (R25, R26)."""
        super().notify(clean(message), title=clean(title, one_line=True), **{**how, "markup": False})

    def bell(self) -> None:
        """No sound: whoever writes may not be alone."""

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing leaves for the clipboard (R7, R27)."""

    def _handle_exception(self, error: Exception) -> None:
        """End on a fault without a word of its own: Textual would print every local variable (R27)."""
        fault = error.error if isinstance(error, WorkerFailed) else error
        if self.passes_over(fault):
            return
        self.crash = fault
        with suppress(Exception):
            self._go_dark()
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()
