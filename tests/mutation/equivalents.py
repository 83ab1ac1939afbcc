"""Mutants that no test can notice, because what they change makes no difference; each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.mutation.edits import Mutant


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """The mutants of one line by one operator; `new` where only one of them is meant."""

    path: str
    context: str
    operator: str
    why: str
    new: str | None = None

    def covers(self, mutant: Mutant) -> bool:
        """Whether a mutant is meant."""
        mine = (self.path, self.context, self.operator)
        return mine == (mutant.path, mutant.context, mutant.operator) and self.new in (None, mutant.new)


EQUIVALENTS: Final[tuple[Equivalent, ...]] = ()


def reason(mutant: Mutant) -> str:
    """Why nobody can notice a mutant; empty for all others."""
    return next((one.why for one in EQUIVALENTS if one.covers(mutant)), "")
