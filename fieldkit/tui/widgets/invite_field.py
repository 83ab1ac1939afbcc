"""A field for one long text that may come in several lines."""

from __future__ import annotations

from textual import events

from fieldkit.tui.widgets.clean_input import CleanInput

LONGEST = 4096
"""Characters: more than any invite or path has."""


class InviteField(CleanInput):
    """Takes what is pasted as one line, whatever it was broken into on its way."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST, select_on_focus=False, placeholder="fki1.… or a path")

    def on_paste(self, event: events.Paste) -> None:
        """Put the lines together; Textual would keep the first and drop the rest."""
        event.prevent_default()
        event.stop()
        lines = [line.strip() for line in event.text.splitlines()]
        self.insert_text_at_cursor("".join(lines))

    def on_unmount(self) -> None:
        """An invite lets whoever has it join: it does not stay behind."""
        self.value = ""
