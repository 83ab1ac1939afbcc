"""Says whether the words on the screen are in the vault, and says it only after they are."""

from __future__ import annotations

import time

from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui.autosave import Kept, Standing

WRITING = "writing…"


class SavedMark(Static):
    """Words at every moment. When something could not be stored nothing else is louder."""

    DEFAULT_CSS = """
    SavedMark { width: 16; height: 1; padding: 0 1; }
    SavedMark.-failed { width: 1fr; height: auto; max-height: 4; text-style: bold reverse; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._words = ""

    @property
    def words(self) -> str:
        """What it says now."""
        return self._words

    def show(self, standing: Standing) -> None:
        """Say how things stand. Draws nothing while the words stay the same."""
        words = in_words(standing)
        if words != self._words:
            self._words = words
            failed = standing.kept is Kept.FAILED
            # The usual words all have the same room: a change of them moves nothing.
            moves = failed or self.has_class("-failed")
            self.set_class(failed, "-failed")
            self.update(words, layout=moves)


def in_words(standing: Standing) -> str:
    """`saved 10:32:05`, by this laptop's clock."""
    if standing.kept is Kept.FAILED:
        why = clean(standing.why, one_line=True)
        todo = clean(standing.todo, one_line=True)
        return f"NOT SAVED: {why}. {todo[:1].upper()}{todo[1:]}".rstrip(". ") + "."
    if standing.kept is Kept.WRITING:
        return WRITING
    if standing.when is None:
        return "saved"
    return time.strftime("saved %H:%M:%S", time.localtime(standing.when))
