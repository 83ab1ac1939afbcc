"""Where there is no vault: make one, or practise first."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from fieldkit.tui import keymap
from fieldkit.tui.let_in import let_in
from fieldkit.tui.messages import DoorChosen, Refused
from fieldkit.tui.ports.door import Door
from fieldkit.tui.screens.new_vault import NewVaultScreen
from fieldkit.tui.screens.step import StepScreen
from fieldkit.tui.widgets.choices import Choices

TITLE = "Welcome. There is no vault here yet."
TEXT = (
    "A vault is a folder on this laptop. What you write lies in it, encrypted, and only"
    " your passphrase opens it. Making one takes a few minutes and needs no link.\n\n"
    "Folder: {place}"
)
CHOICES = (
    "Make a vault",
    "Practise first: invented reports, nothing is ever sent",
    "Put a backup back",
    "Leave",
)
MAKE, PRACTISE, RESTORE = 0, 1, 2

PRACTICE_TITLE = "PRACTICE: nothing is sent."
PRACTICE_TEXT = (
    "A practice vault is like a real one, with invented reports in it. Write, finish and sync"
    " as you like: it has no way to send anything, and never gets one. Write nothing true in it:"
    " its passphrase is the word “practice”, which everybody knows.\n\n"
    "When you have had enough, ^P and “throw away” removes it whole.\n\n"
    "Folder: {place}"
)
PRACTICE_CHOICES = ("Begin to practise", "Leave practice")
BUSY = "Making it: a moment."


class FirstRunScreen(StepScreen[None]):
    """Offers to make a vault. Where none can be made, says why."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.QUIT]

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    def asked(self) -> ComposeResult:
        """Four things to do."""
        yield Choices(CHOICES)

    def on_mount(self) -> None:
        """Say where one is."""
        self.tell(TITLE, TEXT.format(place=self._door.place))
        self.query_one(Choices).focus()
        self._say_obstacle()
        self.call_after_refresh(self._prepare)

    async def on_choices_picked(self, event: Choices.Picked) -> None:
        """Go on."""
        if event.index == PRACTISE:
            self.post_message(DoorChosen(self._door.rehearsal()))
        elif event.index == RESTORE:
            await self.run_action("app.restore")
        elif event.index != MAKE:
            self.app.exit()
        elif not self._say_obstacle():
            self.app.push_screen(NewVaultScreen(self._door))

    def _say_obstacle(self) -> bool:
        obstacle = self._door.obstacle()
        self.say(f"No vault can be made here: {obstacle}." if obstacle else "")
        return bool(obstacle)

    @work(thread=True)
    def _prepare(self) -> None:
        self._door.prepare()


class PracticeScreen(StepScreen[None]):
    """Says what practice is, and begins it."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.QUIT]

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    def asked(self) -> ComposeResult:
        """Two things to do."""
        yield Choices(PRACTICE_CHOICES)

    def on_mount(self) -> None:
        """Say what it is."""
        self.tell(PRACTICE_TITLE, PRACTICE_TEXT.format(place=self._door.place))
        self.query_one(Choices).focus()

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Begin, or go back to the real home."""
        real = self._door.real()
        if event.index == 0:
            self.query_one(Choices).disabled = True
            self.say(BUSY)
            self._begin()
        elif real is not None:
            self.post_message(DoorChosen(real))
        else:
            self.app.exit()

    def on_refused(self, event: Refused) -> None:
        """Say why not."""
        choices = self.query_one(Choices)
        choices.disabled = False
        choices.focus()
        self.say(event.said)

    @work(thread=True, exclusive=True)
    def _begin(self) -> None:
        let_in(self, lambda: self._door.create(""), new=True)
