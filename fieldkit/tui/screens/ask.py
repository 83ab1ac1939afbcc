"""Says what is about to be done, and to how many, before it is done."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from fieldkit.model.limits import MAX_REASON_CHARS
from fieldkit.tui import keymap
from fieldkit.tui.widgets.clean_input import CleanInput
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.said import Said

NEEDED = "Nothing is typed yet, and it is needed: type it, then Enter. Esc goes back."


class AskField(CleanInput):
    """One line. What was typed goes when the field does."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.ASK_TYPED]

    def on_unmount(self) -> None:
        """Keep nothing."""
        with self.prevent(Input.Changed):
            self.value = ""


class AskScreen(ModalScreen[str | None]):
    """Sentences and perhaps a field. Answers with what was typed there, or None: then nothing is done."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.ASK_YES, keymap.ASK_NO]
    ALLOW_SELECT = False
    CSS = """
    AskScreen { align: center middle; background: $background; }
    AskScreen Vertical { width: 100%; max-width: 76; height: auto; padding: 1 2; background: $surface; }
    AskScreen #question { text-style: bold; margin-bottom: 1; }
    AskScreen Input { border: none; height: 1; margin-top: 1; }
    AskScreen Input:focus { border: none; }
    AskScreen #needed { height: auto; color: $error; }
    """

    def __init__(self, question: str, sentences: str, *, field: str = "") -> None:
        super().__init__()
        self._question = question
        self._sentences = sentences
        self._field = field

    def compose(self) -> ComposeResult:
        """What is asked, what it means, the field, the keys."""
        yield HeaderLine()
        with Vertical():
            yield Said(id="question")
            yield Said(id="sentences")
            if self._field:
                yield AskField(placeholder=self._field, max_length=MAX_REASON_CHARS, select_on_focus=False)
                yield Said(id="needed")
        yield KeyBar()

    def on_mount(self) -> None:
        """Say it."""
        self.query_one("#question", Said).say(self._question)
        self.query_one("#sentences", Said).say(self._sentences)

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._question = self._sentences = ""

    def on_input_submitted(self) -> None:
        """Enter in the field is yes."""
        self.action_yes()

    def action_yes(self) -> None:
        """Do it; a field that is asked for has to be filled in."""
        typed = "".join(field.value.strip() for field in self.query(Input))
        if self._field and not typed:
            self.query_one(Input).focus()
            self.query_one("#needed", Said).say(NEEDED)
        else:
            self.dismiss(typed)

    def action_no(self) -> None:
        """Do nothing."""
        self.dismiss(None)
