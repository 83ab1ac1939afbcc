"""The field in which somebody types what to look for."""

from __future__ import annotations

from textual.widgets import Input

from fieldkit.model.query import MAX_QUERY_CHARS
from fieldkit.tui.widgets.clean_input import CleanInput

HINT = "words -not kind:arrest place:aleppo after:2026-10 state:new urgency:life"


class FindField(CleanInput):
    """One line without a frame. What was looked for may name a person, so it goes when the field does."""

    DEFAULT_CSS = """
    FindField { display: none; border: none; height: 1; padding: 0 1; background: $surface; }
    FindField:focus { border: none; }
    """

    def __init__(self) -> None:
        super().__init__(placeholder=HINT, max_length=MAX_QUERY_CHARS)

    def on_unmount(self) -> None:
        """Keep nothing of it."""
        with self.prevent(Input.Changed):
            self.value = ""
