"""Drafts in memory, written by the real Writer in the real form or in one of a test's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Event

from fieldkit.actions.contents import load_form
from fieldkit.forms.answers import read_answers
from fieldkit.forms.definition import Form
from fieldkit.forms.views import Snapshot
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Answers
from fieldkit.tui.ports.trouble import Trouble

TODAY = date(2026, 8, 5)

COMMITTED = 1_790_000_000
"""UTC seconds of every commit."""

LONGEST_HELD_SECONDS = 60
"""A test that waits for a store in vain fails instead of standing for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryDraft:
    """A draft that is being written."""

    number: int
    writer: Writer = field(repr=False)
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFinished:
    """A report that was finished."""

    number: int
    size_estimate: int = 1_024


@dataclass
class MemoryWriting:
    """The drafts of a vault in memory.

    While `trouble` is set nothing can be stored; `held` makes a store wait as a slow disk would.
    """

    form: Form = field(default_factory=load_form)
    drafts: dict[int, Answers] = field(default_factory=dict)
    unread: dict[int, Mapping[tuple[str | int, ...], str]] = field(default_factory=dict)
    trouble: Trouble | None = None
    held: Event = field(default_factory=Event)
    stored: list[Snapshot] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    last: Writer | None = None
    """The writer of the draft that was opened last."""

    def __post_init__(self) -> None:
        self.held.set()

    def begin(self, answers: Mapping[str, object] | None = None) -> MemoryDraft:
        """A new draft."""
        number = max(self.drafts, default=0) + 1
        self.drafts[number] = read_answers(self.form, dict(answers or {}), today=TODAY)
        return self.open(number)

    def open(self, number: int) -> MemoryDraft:
        """The draft of a report."""
        if number not in self.drafts:
            raise Trouble(f"report {number} has no open draft", f"begin one: fieldkit edit {number}")
        self.last = Writer(
            self.form, self.drafts[number], unread=self.unread.get(number), today=lambda: TODAY
        )
        return MemoryDraft(number=number, writer=self.last)

    def store(self, number: int, snapshot: Snapshot) -> int:
        """Store what is written."""
        assert self.held.wait(LONGEST_HELD_SECONDS), "a test held a store and did not let it go"
        if self.trouble is not None:
            raise self.trouble
        self.drafts[number] = snapshot.answers
        self.unread[number] = snapshot.unread
        self.stored.append(snapshot)
        return COMMITTED

    def abandon(self, number: int) -> bool:
        """Throw away a draft in which nothing was ever written."""
        if self.drafts.get(number) or self.unread.get(number):
            return False
        return self.drafts.pop(number, None) is not None

    def finish(self, number: int) -> MemoryFinished:
        """Note it."""
        self.finished.append(number)
        return MemoryFinished(number=number)
