"""A line of talk on a screen."""

from __future__ import annotations

from textual.widgets import Static

from fieldkit.model.text import clean


class Said(Static):
    """Text that is data, drawn only when it changes, and gone when the screen goes."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, fixed: bool = False) -> None:
        """With `fixed` the size does not follow the words: a change places nothing anew."""
        super().__init__("", id=id, markup=False)
        self._words = ""
        self._fixed = fixed

    @property
    def words(self) -> str:
        """What it says now."""
        return self._words

    def say(self, words: str) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self.update(clean(words), layout=not self._fixed)

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._words = ""
        self.update("")
