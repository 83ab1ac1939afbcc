"""Writing a report: begun or opened, stored while it is typed, looked over, finished."""

from __future__ import annotations

from typing import Protocol

from fieldkit.forms.views import Snapshot
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Answers


class OpenDraft(Protocol):
    """A draft that is being written."""

    @property
    def number(self) -> int:
        """Local number of its report."""

    @property
    def writer(self) -> Writer:
        """What is written, as it was stored last."""


class Writing(Protocol):
    """What is asked while somebody writes. Each call may take a moment and may raise Trouble: ask from worker
    threads, except `store` in the moment before the vault closes.
    """

    def begin(self, answers: Answers | None = None) -> OpenDraft:
        """A new draft, stored already."""

    def open(self, number: int) -> OpenDraft:
        """The draft of a report; a report that is finished gets a new one on its newest revision."""

    def store(self, number: int, snapshot: Snapshot) -> int:
        """Store what is written; UTC seconds of the commit. What is older than that changes nothing."""
