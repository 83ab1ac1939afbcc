"""A row of the table says truly whether its budget holds."""

from __future__ import annotations

import pytest

from tests.bench.table import Budget, Limit, Row, heading

LIMIT = Limit(name="bare loop", value=1_000, ratio=0.75)


@pytest.mark.parametrize(
    ("budget", "ok"),
    [
        (None, True),
        (Budget(bound=750), True),
        (Budget(bound=749), False),
        (Budget(bound=750, at_most=False), True),
        (Budget(bound=751, at_most=False), False),
        (Budget(bound=0.5, at_most=False, of_ratio=True), True),
        (Budget(bound=0.8, at_most=False, of_ratio=True), False),
    ],
)
def test_a_budget_bounds_the_figure_or_its_ratio(budget: Budget | None, ok: bool) -> None:
    """Each kind of budget, at its edge and beyond; what is missed shows in the line."""
    row = Row(what="a thing", figure=750, unit="bytes", limit=LIMIT, budget=budget)
    assert row.ok is ok
    assert ("OVER" in str(row) or "UNDER" in str(row)) is not ok


def test_a_ratio_needs_something_to_divide_by() -> None:
    """A budget on the ratio without a limit is a mistake in the benchmark."""
    row = Row(what="a thing", figure=1, unit="", budget=Budget(bound=1, of_ratio=True))
    with pytest.raises(ValueError, match="expected a limit"):
        _ = row.ok


def test_the_columns_stand_under_their_names() -> None:
    """Figure, limit, ratio and budget end where their names end."""
    names = heading().splitlines()[0]
    line = str(Row(what="a thing", figure=1_234, unit="bytes", limit=LIMIT, budget=Budget(bound=2_000)))
    for name, cell in (
        ("figure", "1,234 bytes"),
        ("limit", "bare loop 1,000"),
        ("÷ limit", "0.75"),
        ("budget", "≤ 2,000"),
    ):
        assert names.index(name) + len(name) == line.index(cell) + len(cell)
