"""Stores a report after every answer, and says what is true of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldkit.cli.plain.lines import Lines
from fieldkit.model.text import sentence
from fieldkit.tui.signals import undisturbed

if TYPE_CHECKING:
    from fieldkit.actions.session import Session
    from fieldkit.forms.writer import Writer

SAVED = "Saved."


@dataclass(slots=True)
class Keeping:
    """One report that is being written, and where its words are."""

    session: Session = field(repr=False)
    number: int
    writer: Writer = field(repr=False)
    lines: Lines = field(repr=False)
    _stored: int = 0
    _began: int = 0

    def __post_init__(self) -> None:
        self._stored = self._began = self.writer.stamp

    @property
    def whole(self) -> bool:
        """Whether every word taken so far is in the vault."""
        return self._stored >= self.writer.stamp

    @property
    def untouched(self) -> bool:
        """Whether nothing was written in this conversation."""
        return self.writer.stamp == self._began

    def keep(self, *, aloud: bool = True) -> bool:
        """Store what is new. Says so after it is on the disk, and says what went wrong; False then."""
        from fieldkit.actions import writing
        from fieldkit.actions.errors import ActionError, KeptApart

        snapshot = self.writer.snapshot()
        if snapshot.stamp <= self._stored:
            return True
        try:
            with undisturbed():
                writing.store(self.session, self.number, snapshot)
        except KeptApart as apart:
            self.number = apart.number
            self.lines.say(f"{sentence(apart.message)} {sentence(apart.hint or '')}")
        except ActionError as trouble:
            self.lines.say(
                f"NOT SAVED: {sentence(trouble.message)} {sentence(trouble.hint or '')}",
                "It is still held here, and is tried again with your next line.",
            )
            return False
        self._stored = snapshot.stamp
        if aloud:
            self.lines.say(SAVED)
        return True

    def told(self) -> str:
        """Where the words are, when the conversation ends."""
        if self.whole:
            return f"Everything you entered is saved: report {self.number}, a draft on this laptop only."
        return f"NOT SAVED: what you entered last. What was saved before is in report {self.number}, a draft."
