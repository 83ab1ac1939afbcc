"""A field for what nobody may see or find later."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from fieldkit.tui.forgetting import forget_typed
from fieldkit.tui.widgets.clean_input import CleanInput
from fieldkit.tui.widgets.own_keys import act_in_turn

LONGEST = 1024
"""Characters: far beyond any passphrase that is typed."""


class SecretField(Input):
    """What is typed shows as dots, and goes with the field."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(
            password=True,
            max_length=LONGEST,
            select_on_focus=False,
            placeholder="passphrase",
            id="passphrase",
        )

    def watch_value(self, value: str) -> None:
        """Emptied: nothing knows any more what stood here, letter by letter."""
        if not value:
            forget_typed()

    async def _on_key(self, event: events.Key) -> None:
        """Backspace and its like act in their turn: nobody sees what stands here."""
        await act_in_turn(self, event)

    def on_unmount(self) -> None:
        """Nothing typed stays behind."""
        self.value = ""
        forget_typed()


class PaperField(CleanInput):
    """For one word that is read off paper."""

    def __init__(self) -> None:
        super().__init__(max_length=40, select_on_focus=False, placeholder="word")

    def on_unmount(self) -> None:
        """No word stays behind."""
        self.value = ""
        forget_typed()
