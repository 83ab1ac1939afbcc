"""Panic erase: what it has done and what it cannot do; asking for it without its key; practising it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from fieldkit.tui.erasing import PRESS_SECONDS, Erasing, Presses
from fieldkit.tui.messages import Told
from fieldkit.tui.ports.care import Care, Erased
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.scrolling import Scrolling

LOOK_SECONDS = 0.1
"""How often the screen looks at how far the erasing is."""

LEAVE_SECONDS = 20.0
"""So long the screen stays once everything is erased: time to read it, and nobody else finds it there."""

WORD = "erase"
"""Typed where there is no panic key."""

MEGABYTE = 1_000_000

_PAGE = """
    {0} Vertical {{ padding: 1 2; }}
    {0} #title {{ text-style: bold; height: auto; }}
    {0} #text {{ height: auto; padding-top: 1; }}
"""


class PanicScreen(Screen[None]):
    """The last screen: nothing follows it but leaving."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.PANIC_LEAVE, keymap.QUIT]
    ALLOW_SELECT = False
    CSS = _PAGE.format("PanicScreen")

    def __init__(self, erasing: Erasing) -> None:
        super().__init__()
        self._erasing = erasing
        self._leaving: Timer | None = None

    def compose(self) -> ComposeResult:
        """What is so, and what remains true."""
        yield HeaderLine()
        with Scrolling(), Vertical():
            yield Static("", id="title", markup=False)
            yield Static("", id="text", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Look at once, and again."""
        self._look()
        self.set_interval(LOOK_SECONDS, self._look)

    def action_leave_program(self) -> None:
        """End the program."""
        self.app.exit()

    def _look(self) -> None:
        self.query_one("#title", Static).update(title(self._erasing))
        self.query_one("#text", Static).update(clean("\n".join(lines(self._erasing))))
        if self._erasing.erased is not None and self._leaving is None:
            self._leaving = self.set_timer(LEAVE_SECONDS, self.action_leave_program)


def title(erasing: Erasing) -> str:
    """What may be believed now, in one line."""
    if erasing.slots_seconds is not None:
        return "ERASED: nothing opens this vault any more."
    return (
        "ERASING: this vault still opens."
        if erasing.trouble is None
        else "NOT ERASED: this vault STILL OPENS."
    )


def lines(erasing: Erasing) -> Iterator[str]:
    """What was done, what is being done, what it cannot do."""
    if erasing.trouble is not None:
        yield from (erasing.trouble.message, erasing.trouble.hint)
    if erasing.slots_seconds is None:
        return
    if erasing.resumed:
        yield "Its key slots were destroyed before; the erase was cut short, and goes on."
    else:
        yield f"Its key slots were destroyed {seconds(erasing.slots_seconds)} after the key was pressed."
    if erasing.erased is not None:
        yield from _rest(erasing.erased)
    elif erasing.trouble is None:
        yield (
            f"Now its other files are overwritten: {megabytes(erasing.done)} of {megabytes(erasing.total)}."
            " Nothing has to wait for that: you can switch off."
        )
    yield ""
    yield "What erasing cannot do:"
    yield from (f"· {limit}" for limit in erasing.limits)


def _rest(erased: Erased) -> Iterator[str]:
    if not erased.overwritten:
        yield "The disk refused to overwrite a key slot: it was removed, and traces of it may be left."
    size, taken = megabytes(erased.size), seconds(erased.seconds)
    yield f"Its other files were overwritten ({size}) and removed, {taken} in all."
    yield f"This screen goes by itself in {LEAVE_SECONDS:.0f} s; Enter leaves now."
    if erased.left:
        yield f"These could not be removed: {', '.join(erased.left)}."
    if erased.process is not None:
        yield f"Another fieldkit, process {erased.process}, still has it open: close that too, or switch off."


def seconds(amount: float) -> str:
    """`0.04 s`."""
    return f"{amount:.2f} s"


def megabytes(size: int) -> str:
    """`1,024 MB`; less than one is said as such."""
    return f"{size // MEGABYTE:,} MB" if size >= MEGABYTE else "less than 1 MB"


class EraseScreen(Screen[bool]):
    """Asks for a word, where a keyboard has no panic key. Leaves with True when it was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.DRILL_LEAVE]
    ALLOW_SELECT = False
    CSS = _PAGE.format("EraseScreen")

    def compose(self) -> ComposeResult:
        """A question and a field."""
        yield HeaderLine()
        with Vertical():
            yield Static("Erase this vault?", id="title", markup=False)
            yield Static(
                "Everything in it goes, drafts and unsent reports too, and nothing brings it back."
                f"\nType the word {WORD}, then Enter. Esc leaves everything as it is.\n",
                id="text",
                markup=False,
            )
            yield Input(max_length=20)
            yield Static("", id="said", markup=False)
        yield KeyBar()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Erase, or say that nothing happened."""
        if event.value.strip().casefold() == WORD:
            self.dismiss(True)
        else:
            event.input.value = ""
            self.query_one("#said", Static).update(f"That was not the word {WORD}: nothing was erased.")

    def action_back(self) -> None:
        """Leave everything as it is."""
        self.dismiss(False)


@dataclass(eq=False)
class Drilled(Told):
    """A drill has ended."""

    words: str


class DrillScreen(Screen[None]):
    """Practises the panic key. While it is open, the key erases nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.DRILL_LEAVE]
    ALLOW_SELECT = False
    CSS = _PAGE.format("DrillScreen")

    def __init__(self, care: Care) -> None:
        super().__init__()
        self._care = care
        self._presses = Presses()

    def compose(self) -> ComposeResult:
        """What it is, and what came of it."""
        yield HeaderLine()
        with Vertical():
            yield Static("PRACTICE: nothing is erased here.", id="title", markup=False)
            yield Static(
                "Press F12 twice within two seconds, as you would if somebody were at the door."
                "\nOutside of this screen that erases the vault, also while it is locked."
                "\nEsc ends the practice.",
                id="text",
                markup=False,
            )
            yield Static("", id="said", markup=False)
        yield KeyBar()

    def pressed(self, now: float) -> None:
        """The panic key was pressed at a moment of the program's clock."""
        if self._presses.press(now):
            self._say(f"Pressed twice within {seconds(self._presses.between)}. Trying how fast this disk is…")
            self._drill()
        elif self._presses.between > PRESS_SECONDS:
            self._say("Too slow: more than two seconds between the two. This counts as the first; again.")
        else:
            self._say("Once. Now again.")

    def on_drilled(self, event: Drilled) -> None:
        """Say what it took."""
        self._say(event.words)

    def action_back(self) -> None:
        """End the practice."""
        self.dismiss()

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(clean(f"\n{words}"))

    @work(thread=True, exclusive=True)
    def _drill(self) -> None:
        try:
            done = self._care.drill()
        except Trouble as trouble:
            self.post_message(Drilled(f"{trouble.message}. {trouble.hint}"))
            return
        self.post_message(
            Drilled(
                f"In earnest nothing would have opened this vault {seconds(done.slots_seconds)} later."
                "\nThat was measured on a throw-away folder beside it. Your vault is as it was."
            )
        )
