"""One line to type in, whatever is typed, pasted or put there."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from fieldkit.tui.cells import in_line
from fieldkit.tui.widgets.own_keys import act_in_turn


class CleanInput(Input):
    """Holds no character that acts on a terminal or hides (R25)."""

    ALLOW_SELECT = False

    def validate_value(self, value: str) -> str:
        """Textual's own place for what may be held."""
        return in_line(value)

    def validate_placeholder(self, words: str) -> str:
        """What is asked for may be made of what others wrote."""
        return in_line(words)

    async def _on_key(self, event: events.Key) -> None:
        """Backspace and its like act in their turn."""
        await act_in_turn(self, event)
