"""The benchmark's table: a row per line, its figure beside the limit it is held against and the budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COLUMNS: Final = (48, 15, 20, 7, 9, 5)
"""Characters of what, figure, limit, ratio, budget, verdict."""

HEADS: Final = ("what", "figure", "limit", "÷ limit", "budget", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What the figure cannot pass, or is compared with, measured in the same run."""

    name: str
    value: float
    ratio: float
    """The figure ÷ the limit; a median of ratios where runs differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A bound on the figure, or on its ratio to the limit."""

    bound: float
    at_most: bool = True
    of_ratio: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {_number(self.bound)}{' ×' if self.of_ratio else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement."""

    what: str
    figure: float
    unit: str
    limit: Limit | None = None
    budget: Budget | None = None

    @property
    def ok(self) -> bool:
        """Whether the budget holds; a row without one is only shown."""
        if self.budget is None:
            return True
        value = self.figure
        if self.budget.of_ratio:
            if self.limit is None:
                raise ValueError(f"{self.what}: expected a limit for a budget on the ratio")
            value = self.limit.ratio
        return value <= self.budget.bound if self.budget.at_most else value >= self.budget.bound

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"{self.limit.name} {_number(self.limit.value)}"
        ratio = "" if self.limit is None else f"{self.limit.ratio:.2f}"
        budget = "" if self.budget is None else str(self.budget)
        verdict = (
            "" if self.budget is None else "ok" if self.ok else "OVER" if self.budget.at_most else "UNDER"
        )
        return _line((self.what, f"{_number(self.figure)} {self.unit}", limit, ratio, budget, verdict))


def heading() -> str:
    """The names of the columns and a rule."""
    return f"{_line(HEADS)}\n{'-' * (sum(COLUMNS) + 2 * (len(COLUMNS) - 1))}"


def _line(cells: tuple[str, ...]) -> str:
    what, *others = (
        cell.ljust(width) if not place else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, COLUMNS, strict=True))
    )
    return "  ".join((what, *others)).rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.2f}"
