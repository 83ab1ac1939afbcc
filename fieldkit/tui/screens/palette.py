"""Everything that can be done here, to be found by a few letters of it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.tui import keymap
from fieldkit.tui.cells import cells, fitted, in_line
from fieldkit.tui.commands import Command, matching
from fieldkit.tui.widgets.header import HeaderLine

LONGEST = 60
"""Characters of what is typed: far more than any command has."""

AROUND = 4
"""Lines of the window that are not for commands: the words above, the field, and one more at either end."""

SAID = " Type a few letters of what you want to do, then Enter. Esc leaves."
NOTHING = " Nothing here is called that. F1 lists what is; `fieldkit --help` what else."
MORE = "  … {count} more: Down shows them, a few letters find them."


class CommandLines(Widget):
    """The commands found, one a line."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "CommandLines { height: auto; }"

    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__()
        self._commands = commands
        self._cursor = 0

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._commands = ()

    @property
    def chosen(self) -> Command | None:
        """The command under the cursor."""
        return self._commands[self._cursor] if self._commands else None

    def show(self, commands: tuple[Command, ...]) -> None:
        """Show these instead, the first one chosen."""
        self._commands, self._cursor = commands, 0
        self.refresh(layout=True)

    def move(self, step: int) -> None:
        """Choose another one."""
        if self._commands:
            self._cursor = max(0, min(self._cursor + step, len(self._commands) - 1))
            self.refresh()

    def render(self) -> Content:
        """A line each: what it does, and its keys at the right."""
        width = self.size.width
        if not self._commands:
            return Content(fitted(NOTHING, width))
        room = max(1, self.screen.size.height - AROUND)
        if len(self._commands) > room:
            room -= 1  # for the line that says so
        first = max(0, min(self._cursor - room // 2, len(self._commands) - room))
        shown = self._commands[first : first + room]
        lines = [
            Content.styled(_line(command, width), "reverse" if first + index == self._cursor else "")
            for index, command in enumerate(shown)
        ]
        left = len(self._commands) - first - len(shown)
        if left:
            lines.append(Content(fitted(MORE.format(count=left), width)))
        return Content("\n").join(lines)


class PaletteScreen(ModalScreen[Command | None]):
    """One field, the commands it finds. Answers with the one to do, or None. Nothing typed is kept."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.PALETTE_LEAVE,
        keymap.PALETTE_UP,
        keymap.PALETTE_DOWN,
    ]
    ALLOW_SELECT = False
    CSS = """
    PaletteScreen { align: center top; background: $background; }
    PaletteScreen #palette { width: 100%; height: auto; background: $surface; }
    PaletteScreen Input { border: none; height: 1; padding: 0 1; }
    PaletteScreen Input:focus { border: none; }
    """

    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__()
        self._all = commands

    def compose(self) -> ComposeResult:
        """The first line, the field, what it finds below."""
        yield HeaderLine()
        with Vertical(id="palette"):
            yield Static(SAID, markup=False)
            yield Input(max_length=LONGEST, select_on_focus=False)
            yield CommandLines(self._all)

    def on_unmount(self) -> None:
        """Keep nothing."""
        self._all = ()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find."""
        self.query_one(CommandLines).show(matching(self._all, event.value))

    def on_input_submitted(self) -> None:
        """Do it."""
        chosen = self.query_one(CommandLines).chosen
        if chosen is not None:
            self.dismiss(chosen)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Choose another one."""
        self.query_one(CommandLines).move(step)


def _line(command: Command, width: int) -> str:
    key = f" {in_line(command.key)} "
    return fitted(f"  {in_line(command.words)}", width - cells(key)) + key
