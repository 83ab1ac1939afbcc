"""Recovery words: shown once, written on paper, two asked back; only then do they open the vault."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from fieldkit.tui import keymap
from fieldkit.tui.messages import Refused, Told
from fieldkit.tui.ports.entry import Entry, PaperWords
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.step import StepScreen
from fieldkit.tui.widgets.secret_field import PaperField

COLUMNS = 3
WORD_CELLS = 14
"""A number and the longest word."""

TITLE = "Recovery words, if you want them"
OFFER = (
    "If you forget the passphrase, everything here is lost. Thirteen recovery words, written on"
    " paper and kept at another place, would open this vault too. So would they for whoever finds"
    " the paper.\n\n"
    "Enter shows them; have pen and paper ready. Esc goes on without: ^P offers them later."
)
THERE_ARE = (
    "\n\nRecovery words open this vault already. New ones take their place; the old ones stop working."
)
SHOWN = (
    "Write these thirteen words down, with their numbers. By hand: a printer or a photograph keeps"
    " a copy. They were drawn just now: words you wrote down before and did not read back open nothing."
    "\n\n{table}\n\nThey open nothing yet. Enter when they are on paper: they leave the"
    " screen, and two of them are asked back."
)
ASKED = "The words have left the screen. Read from your paper:\n\nWord number {number}, then Enter."
WRONG = "That is not word {number}. Look at your paper; Esc shows all the words again."
EMPTY = "No word was typed. Word number {number} from your paper, then Enter."
BUSY = "Keeping them: this takes a second or two on purpose."
KEPT = (
    "The recovery words open this vault from now on. Keep the paper away from this laptop.\n\n"
    "To use them, type all thirteen where the passphrase is asked for.\n\nEnter goes on."
)


@dataclass(eq=False)
class Drawn(Told):
    """Words are ready to be shown."""

    paper: PaperWords = field(repr=False)
    again: bool
    """Whether others open the vault already."""


@dataclass(eq=False)
class Kept(Told):
    """The words open the vault."""


class PaperScreen(StepScreen[None]):
    """Offers, shows, asks, keeps. Can be left at any time before the last: then nothing has changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.STEP_ON,
        keymap.STEP_LATER,
        keymap.STEP_BACK,
        keymap.STEP_CLOSE,
        keymap.LOCK,
        keymap.QUIT,
    ]
    AUTO_FOCUS = ""
    """None would mean the program's own, which is the first field."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry
        self._paper: PaperWords | None = None
        self._left: list[int] = []
        self._stage = "offer"

    def asked(self) -> ComposeResult:
        """One field, hidden till it is its turn."""
        yield PaperField()

    def on_mount(self) -> None:
        """Offer."""
        self._field.display = False
        self.tell(TITLE, OFFER)
        self._draw()

    def on_unmount(self) -> None:
        """No word stays behind."""
        self._paper = None

    @property
    def _field(self) -> PaperField:
        return self.query_one(PaperField)

    def on_drawn(self, event: Drawn) -> None:
        """The words are there; they are shown when they are asked for."""
        self._paper = event.paper
        if event.again:
            self.tell(TITLE, OFFER + THERE_ARE)

    def on_kept(self) -> None:
        """Say so."""
        self._stage = "kept"
        self.refresh_bindings()
        self._paper = None
        self.tell("Recovery words", KEPT)
        self.say("")

    def on_refused(self, event: Refused) -> None:
        """Say why they were not kept; they can be asked again."""
        self._show()
        self.say(event.said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Compare one word with what was shown."""
        typed = event.value.strip().casefold()
        if self._paper is None or self._stage != "ask":
            return
        number = self._left[0]
        if not typed:
            self.say(EMPTY.format(number=number + 1))
            return
        self._field.value = ""
        if typed != self._paper.words[number]:
            self.say(WRONG.format(number=number + 1))
            return
        self._left.pop(0)
        self.say("")
        if self._left:
            self._ask()
        else:
            self._stage = "keeping"
            self.refresh_bindings()
            self._field.display = False
            self.tell("Recovery words", BUSY)
            self._keep(self._paper.words)

    def action_on(self) -> None:
        """The next step, if Enter means one here."""
        if self._stage == "offer" and self._paper is not None:
            self._show()
        elif self._stage == "show":
            self._left = list(self._paper.asked) if self._paper else []
            self._ask()
        elif self._stage == "kept":
            self.dismiss()

    def action_back(self) -> None:
        """Show the words again."""
        self._show()

    def action_later(self) -> None:
        """Away."""
        if self._stage != "keeping":
            self.dismiss()

    def action_close(self) -> None:
        """Away, with everything done."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The same key leads back to the words where they are asked, and says what it does at each stage."""
        if action in {"back", "later", "close"}:
            return action == {"ask": "back", "kept": "close"}.get(self._stage, "later")
        return True

    def _show(self) -> None:
        if self._paper is not None:
            self._stage = "show"
            self._field.display = False
            self.set_focus(None)
            self.refresh_bindings()
            self.say("")
            self.tell("Recovery words", SHOWN.format(table=table(self._paper.words)))

    def _ask(self) -> None:
        self._stage = "ask"
        self.tell("Recovery words", ASKED.format(number=self._left[0] + 1))
        self._field.display = True
        self._field.focus()
        self.refresh_bindings()

    @work(thread=True)
    def _draw(self) -> None:
        self.post_message(Drawn(self._entry.draw_paper(), again=self._entry.has_paper()))

    @work(thread=True)
    def _keep(self, words: tuple[str, ...]) -> None:
        try:
            self._entry.keep_paper(words)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
            return
        self.post_message(Kept())


def table(words: tuple[str, ...]) -> str:
    """The words with their numbers, in columns that are read downwards."""
    rows = -(-len(words) // COLUMNS)
    cells = [f"{number:>2} {word}".ljust(WORD_CELLS) for number, word in enumerate(words, start=1)]
    return "\n".join("    " + "  ".join(cells[row::rows]).rstrip() for row in range(rows))
