"""One line to type in, whatever is typed, pasted or put there."""

from __future__ import annotations

from textual.widgets import Input

from fieldkit.tui.cells import in_line


class CleanInput(Input):
    """Holds no character that acts on a terminal or hides (R25)."""

    ALLOW_SELECT = False

    def validate_value(self, value: str) -> str:
        """Textual's own place for what may be held."""
        return in_line(value)

    def validate_placeholder(self, words: str) -> str:
        """What is asked for may be made of what others wrote."""
        return in_line(words)
