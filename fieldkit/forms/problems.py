"""What is wrong with answers, in words a reporter can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fieldkit.model.values import Path


class Fault(StrEnum):
    """The kinds of problem."""

    MISSING = "missing"
    """A required answer is not there."""
    WRONG = "wrong"
    """The answer is not what the question asks for."""
    UNREAD = "unread"
    """What was typed could not be read as an answer, and is kept as typed."""
    CONSTRAINT = "constraint"
    """The answer breaks a rule of the form."""
    UNKNOWN = "unknown"
    """There is no such question."""
    REPEATED = "repeated"
    """Two items have the same code."""
    DANGLING = "dangling"
    """A code is named that no item has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem and where it stands."""

    place: Path
    fault: Fault
    message: str
    """What was expected and what came."""
    hint: str = ""
    """What to do."""

    def __str__(self) -> str:
        where = " ".join(f"{part + 1}" if isinstance(part, int) else part for part in self.place)
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class AnswersError(ValueError):
    """Answers that cannot be taken as they are, with every problem found.

    The one exception for typed answers.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class BadAnswer(ValueError):
    """One typed answer that is not what its question asks for."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
