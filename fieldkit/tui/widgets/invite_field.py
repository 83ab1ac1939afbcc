"""A field for one long text that may come in several lines."""

from __future__ import annotations

from textual import events

from fieldkit.tui.widgets.clean_input import CleanInput

LONGEST = 4096
"""Characters: more than any invite or path has."""


BEGINS = "fki1."
"""Of every invite, and nowhere else in one."""

WHOLE = (BEGINS, "/", "~")
"""What begins so is no rest of an invite: base64url has no full stop, and no path begins otherwise here."""


class InviteField(CleanInput):
    """Takes what is pasted as one line, whatever it was broken into on its way."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST, select_on_focus=False, placeholder="fki1.… or a path")

    def on_paste(self, event: events.Paste) -> None:
        """Put the lines together; Textual would keep the first and drop the rest."""
        event.prevent_default()
        event.stop()
        text = "".join(line.strip() for line in event.text.splitlines())
        if text.startswith(WHOLE):
            # A whole one: what stood here was mistyped or cut, and would spoil it.
            self.value = ""
        self.insert_text_at_cursor(text)

    def validate_value(self, value: str) -> str:
        """From a second beginning on it is another invite, by a terminal that types what is pasted."""
        held = super().validate_value(value)
        return held[held.rfind(BEGINS) :] if held.startswith(BEGINS) else held

    def on_unmount(self) -> None:
        """An invite lets whoever has it join: it does not stay behind."""
        self.value = ""
