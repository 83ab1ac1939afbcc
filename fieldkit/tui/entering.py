"""How a home is entered and left: which screen comes first, what stands over the list, practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.app import App
from textual.screen import Screen

from fieldkit.tui.commands import Command
from fieldkit.tui.last_words import Unsaved, unsaved_words
from fieldkit.tui.messages import DoorChosen, Joined, Opened
from fieldkit.tui.ports.door import Desk, Door
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.widgets.header import Standing

KEPT_SCREENS = 1
"""Textual's own blank screen, at the bottom."""


class EnteringApp(App[None]):
    """The part of the program that knows doors. Imports screens when they are shown: most never are."""

    _door: Door
    _desk: Desk | None = None
    lost: tuple[Unsaved, ...] = ()
    """What could not be stored before the vault closed last."""
    why: str = ""
    """Why it was closed, where nobody left it on purpose."""

    def closed(self) -> Standing:
        """What the first line says while no vault is open."""
        return Standing(vault=self._door.name, practice=self._door.practice)

    def opened(self, desk: Desk) -> Standing:
        """What it says once one is, before anything was counted."""
        return Standing(vault=self._door.name, practice=desk.entry.practice)

    def door_screen(self) -> Screen[None]:
        """What is shown while no vault is open."""
        if self._door.exists():
            from fieldkit.tui.screens.unlock import UnlockScreen

            why, self.why = self.why, ""
            return UnlockScreen(self._door, lost=unsaved_words(self.lost), why=why)
        from fieldkit.tui.screens.first_run import FirstRunScreen, PracticeScreen

        return PracticeScreen(self._door) if self._door.practice else FirstRunScreen(self._door)

    def show_notices(self, title: str, notices: tuple[str, ...]) -> None:
        """Say something over the first screen."""
        from fieldkit.tui.screens.notice import NoticeScreen

        self.push_screen(NoticeScreen(title, notices))

    async def show_list(self, event: Opened, clock: Callable[[], int]) -> None:
        """The list, and over it what somebody has to read or answer first."""
        from fieldkit.tui.screens.records import RecordsScreen

        await self.leave_screens()
        await self.push_screen(RecordsScreen(event.desk, clock))
        for screen in over_the_list(event):
            await self.push_screen(screen)

    async def leave_screens(self) -> None:
        """Destroy every screen of ours."""
        while len(self.screen_stack) > KEPT_SCREENS:
            await self.pop_screen()

    async def back_to_the_door(self) -> None:
        """Show the first screen again, of whichever door there is now."""
        raise NotImplementedError

    def close_desk(self) -> None:
        """Close the vault, if one is open."""
        raise NotImplementedError

    async def on_door_chosen(self, event: DoorChosen) -> None:
        """Go to another home: close this one."""
        self.close_desk()
        self._door = event.door
        await self.back_to_the_door()

    def on_joined(self, event: Joined) -> None:
        """Who has just joined wants the server to know; the exchange goes on in the background."""
        if event.now and self._desk is not None and not event.membership.taken:
            self._desk.link.begin()

    def entering_offers(self) -> Iterator[Command]:
        """What the palette offers of all this, on every screen."""
        if self._desk is None:
            return
        entry = self._desk.entry
        if entry.practice:
            yield self._command("Leave practice; it stays as it is", "leave_practice")
            yield self._command("Throw practice away, whole", "throw_away")
            return
        yield self._command("Join an organisation, or see its fingerprint", "join")
        yield self._command("Recovery words: write them on paper", "paper")

    def action_join(self) -> None:
        """Ask for an invite, or show the organisation."""
        if self._desk is not None:
            from fieldkit.tui.screens.joining import JoiningScreen

            self.push_screen(JoiningScreen(self._desk.entry))

    def action_paper(self) -> None:
        """Make recovery words."""
        if self._desk is not None:
            from fieldkit.tui.screens.paper import PaperScreen

            self.push_screen(PaperScreen(self._desk.entry))

    async def action_leave_practice(self) -> None:
        """Back to the real home; without one known, out of the program."""
        if self._desk is None or not self._desk.entry.practice:
            return
        real = self._door.real()
        self.close_desk()
        if real is None:
            self.exit()
            return
        self._door = real
        await self.back_to_the_door()

    async def action_throw_away(self) -> None:
        """Remove the practice vault, and go where there was none."""
        if self._desk is None or not self._desk.entry.practice:
            return
        thrown, real = self._door, self._door.real()
        self.close_desk()
        try:
            thrown.throw_away()
        except Trouble as trouble:
            await self.back_to_the_door()
            self.notify(f"{trouble.message}. {trouble.hint}", markup=False, severity="error")
            return
        self._door = real or thrown
        await self.back_to_the_door()

    def _command(self, words: str, action: str) -> Command:
        return Command(words=words, action=action, node=self, everywhere=True)


def over_the_list(event: Opened) -> Iterator[Screen[None]]:
    """Screens over the list, the last uppermost; none, on most days."""
    entry = event.desk.entry
    if event.new and not entry.practice:
        from fieldkit.tui.screens.joining import JoiningScreen
        from fieldkit.tui.screens.paper import PaperScreen

        yield JoiningScreen(entry)
        yield PaperScreen(entry)
    elif entry.recovered is not None:
        from fieldkit.tui.screens.recovered import RecoveredScreen

        yield RecoveredScreen(entry.recovered, entry)
