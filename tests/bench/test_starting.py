"""Row 7 waits for what is on the screen, and for the key it says."""

from __future__ import annotations

import pytest

from tests.bench.starting import LIST_MS, ONE_WIDGET, START_RATIO, first_paint, start_rows
from tests.bench.table import Row

pytestmark = pytest.mark.apart


def test_both_rows_are_there() -> None:
    """Once each: the unlock screen beside one widget, the list after the key, and both budgets."""
    paint, after = (row for row in start_rows(1) if isinstance(row, Row))
    assert paint.limit is not None and paint.limit.value > 0 and paint.figure > 0
    assert paint.budget is not None and (paint.budget.bound, paint.budget.of_ratio) == (START_RATIO, True)
    assert after.budget is not None and after.budget.bound == LIST_MS
    assert after.figure > 0


def test_a_program_without_the_text_is_not_measured() -> None:
    """The moment is that of the text: a program that ends without it is an error, not a figure."""
    with pytest.raises(TimeoutError, match="waited in vain"):
        first_paint(["-c", "print('nothing of the kind')"], b"One widget is here")
    assert "One widget is here" in ONE_WIDGET
