"""Drafts in memory that can be looked over and finished, as the real desk does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldkit.forms.definition import Form
from fieldkit.forms.judged import Judged
from fieldkit.forms.lanes import lane_only
from fieldkit.forms.problems import Problem
from fieldkit.forms.steps import State
from fieldkit.model.ids import Lane
from fieldkit.model.meters import Meters, meters
from fieldkit.model.values import Answers, Path
from fieldkit.tui.ports.trouble import Trouble
from tests.tui.writing_desk import TODAY, MemoryFinished, MemoryWriting

if TYPE_CHECKING:
    from fieldkit.tui.ports.door import Desk

READERS = {"main": ("coordinator-1", "coordinator-2"), "sources": ("coordinator-2",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLane:
    """What one lane would carry."""

    lane: str
    readers: tuple[str, ...]
    answers: Answers = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryReview:
    """A draft as it would be signed."""

    number: int
    edition: int
    form: Form = field(repr=False)
    lanes: tuple[MemoryLane, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[Path, ...]
    meters: Meters
    cost: int | None
    member: bool
    beside: int = 1_700
    brings_back: bool = False
    unchanged: bool = False

    @property
    def ready(self) -> bool:
        """Whether it can be finished."""
        return self.member and not (self.problems or self.unchanged) and self.cost is not None


@dataclass
class ReviewedWriting(MemoryWriting):
    """Knows who reads what, what it costs, and which edition of a draft is stored."""

    cost: int | None = 1_210
    measured: int = 0
    member: bool = True
    edition: int = 1
    refuses: Trouble | None = None

    def review(self, number: int) -> MemoryReview:
        """What is stored, as it would be signed."""
        if self.refuses is not None:
            raise self.refuses
        if number not in self.drafts:
            raise Trouble(f"report {number} has no open draft", "")
        state = State(answers=self.drafts[number], unread=self.unread.get(number, {}))
        judged = Judged(form=self.form, state=state, today=TODAY)
        kept = judged.kept()
        told = {lane: lane_only(self.form, kept, lane) for lane in (Lane.MAIN, Lane.SOURCES)}
        return MemoryReview(
            number=number,
            edition=self.edition,
            form=self.form,
            lanes=tuple(
                MemoryLane(
                    lane=lane.name.lower(),
                    readers=READERS[lane.name.lower()] if self.member else (),
                    answers=answers,
                )
                for lane, answers in told.items()
                if lane is Lane.MAIN or answers
            ),
            problems=tuple(judged.problems.values()),
            left_out=judged.left_out,
            meters=meters(kept),
            cost=self.cost,
            member=self.member,
        )

    def speed(self) -> int:
        """As last measured."""
        return self.measured

    def finish(self, number: int, edition: int | None = None) -> MemoryFinished:
        """Sign it, if it is what was looked over."""
        if edition is not None and edition != self.edition:
            raise Trouble("report 1 was changed since it was looked over", "look it over again")
        return super().finish(number)


@dataclass
class WritingDesk:
    """A desk of which only the writing is used."""

    writing: ReviewedWriting = field(default_factory=ReviewedWriting)


def desk_of(writing: ReviewedWriting) -> Desk:
    """As the screens take it."""
    return WritingDesk(writing=writing)  # type: ignore[return-value]
