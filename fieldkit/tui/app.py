"""Puts the screens together and wires them to a door; holds the open desk, and lets go of it at a lock.

Imports a screen when it is shown: nobody who types a passphrase should wait for a form.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from rich.console import RenderableType
from textual import events
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.worker import WorkerFailed

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.appearance import Look, choose_look, dress
from fieldkit.tui.beside import BesideApp, is_beside
from fieldkit.tui.commands import Command
from fieldkit.tui.counting import CountingApp
from fieldkit.tui.drawing import DrawingApp
from fieldkit.tui.entering import EnteringApp
from fieldkit.tui.forgetting import FORGET_SECONDS, ForgettingThreads, forget_everything
from fieldkit.tui.last_words import all_settled, drop_words, holding_back, store_last_words
from fieldkit.tui.left_behind import LeftBehindApp
from fieldkit.tui.linking import LinkWatch
from fieldkit.tui.messages import LinkSaid, Opened, Summarised
from fieldkit.tui.panic_key import PanicKey
from fieldkit.tui.ports.door import Desk, Door
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.signals import locking_on_signals, undisturbed
from fieldkit.tui.sleeping import Sleep, asleep
from fieldkit.tui.widgets.header import HeaderLine, Standing

IDLE_SECONDS = 300
"""Without a key or a click for so long, the vault locks itself."""

UNSAVED_SECONDS = 300
"""So much longer an idle vault stays open while the last words cannot be stored; then it locks without."""

IDLE_CHECK_SECONDS = 1.0
"""How often idleness is looked at."""

NEUTRAL_TITLE = "Terminal"
"""The window's title while the screens are open: it says nothing (threat model R28)."""

# XTWINOPS: keep the title that was there and set ours; later put it back.
TAKE_TITLE = f"\x1b[22;0t\x1b]0;{NEUTRAL_TITLE}\x1b\\"
GIVE_TITLE_BACK = "\x1b[23;0t"

NOT_USED = "Some of what you set was not used. Everything else works."

CLEAR = "\x1b[2J\x1b[3J"
"""Clears the screen and the lines scrolled out of it (R8)."""


class FieldkitApp(DrawingApp, CountingApp, EnteringApp, BesideApp, LeftBehindApp):
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
        super().__init__()
        dress(self, look or choose_look(os.environ))
        self._door = door
        self._clock = clock
        self._uptime = uptime
        self._going = going
        self._desk: Desk | None = None
        self._touched = uptime()
        self._asleep = Sleep(slept)
        self._held = ExitStack()
        self._standing = self.closed()
        self._link: LinkWatch | None = None
        self._parting = False
        self._dark = False
        self.notices: tuple[str, ...] = ()
        """Said before anything else, when the program starts."""
        self.crash: BaseException | None = None
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

    def on_header_line_wanted(self, event: HeaderLine.Wanted) -> None:
        """A screen has come: tell its first line how things stand."""
        event.line.show(self._standing)
        event.line.tick(self._until_lock())

    def on_summarised(self, event: Summarised) -> None:
        """Some screen has counted: all first lines say the same. What comes after a lock is not shown."""
        if self._desk is not None:
            self._stand(replace(self._standing, summary=event.summary))

    def on_link_said(self, event: LinkSaid) -> None:
        """How the link is, in a word or two."""
        if self._desk is not None:
            self._stand(replace(self._standing, link=event.words))

    def _stand(self, standing: Standing) -> None:
        self._standing = replace(standing, now=self._clock())
        for screen in self.screen_stack:
            for line in screen.query(HeaderLine):
                line.show(self._standing)

    def action_lock(self) -> None:
        """Close the vault, destroy every screen, clear the terminal, ask for the passphrase."""
        self._part(self._may_close, self._lock)

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
        self.close_desk()
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

    async def _lock(self) -> None:
        if self._desk is not None:
            self.close_desk()
            await self.back_to_the_door()

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
        self.set_timer(FORGET_SECONDS, forget_everything)

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

    def _let_go(self) -> Callable[[], None]:
        desk, self._desk = self._desk, None
        link, self._link = self._link, None
        if link is not None:
            link.close()
        drop_words(self.screen_stack)
        return (lambda: None) if desk is None else partial(desk.lock, orderly=False)

    def close_desk(self) -> None:
        """Close the vault and drop its keys; what cannot be cleared now is cleared at the next lock."""
        with undisturbed():
            desk, self._desk = self._desk, None
            if self._link is not None:
                self._link.close()
                self._link = None
            if desk is not None:
                self.lost = store_last_words(self.screen_stack)
                if self.crash is not None:
                    with suppress(Exception):
                        # Whatever is broken: the vault closes.
                        desk.keeping.note_crash(self.crash)
                with suppress(Trouble):
                    desk.lock(orderly=self.crash is None)

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
        elif self._desk is not None and not is_beside(self.screen):
            self.push_screen(SyncScreen(self._desk, self._clock))

    def offers(self) -> Iterable[Command]:
        """What the palette offers on every screen beside what has a key."""
        yield from self.entering_offers()
        yield from self.panic_key.offers()
        if self._desk is not None and not self._standing.practice:
            yield Command(words="Back up this vault to a file", action="back_up", node=self, everywhere=True)
        elif not self._door.exists():
            yield Command(words="Put a backup of a vault back", action="restore", node=self, everywhere=True)

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

    async def _lock_when_idle(self) -> None:
        if self._asleep.woke() and self._desk is not None:
            await self._lock()
            return
        left = self._until_lock()
        if left is not None and left <= 0:
            if left < -UNSAVED_SECONDS:
                await self._lock()
            else:
                self._part(self._idle_and_settled, self._lock)
            return
        for line in self.screen.query(HeaderLine):
            line.tick(left)

    async def _idle_and_settled(self) -> bool:
        settled = await all_settled(self.screen_stack)
        left = self._until_lock()
        return settled and left is not None and left <= 0

    def _until_lock(self) -> float | None:
        """Seconds until the vault locks itself; None while it is not open."""
        return None if self._desk is None else IDLE_SECONDS - (self._uptime() - self._touched)

    def _leave(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        """On a signal the vault closes at once; the screens follow when the loop gets to it."""
        self.close_desk()
        self._going(number)
        loop.call_soon_threadsafe(self.exit)

    def _sleep(self, loop: asyncio.AbstractEventLoop) -> None:
        self.close_desk()
        self._go_dark()
        loop.call_soon_threadsafe(self.call_later, self.back_to_the_door)

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
