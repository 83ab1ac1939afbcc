"""What is done to reports of a desk in memory; every act is noted, and changes the lines as a vault would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fieldkit.tui.ports.reports import NamedFilter, Outcome, Past, PastStep
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.report_changes import Changed

ALWAYS = NamedFilter(name="Drafts", query="state:draft", own=False)

PAST = Past(
    heading="History of 0040  Arrest campaign",
    steps=(
        PastStep(heading="2026-08-04 09:00 · north-7 · waiting", notes=(), changes=()),
        PastStep(
            heading="2026-08-03 18:20 · north-7 · received",
            notes=("brings the report back, which had been withdrawn",),
            changes=(
                Changed(label="Place", before="", after="Mockbridge"),
                Changed(label="Account", before="Three men came at noon.", after="Two men came at noon."),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLine:
    """A report as a list shows it."""

    number: int
    glyph: str = "✎"
    state: str = "draft"
    title: str = ""
    place: str = ""
    date: str = ""
    kind: str = ""
    missing: int = 0
    required: int = 9
    urgency: int = 0
    stuck: bool = False
    own: bool = True
    author: str = ""
    unsent: bool = False
    fresh: bool = False
    changing: bool = False

    @property
    def has_draft(self) -> bool:
        """Whether something of it is being written."""
        return self.changing or self.state == "draft"


@dataclass
class MemoryActs:
    """The acts. `refusing` are numbers for which every act fails."""

    lines: Sequence[MemoryLine] = ()
    past_of: Past = PAST
    acts: list[tuple[str, tuple[int, ...], str]] = field(default_factory=list)
    refusing: frozenset[int] = frozenset()
    discarded: list[MemoryLine] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def past(self, number: int) -> Past:
        """The one history."""
        self._answer()
        return self.past_of

    def duplicate(self, number: int) -> int:
        """A draft with the next number."""
        self._answer()
        self.acts.append(("duplicate", (number,), ""))
        new = max(line.number for line in self.lines) + 1
        said = next(line for line in self.lines if line.number == number)
        self.lines = (replace(said, number=new, state="draft", glyph="✎"), *self.lines)
        return new

    def discard(self, numbers: Sequence[int]) -> Outcome:
        """Take the lines out; the last one can come back."""
        outcome = self._noted("discard", numbers)
        self.discarded += [line for line in self.lines if line.number in outcome.done]
        self.lines = [line for line in self.lines if line.number not in outcome.done]
        return outcome

    def bring_back(self) -> int:
        """The last one."""
        self._answer()
        if not self.discarded:
            raise Trouble("no draft was discarded within the last 60 minutes", "what is older was erased")
        line = self.discarded.pop()
        self.lines = sorted([*self.lines, line], key=lambda one: -one.number)
        return line.number

    def withdraw(self, numbers: Sequence[int], reason: str) -> Outcome:
        """They say so."""
        outcome = self._noted("withdraw", numbers, reason)
        self._became(outcome, state="withdrawn", glyph="✗")
        return outcome

    def mark_urgent(self, numbers: Sequence[int]) -> Outcome:
        """They say so."""
        outcome = self._noted("urgent", numbers)
        self._became(outcome, urgency=2)
        return outcome

    def filters(self) -> tuple[NamedFilter, ...]:
        """The one that is always there, and those kept."""
        self._answer()
        kept = (NamedFilter(name=name, query=query, own=True) for name, query in self.kept.items())
        return (ALWAYS, *kept)

    def keep_filter(self, name: str, query: str) -> None:
        """Note it."""
        self._answer()
        self.kept[name] = query

    def drop_filter(self, name: str) -> None:
        """Forget it."""
        self._answer()
        del self.kept[name]

    def _noted(self, act: str, numbers: Sequence[int], said: str = "") -> Outcome:
        self._answer()
        self.acts.append((act, tuple(numbers), said))
        return Outcome(
            done=tuple(number for number in numbers if number not in self.refusing),
            troubles=tuple(f"report {number} cannot be." for number in numbers if number in self.refusing),
        )

    def _became(self, outcome: Outcome, **changes: object) -> None:
        self.lines = [
            replace(line, **changes) if line.number in outcome.done else line  # type: ignore[arg-type]
            for line in self.lines
        ]

    def _answer(self) -> None:
        raise NotImplementedError
