"""What F1 tells of each screen, by the name of its class. Three sentences each, no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.model.state import FACES, State


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a screen is for."""

    title: str
    sentences: tuple[str, ...] = ()
    states: bool = False
    """Whether the signs of reports are shown there."""


ABOUT: dict[str, About] = {
    "UnlockScreen": About(
        title="Opening the vault",
        sentences=(
            "Everything you write lies in a vault, a folder on this laptop that only your passphrase opens.",
            "Type the passphrase and press Enter; nothing shows what you type but dots.",
            "Nobody can give you a forgotten passphrase back, and nothing here is sent anywhere.",
        ),
    ),
    "FirstRunScreen": About(
        title="The first start",
        sentences=(
            "There is no vault in this folder yet: make one, or practise with invented reports first.",
            "Up and Down choose, Enter goes on. Nothing is written before you have typed a passphrase twice.",
            "If you do have a vault, leave and start again with --home and its folder.",
        ),
    ),
    "PracticeScreen": About(
        title="Practice",
        sentences=(
            "A vault to try everything in: it has no way to send, and its passphrase is known to everybody.",
            "It lies in a folder of its own beside your vault and never touches it.",
            "The palette (^P) leaves it, or throws it away whole.",
        ),
    ),
    "NewVaultScreen": About(
        title="A passphrase",
        sentences=(
            "Whoever takes this laptop has only your passphrase against them: six drawn words are enough.",
            "What you type shows as dots and is judged on this laptop alone; nothing of it is kept.",
            "You type it twice, so that a slip of the hand does not shut you out for ever. Enter goes on.",
        ),
    ),
    "PaperScreen": About(
        title="Recovery words",
        sentences=(
            "Thirteen words on paper that open the vault too: type them where the passphrase is asked for.",
            "They open nothing before two of them were read back from your paper.",
            "Whoever finds the paper and this laptop can read everything: keep them apart. Enter goes on.",
        ),
    ),
    "JoiningScreen": About(
        title="Joining an organisation",
        sentences=(
            "With an invite this vault can send to an organisation; without one everything stays here.",
            "Compare the words by voice: they prove that nobody has put another organisation in its place.",
            "Enter goes on. Without a link the invite is kept in the vault, and each sync tries it.",
        ),
    ),
    "RecoveredScreen": About(
        title="After a stop",
        sentences=(
            "The program was killed, or the power went, while the vault was open.",
            "These reports had been saved since; each says until which second.",
            "Enter goes on; it is not said again.",
        ),
    ),
    "RecordsScreen": About(
        title="Your reports",
        sentences=(
            "Each line is one report, the latest first, with a sign and a word for where it stands.",
            "Nothing leaves this laptop before you finish a report and then sync.",
            "The line above says what still waits to be sent and when this laptop last synced.",
        ),
        states=True,
    ),
    "SyncScreen": About(
        title="Sending and receiving",
        sentences=(
            "Here you see what waits to be sent, what it costs, and how far each report has come.",
            "A report counts as sent once the server has signed a receipt for it; drafts are never sent.",
            "You can stop at any moment and lose nothing; the next exchange goes on where this one stopped.",
        ),
        states=True,
    ),
    "RecordScreen": About(
        title="One report",
        sentences=(
            "This is the report as it stands on this laptop; reading it changes nothing.",
            "What still keeps it from being finished stands at the top, with an exclamation mark.",
            "Who the sources are is not shown here.",
        ),
        states=True,
    ),
    "HistoryScreen": About(
        title="How a report came to be",
        sentences=(
            "Each version that was signed stands here, the latest first, with what it changed.",
            "Signed versions never change; a later one stands beside them.",
            "Who the sources are is not shown here.",
        ),
        states=True,
    ),
    "FiltersScreen": About(
        title="Filters with a name",
        sentences=(
            "A filter is a search that you will want again; Enter lists what it finds.",
            "To keep one of your own, search in the list with /, come back here and press n.",
            "The names and what they look for stay in the vault and are never sent.",
        ),
    ),
    "AskScreen": About(
        title="Before something is done",
        sentences=(
            "It says what will be done, and to how many reports. Nothing has been done yet.",
            "Enter does it; Esc goes back and does nothing.",
        ),
    ),
    "CaptureScreen": About(
        title="A new report, quickly",
        sentences=(
            "What happened, when, where, and the account: everything is saved while you type.",
            "Tab or Enter goes to the next field; Esc keeps what you typed as a draft in the list.",
            "F6 goes on in the full form, now or on another day; nothing is sent before you finish it.",
        ),
    ),
    "ReviewScreen": About(
        title="Review and Finish",
        sentences=(
            "This is what would be signed and sent, who could read each part, and what sending it costs.",
            "Enter on a line with ! opens the form at that place; the meters advise and stop nobody.",
            "F9 twice signs it: then it waits to be sent, and a later change makes a new version.",
        ),
    ),
    "PanicScreen": About(
        title="An erased vault",
        sentences=(
            "The key slots are what a passphrase opens; once they are destroyed, nothing opens this vault.",
            "The rest is overwritten after them; nothing has to wait for that.",
            "Copies made earlier, and old pages that a flash disk keeps, are out of reach.",
        ),
    ),
    "LockingScreen": About(
        title="Locking",
        sentences=(
            "The vault is being closed, and the disk of this laptop takes long over it.",
            "What was written last is stored first; then the passphrase is asked for, or the program ends.",
            "Nothing has to be pressed. F12 twice erases the vault, as on every other screen.",
        ),
    ),
    "BackupScreen": About(
        title="A backup",
        sentences=(
            "One file holds the whole vault, encrypted; it is read back before this says that it is there.",
            "Keep it where nobody finds it together with this laptop.",
            "It opens with the passphrase of the day on which it was written.",
        ),
    ),
    "RestoreScreen": About(
        title="Putting a backup back",
        sentences=(
            "A vault is made from the file, with everything that was in it when the file was written.",
            "The file is checked before anything is made, and it stays as it is.",
        ),
    ),
    "EraseScreen": About(
        title="Erasing without the panic key",
        sentences=(
            "Typing the word does what F12 does when it is pressed twice.",
            "Nothing brings the vault back, except a backup of it and its passphrase.",
        ),
    ),
    "DrillScreen": About(
        title="Practising the panic key",
        sentences=(
            "While this screen is open the key erases nothing.",
            "What it measures is measured on a throw-away folder beside your vault.",
        ),
    ),
    "FormScreen": About(
        title="Writing a report",
        sentences=(
            "Every word is in the vault within a second; the line below the page says when, or why not.",
            "The outline at the left shows each page: ✓ done, … begun, ! something to mend.",
            "Nothing is sent before you finish with F9; answer in any order, and leave whenever you like.",
        ),
    ),
}
"""By class name. A screen without an entry is told of by its keys alone; a test asks for one."""

UNKNOWN = About(title="This screen")

# A question of a coordinator cannot be asked yet, so its sign is not explained.
_MEANING = {
    State.DRAFT: "only on this laptop; you can still change everything",
    State.WAITING: "finished and signed, not yet with the server",
    State.RECEIVED: "the server holds it and has signed for it",
    State.DELIVERED: "a coordinator's laptop opened it and proved so; whether somebody read it is not told",
    State.WITHDRAWN: "taken back by whoever wrote it; nothing was deleted",
}

STATES = [(f"{FACES[state].glyph} {FACES[state].word}", words) for state, words in _MEANING.items()]
"""Each sign with its word, and what it means."""


def about(names: Iterable[str]) -> About:
    """What is told of the first of these classes that has an entry."""
    return next((ABOUT[name] for name in names if name in ABOUT), UNKNOWN)
