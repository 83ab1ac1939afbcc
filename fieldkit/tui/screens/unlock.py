"""Asks for the passphrase."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.advice import keyboard_hint
from fieldkit.tui.let_in import let_in
from fieldkit.tui.messages import RecoveryKnown, Refused
from fieldkit.tui.ports.door import Door
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.secret_field import SecretField

ASK = "The passphrase of this vault, then Enter."
RECOVER = "Forgotten? Type the recovery words from your paper instead."
SAVED = "Everything written is saved."
"""Said with why the vault locked, unless something could not be."""
PRACTICE = "This is PRACTICE: nothing is sent. Its passphrase is the word: practice"
EMPTY = "Nothing is typed yet. What you type shows as dots; then Enter."
BUSY = "Opening: this takes a second or two on purpose."
WAIT = (
    "Several wrong passphrases: the next try is possible in {seconds} s."
    "\nWaiting costs nothing, and wrong tries erase nothing."
)
TICK_SECONDS = 1.0
PREPARE_SECONDS = 0.1
"""So long what opening needs is not loaded yet: that would hold up the first picture."""


class UnlockScreen(Screen[None]):
    """The first screen where there is a vault, and the one that is left after a lock."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.QUIT]
    ALLOW_SELECT = False
    CSS = """
    UnlockScreen { align: center middle; }
    UnlockScreen #card { width: 1fr; max-width: 76; height: auto; padding: 0 2; }
    UnlockScreen #name { text-style: bold; padding-bottom: 1; }
    UnlockScreen #why { margin-top: 1; }
    UnlockScreen #lost { text-style: bold reverse; margin-top: 1; }
    UnlockScreen #said { padding-top: 1; min-height: 4; }
    UnlockScreen Input { border: none; height: 1; padding: 0 1; background: $surface; }
    UnlockScreen Input:focus { border: none; }
    """

    def __init__(self, door: Door, *, lost: str = "", why: str = "") -> None:
        super().__init__()
        self._door = door
        self._why = why
        self._lost = lost
        """What is to be said of words that could not be stored before the vault locked."""
        self._ticking: Timer | None = None
        self._typed = ""
        self._hint = ""
        self._ask_words = PRACTICE if door.practice else ASK

    def compose(self) -> ComposeResult:
        """A name, the folder, one field, one line of talk."""
        yield HeaderLine()
        with Vertical(id="card"):
            yield Static(clean(self._door.name, one_line=True), id="name", markup=False)
            yield Static(clean(self._door.place, one_line=True), markup=False)
            if self._why:
                yield Static(self._why if self._lost else f"{self._why} {SAVED}", id="why", markup=False)
            if self._lost:
                yield Static(clean(self._lost, one_line=True), id="lost", markup=False)
            yield SecretField()
            yield Said(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask, and once that has been drawn, load what opening needs."""
        self._say(self._ask_words)
        self.query_one(Input).focus()
        self.set_timer(PREPARE_SECONDS, self._prepare)
        self._wait_if_asked()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try a passphrase; the field is emptied before anything else happens."""
        passphrase = event.value
        event.input.value = ""
        if passphrase:
            event.input.disabled = True
            self._hint = keyboard_hint(passphrase)
            self._say(BUSY)
            self._typed = passphrase
            self._open()
        else:
            self._say(EMPTY)

    def on_refused(self, event: Refused) -> None:
        """Say why not, and ask again."""
        self._say("\n".join(line for line in (event.message, event.hint, self._hint) if line))
        if not self._wait_if_asked():
            self._ask()

    def _ask(self) -> None:
        field = self.query_one(SecretField)
        field.disabled = False
        field.focus()

    def _wait_if_asked(self) -> bool:
        """After several wrong tries the field takes nothing for a while; say for how long."""
        if not self._door.wait():
            return False
        self.query_one(SecretField).disabled = True
        if self._ticking is None:
            self._ticking = self.set_interval(TICK_SECONDS, self._tick)
        self._tick()
        return True

    def _tick(self) -> None:
        left = self._door.wait()
        if left:
            self._say(WAIT.format(seconds=left))
            return
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        self._say("\n".join(line for line in (self._ask_words, self._hint) if line))
        self._ask()

    def _say(self, text: str) -> None:
        self.query_one("#said", Said).say(text)

    def on_recovery_known(self, event: RecoveryKnown) -> None:
        """Tell of recovery words where there are any."""
        if event.words and self._ask_words == ASK:
            asked, self._ask_words = self._ask_words, f"{ASK} {RECOVER}"
            if self.query_one("#said", Said).words == asked:
                self._say(self._ask_words)

    @work(thread=True)
    def _prepare(self) -> None:
        self._door.prepare()
        self.post_message(RecoveryKnown(self._door.recovery_words()))
        # What is shown as soon as the vault is open.
        import fieldkit.tui.screens.records  # noqa: F401

    @work(thread=True, exclusive=True, group="open")
    def _open(self) -> None:
        # Not as an argument: the last word of a worker lies about in the screen, with all it was given.
        passphrase, self._typed = self._typed, ""
        let_in(self, lambda: self._door.open(passphrase))
