"""A backup of the vault, and a vault made from one: a file is named, and what came of it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from fieldkit.tui import keymap
from fieldkit.tui.messages import Refused, Told
from fieldkit.tui.ports.care import Care, Keeping
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.step import StepScreen
from fieldkit.tui.widgets.clean_input import CleanInput
from fieldkit.tui.widgets.secret_field import SecretField

LONGEST_PLACE = 4_096
"""Characters: no system takes longer names."""

KEEP_TEXT = (
    "Everything in this vault goes into one encrypted file, drafts too. It opens with today's passphrase."
    " Name a new file, best on a stick: nothing is ever written over. Enter writes it, Esc leaves."
)
RESTORE_TEXT = (
    "Name the file that a backup wrote, then type the passphrase that opened the vault at that time."
    " The vault is made in the folder {place}. Esc leaves."
)
NO_FILE = (
    "No file is named yet. Type where it is or is to be, such as /media/stick/backup.fieldkit, then Enter."
)
NOT_TYPED = "The passphrase is not typed yet. What you type shows as dots; then Enter."
WRITING = "Writing it, and reading it back. This may take a while; nothing else has to wait."
TO_THE_FILE = "Shift+Tab goes back to the name of the file."
READING = "Reading it from one end to the other, then opening it: this may take a while."


@dataclass(eq=False)
class Kept(Told):
    """A backup was written, or one put back."""

    words: str


class FileField(CleanInput):
    """The name of a file. Forgets it when it goes."""

    def __init__(self) -> None:
        super().__init__(
            placeholder="/folder/of/the/stick/name-of-the-backup",
            max_length=LONGEST_PLACE,
            select_on_focus=False,
            id="file",
        )

    def on_unmount(self) -> None:
        """No name stays behind."""
        self.value = ""


class BackupScreen(StepScreen[None]):
    """Writes a backup."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BACKUP_LEAVE]

    def __init__(self, keeping: Keeping) -> None:
        super().__init__()
        self._keeping = keeping

    def asked(self) -> ComposeResult:
        """Where to."""
        yield FileField()

    def on_mount(self) -> None:
        """Say what it is."""
        self.tell("A backup of this vault", KEEP_TEXT)
        self.query_one(FileField).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write it."""
        if event.value.strip():
            event.input.disabled = True
            self.say(WRITING)
            self._write(event.value.strip())
        else:
            self.say(NO_FILE)

    def on_kept(self, event: Kept) -> None:
        """Say what there is now."""
        self.say(event.words)

    def on_refused(self, event: Refused) -> None:
        """Say why there is none, and ask again."""
        field = self.query_one(FileField)
        field.disabled = False
        field.focus()
        self.say(f"There is NO backup. {event.said}")

    def action_back(self) -> None:
        """Leave; what is being written is finished all the same."""
        self.dismiss()

    @work(thread=True, exclusive=True)
    def _write(self, file: str) -> None:
        try:
            said = self._keeping.back_up(file)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        else:
            self.post_message(Kept(said))


class RestoreScreen(StepScreen[bool]):
    """Makes a vault from a backup, where there is none. Leaves with True when there is one now."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BACKUP_LEAVE]

    def __init__(self, care: Care, place: str) -> None:
        super().__init__()
        self._care = care
        self._place = place
        self._made = False

    def asked(self) -> ComposeResult:
        """Which file, and its passphrase."""
        yield FileField()
        yield SecretField()

    def on_mount(self) -> None:
        """Say what it is."""
        self.tell("Put a backup back", RESTORE_TEXT.format(place=self._place))
        self.query_one(FileField).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the passphrase; with both, make the vault."""
        file, secret = self.query_one(FileField), self.query_one(SecretField)
        if event.input is file or not file.value.strip():
            (secret if file.value.strip() else file).focus()
            self.say("" if file.value.strip() else NO_FILE)
        elif secret.value:
            passphrase, secret.value = secret.value, ""
            file.disabled = secret.disabled = True
            self.say(READING)
            self._make(file.value.strip(), passphrase)
        else:
            self.say(NOT_TYPED)

    def on_kept(self, event: Kept) -> None:
        """There is a vault; leaving goes to it."""
        self._made = True
        self.say(f"{event.words}\nEsc goes on: the passphrase opens it.")

    def on_refused(self, event: Refused) -> None:
        """Say why not, and ask again."""
        file, secret = self.query_one(FileField), self.query_one(SecretField)
        file.disabled = secret.disabled = False
        secret.focus()
        self.say(f"Nothing was made. {event.said}\n{TO_THE_FILE}")

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(self._made)

    @work(thread=True, exclusive=True)
    def _make(self, file: str, passphrase: str) -> None:
        try:
            said = self._care.restore(file, passphrase)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        else:
            self.post_message(Kept(said))
