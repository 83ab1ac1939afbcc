"""Row 8 measures every act at every amount, and tells what grows."""

from __future__ import annotations

import pytest

from tests.bench.growing import ACTS, GROWTH, LINEAR, _rows, growth_rows
from tests.bench.table import Row

pytestmark = pytest.mark.apart


def test_every_act_has_a_row_at_every_amount() -> None:
    """The smallest amounts there are: what is asked for is measured, and compared with the first."""
    rows = [row for row in growth_rows(1, steps=(1, 2), sent=2, fetched=4, tries=1) if isinstance(row, Row)]
    assert len(rows) == 2 * (3 + len(ACTS))
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        assert first.figure > 0 and first.limit is None
        assert second.limit is not None and second.limit.value == first.figure
        assert (second.budget is None) is any(second.what.startswith(name) for name in LINEAR)


def test_what_grows_is_told() -> None:
    """Twice the cost at ten times the work is over the budget, the same cost is not."""
    even, grown = (list(_rows("a thing", 5, {1: 100.0, 10: cost}))[1] for cost in (100.0, 200.0))
    assert even.ok and not grown.ok
    assert even.what == "a thing, 50"
    assert GROWTH < 2
