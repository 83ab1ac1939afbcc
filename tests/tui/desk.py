"""A door and a desk in memory: they implement the real ports, so the screens cannot tell."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.tui.ports.reports import Cursor, Page, Reading, Summary
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.report_text import Passage
from tests.tui.care_desk import MemoryCare, MemoryKeeping
from tests.tui.entry_desk import MemoryEntry, MemoryFirstRun
from tests.tui.link_desk import MemoryLink
from tests.tui.reports_desk import MemoryActs, MemoryLine
from tests.tui.review_desk import ReviewedWriting

PASSPHRASE = "p 1"

NOW = 1_790_000_000
"""UTC seconds."""


SAMPLE: tuple[MemoryLine, ...] = (
    MemoryLine(number=42, title="Artillery shelling", place="مارع", date="3 August 2026", missing=2),
    MemoryLine(
        number=40, glyph="⇅", state="waiting", title="Arrest campaign", place="Aleppo", date="August 2026"
    ),
    MemoryLine(number=39, glyph="✓", state="received", title="Обстріл", place="Нова Умовна", date="2026"),
    MemoryLine(
        number=38, glyph="✓✓", state="delivered", title="نزوح من القرية", place="اعزاز", date="28 July 2026"
    ),
    MemoryLine(number=36, glyph="↩", state="returned", title="Attack on a clinic", place="Nubl"),
)

READING = Reading(
    heading="✎ draft  0042  Artillery shelling",
    notes=("gov: an answer is required",),
    passages=(
        Passage(label="What happened"),
        Passage(label="Title", text="Artillery shelling", depth=1),
        Passage(label="Account", text="word " * 40 + "end", depth=1),
        Passage(label="Victims · V1"),
        Passage(label="Name in Arabic letters", text="اسم للمثال", depth=1),
    ),
    line=SAMPLE[0],
)


@dataclass
class MemoryDesk(MemoryActs):
    """An open vault in memory, all its parts in one. While `trouble` is set, every question raises it."""

    lines: Sequence[MemoryLine] = SAMPLE
    reading: Reading = READING
    writing: ReviewedWriting = field(default_factory=ReviewedWriting)
    keeping: MemoryKeeping = field(default_factory=MemoryKeeping)
    link: MemoryLink = field(default_factory=MemoryLink)
    entry: MemoryEntry = field(default_factory=MemoryEntry)
    trouble: Trouble | None = None
    locked: int = 0
    orderly: bool = True
    pages: list[Cursor | None] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    @property
    def reports(self) -> MemoryDesk:
        """Itself: the questions are few."""
        return self

    def summary(self) -> Summary:
        """What is always visible."""
        self._answer()
        return Summary(who="north-7", drafts=2, waiting=3, last_sync=NOW - 7_300, troubles=0)

    def page(self, after: Cursor | None, limit: int, query: str = "") -> Page:
        """Lines after a cursor, which is the place in the list; a query finds titles that hold it."""
        self._answer()
        self.pages.append(after)
        self.queries.append(query)
        if query.startswith("bad:"):
            raise Trouble("there is no filter bad:", "such as: kind:arrest")
        lines = (
            [line for line in self.lines if query.casefold() in line.title.casefold()]
            if query
            else self.lines
        )
        first = after or 0
        end = first + limit
        return Page(lines=lines[first:end], following=end if end < len(lines) else None)

    def read(self, number: int) -> Reading:
        """The one report."""
        self._answer()
        self.asked.append(number)
        return self.reading

    def lock(self, *, orderly: bool = True) -> None:
        """Count."""
        self.locked += 1
        self.orderly = orderly

    def _answer(self) -> None:
        assert threading.current_thread() is not threading.main_thread(), "asked on the screens' own thread"
        if self.trouble is not None:
            raise self.trouble


@dataclass
class MemoryDoor:
    """A home in memory."""

    desk: MemoryDesk = field(default_factory=MemoryDesk)
    present: bool = True
    place: str = "/example/vault"
    name: str = "fieldkit"
    practice: bool = False
    first: MemoryFirstRun = field(default_factory=MemoryFirstRun)
    care: MemoryCare = field(default_factory=MemoryCare)
    hindrance: str = ""
    waits: int = 0
    paper: bool = False
    beside: MemoryDoor | None = None
    tried: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    thrown: int = 0
    prepared: int = 0

    def exists(self) -> bool:
        """Whether a vault is there."""
        return self.present

    def prepare(self) -> None:
        """Count."""
        self.prepared += 1

    def open(self, passphrase: str) -> MemoryDesk:
        """The desk, for the right passphrase."""
        assert threading.current_thread() is not threading.main_thread(), "opened on the screens' own thread"
        self.tried.append(passphrase)
        if passphrase != PASSPHRASE:
            raise Trouble("that passphrase does not open this vault", "check the keyboard layout")
        return self.desk

    def obstacle(self) -> str:
        """What was set."""
        return self.hindrance

    def wait(self) -> int:
        """What was set."""
        return self.waits

    def recovery_words(self) -> bool:
        """What was set."""
        return self.paper

    def rehearsal(self) -> MemoryDoor:
        """One for practice, always the same; its other side is this one."""
        if self.practice:
            return self
        if self.beside is None:
            entry = MemoryEntry(practice=True)
            self.beside = MemoryDoor(
                desk=MemoryDesk(entry=entry),
                present=False,
                place=f"{self.place}-practice",
                name=f"{self.name}-practice",
                practice=True,
                beside=self,
            )
        return self.beside

    def real(self) -> MemoryDoor | None:
        """The other side of a rehearsal."""
        return self.beside if self.practice else None

    def create(self, passphrase: str) -> MemoryDesk:
        """From now on there is a vault."""
        assert threading.current_thread() is not threading.main_thread(), "made on the screens' own thread"
        if self.hindrance:
            raise Trouble(self.hindrance, "choose another folder")
        self.made.append(passphrase)
        self.present = True
        return self.desk

    def throw_away(self) -> None:
        """There is none any more."""
        self.thrown += 1
        self.present = False
