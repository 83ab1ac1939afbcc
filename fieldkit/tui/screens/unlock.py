"""Asks for the passphrase."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.messages import Opened, Refused
from fieldkit.tui.ports.door import Door
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.widgets.key_bar import KeyBar

LONGEST_PASSPHRASE = 1024
"""Characters: far beyond any that is typed."""

ASK = "The passphrase of this vault, then Enter."
BUSY = "Opening: this takes a second or two on purpose."
NO_VAULT = "There is no vault here yet. Leave with Ctrl+Q and create one:  fieldkit init"


class UnlockScreen(Screen[None]):
    """The first screen, and the one that is left after a lock."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.QUIT]
    ALLOW_SELECT = False
    CSS = """
    UnlockScreen { align: center middle; }
    UnlockScreen #card { width: 1fr; max-width: 76; height: auto; padding: 0 2; }
    UnlockScreen #name { text-style: bold; padding-bottom: 1; }
    UnlockScreen #said { padding-top: 1; min-height: 3; }
    UnlockScreen Input { border: none; height: 1; padding: 0 1; background: $surface; }
    UnlockScreen Input:focus { border: none; }
    """

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    def compose(self) -> ComposeResult:
        """A name, the folder, one field, one line of talk."""
        with Vertical(id="card"):
            yield Static("fieldkit", id="name", markup=False)
            yield Static(clean(self._door.place, one_line=True), markup=False)
            if self._door.exists():
                yield Input(password=True, max_length=LONGEST_PASSPHRASE, id="passphrase")
                yield Static(ASK, id="said", markup=False)
            else:
                yield Static(NO_VAULT, id="said", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Load what opening needs once the screen has been drawn."""
        self.call_after_refresh(self._prepare)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try a passphrase; the field is emptied before anything else happens."""
        passphrase = event.value
        event.input.value = ""
        if passphrase:
            event.input.disabled = True
            self._say(BUSY)
            self._open(passphrase)

    def on_refused(self, event: Refused) -> None:
        """Say why not, and ask again."""
        field = self.query_one("#passphrase", Input)
        field.disabled = False
        field.focus()
        self._say(f"{event.message}\n{event.hint}".strip())

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(clean(text))

    @work(thread=True)
    def _prepare(self) -> None:
        self._door.prepare()

    @work(thread=True, exclusive=True, group="open")
    def _open(self, passphrase: str) -> None:
        try:
            desk = self._door.open(passphrase)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
            return
        if get_current_worker().is_cancelled:
            desk.lock()
        else:
            self.post_message(Opened(desk))
