"""The reports of an open vault: lists of them, and one to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from fieldkit.tui.report_changes import Changed
    from fieldkit.tui.report_text import Passage

Cursor: TypeAlias = int
"""Where a page of a list ended; means something only to the desk that gave it."""


class Line(Protocol):
    """A report as a list shows it. Text may come from strangers: clean it where it is drawn."""

    @property
    def number(self) -> int:
        """Local number: what a desk is asked for the report by."""

    @property
    def glyph(self) -> str:
        """Sign of its state."""

    @property
    def state(self) -> str:
        """Word of its state: a sign alone is not read aloud."""

    @property
    def title(self) -> str:
        """Its title, perhaps empty."""

    @property
    def place(self) -> str:
        """Where."""

    @property
    def date(self) -> str:
        """When."""

    @property
    def kind(self) -> str:
        """Kinds of event in words."""

    @property
    def fresh(self) -> bool:
        """Whether it came from others and was not read here yet."""

    @property
    def missing(self) -> int:
        """Required questions of an open draft without an answer."""

    @property
    def required(self) -> int:
        """Required questions of an open draft in all."""

    @property
    def urgency(self) -> int:
        """0 normal, 1 within days, 2 life at risk."""

    @property
    def has_draft(self) -> bool:
        """Whether something of it is being written, perhaps after it was sent."""

    @property
    def stuck(self) -> bool:
        """Whether something of it was refused or could not be sealed."""

    @property
    def author(self) -> str:
        """Who wrote it, by the name the organisation gave; empty where that is not known."""

    @property
    def own(self) -> bool:
        """Whether it was written here."""

    @property
    def unsent(self) -> bool:
        """Whether something finished of it, perhaps its withdrawal, is not with the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some lines of a list, the latest first."""

    lines: Sequence[Line] = field(repr=False)
    following: Cursor | None
    """Where the next page begins; None when this is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One report, to be read."""

    heading: str
    """State, number, title."""
    notes: tuple[str, ...] = field(repr=False)
    """What stands between it and a finished report, and why it was taken back."""
    passages: tuple[Passage, ...] = field(repr=False)
    line: Line = field(repr=False)
    """The same report as the list shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStep:
    """One step of a report's history."""

    heading: str
    """When, who, how far it has come."""
    notes: tuple[str, ...] = field(repr=False)
    """That it takes the report back, or brings it back."""
    changes: tuple[Changed, ...] = field(repr=False)
    """What it changed of the one it follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How a report came to be, the latest first."""

    heading: str
    steps: tuple[PastStep, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFilter:
    """A query under a name."""

    name: str
    query: str = field(repr=False)
    own: bool
    """Whether somebody named it here; the others are always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of several reports."""

    done: tuple[int, ...]
    """Local numbers of those it was done to."""
    troubles: tuple[str, ...] = ()
    """Of the others, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is always visible."""

    who: str
    drafts: int
    waiting: int
    last_sync: int | None
    """UTC seconds, None before the first exchange."""
    troubles: int
    """Things the doctor would name."""
    fresh: int = 0
    """Reports of others that nobody has read here yet."""
    alarm: str = ""
    """What the owner must know at once, in plain words; empty when all is well."""


class Reports(Protocol):
    """What is listed and read. Each call may take a moment and may raise Trouble: ask from worker threads."""

    def summary(self) -> Summary:
        """What is always visible."""

    def page(self, after: Cursor | None, limit: int, query: str = "") -> Page:
        """Lines after a cursor, or the first ones, of all reports or of those a query finds."""

    def read(self, number: int) -> Reading:
        """One report by its number."""

    def past(self, number: int) -> Past:
        """Its history."""

    def duplicate(self, number: int) -> int:
        """A new draft that says the same; its number."""

    def discard(self, numbers: Sequence[int]) -> Outcome:
        """Throw away the drafts of reports; they can be brought back for a while."""

    def bring_back(self) -> int:
        """The draft thrown away last, as it was; its number."""

    def withdraw(self, numbers: Sequence[int], reason: str) -> Outcome:
        """Take sent reports back, saying why. Nothing is deleted."""

    def mark_urgent(self, numbers: Sequence[int]) -> Outcome:
        """Drafts say that life is at risk; what waits is sent first."""

    def filters(self) -> tuple[NamedFilter, ...]:
        """Named queries, those that are always there first."""

    def keep_filter(self, name: str, query: str) -> None:
        """Give a query a name."""

    def drop_filter(self, name: str) -> None:
        """Forget a name."""
