"""The reports of an open vault: lists of them, and one to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

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
    def missing(self) -> int:
        """Required questions without an answer."""


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
