"""Choosing the passphrase of a new vault, and making it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input
from textual.worker import get_current_worker

from fieldkit.tui import keymap
from fieldkit.tui.advice import as_offered, comparison, keyboard_hint, verdict
from fieldkit.tui.let_in import let_in
from fieldkit.tui.messages import Refused, Told
from fieldkit.tui.ports.door import Door
from fieldkit.tui.ports.entry import Estimate
from fieldkit.tui.screens.step import StepScreen
from fieldkit.tui.widgets.secret_field import SecretField

TITLE = "A passphrase for the new vault"
OFFER = (
    "These six words were drawn by chance just now, and nobody else has them:\n\n"
    "     {words}\n\n"
    "Learn them, or write them down for the first days. Nobody can give you a forgotten"
    " passphrase back.\n\n"
    "Type them here to use them, or a passphrase of your own, then Enter."
    " What you type shows as dots."
)
AGAIN = (
    "The words have left the screen. Type the same passphrase once more, then Enter:"
    " this proves that you have it."
)
DIFFER = (
    "That was not the same. Nothing was made; the words are back: type again what you chose. In a passphrase"
    " of your own each capital and each blank counts."
)
DRAWING = "One moment: the six words are still being drawn. Then press Enter again."
EMPTY = "Nothing is typed yet. Type the six words above, or a passphrase of your own, then Enter."
EMPTY_AGAIN = "Nothing is typed yet. Type the same passphrase once more, then Enter; Esc begins anew."
NOT_TAKEN = "Not taken, and the field is empty again. "
BUSY = "Making the vault: this takes a few seconds on purpose, so that guessing is slow."


@dataclass(eq=False)
class Offered(Told):
    """Words have been drawn."""

    words: tuple[str, ...] = field(repr=False)


@dataclass(eq=False)
class Judged(Told):
    """What was typed has been judged."""

    typed: str = field(repr=False)
    estimate: Estimate
    final: bool
    """Whether Enter was pressed: then it is taken, or not."""


class NewVaultScreen(StepScreen[None]):
    """Six words and a field; then the field alone; then the vault."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.STEP_BACK, keymap.QUIT]

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self._words: tuple[str, ...] = ()
        self._first: str | None = None
        """What was typed the first time, until it was typed again."""

    def asked(self) -> ComposeResult:
        """One field."""
        yield SecretField()

    def on_mount(self) -> None:
        """Draw words."""
        self.tell(TITLE, "")
        self._field.focus()
        self._draw()

    def on_unmount(self) -> None:
        """Neither the words nor what was typed stay behind."""
        self._words, self._first = (), None

    @property
    def _field(self) -> SecretField:
        return self.query_one(SecretField)

    def on_offered(self, event: Offered) -> None:
        """Show them."""
        self._words = event.words
        self._ask_first()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how it stands, while it is typed for the first time."""
        # A field that was emptied leaves what was said to be read.
        if not event.value or self._first is not None or not self._words or self._field.disabled:
            return
        said = comparison(self._words, event.value)
        if said is None:
            self._judge(event.value, final=False)
        else:
            self.say(said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed."""
        typed = event.value
        if not self._words:
            self.say(DRAWING)
        elif not typed:
            self.say(EMPTY if self._first is None else EMPTY_AGAIN)
        elif self._first is None:
            self._judge(typed, final=True)
        elif as_offered(self._words, typed) == self._first:
            self._make()
        else:
            self._ask_first()
            self.say(_with_hint(DIFFER, typed))

    def on_judged(self, event: Judged) -> None:
        """Say what an own passphrase is worth; a strong one that Enter was pressed on is asked for again."""
        if self._first is not None or event.typed != self._field.value:
            return
        if event.final and event.estimate.strong:
            self._first = as_offered(self._words, event.typed)
            self._field.value = ""
            self.tell(TITLE, AGAIN)
            self.say("")
            return
        said = _with_hint(verdict(event.estimate), event.typed)
        if event.final:
            # Dots that stay would be taken for an empty field, and the next try be typed behind them.
            self._field.value = ""
            said = NOT_TAKEN + said
        self.say(said)

    def on_refused(self, event: Refused) -> None:
        """Say why there is no vault."""
        self._field.disabled = False
        self._ask_first()
        self._field.focus()
        self.say(event.said)

    def action_back(self) -> None:
        """Back to the words, or to the first screen."""
        if self._field.disabled:
            return
        if self._first is None:
            self.app.pop_screen()
        else:
            self._ask_first()
            self.say("")

    def _ask_first(self) -> None:
        self._first = None
        self._field.value = ""
        self.tell(TITLE, OFFER.format(words=" ".join(self._words)))

    def _make(self) -> None:
        passphrase = self._first or ""
        self._field.value = ""
        self._field.disabled = True
        self.say(BUSY)
        self._create(passphrase)

    @work(thread=True)
    def _draw(self) -> None:
        self.post_message(Offered(self._door.first.offer()))

    @work(thread=True, exclusive=True, group="judge")
    def _judge(self, typed: str, *, final: bool) -> None:
        estimate = self._door.first.estimate(typed)
        if final or not get_current_worker().is_cancelled:
            self.post_message(Judged(typed, estimate=estimate, final=final))

    @work(thread=True, exclusive=True, group="create")
    def _create(self, passphrase: str) -> None:
        let_in(self, lambda: self._door.create(passphrase), new=True)


def _with_hint(words: str, typed: str) -> str:
    hint = keyboard_hint(typed)
    return f"{words}\n{hint}" if hint else words
