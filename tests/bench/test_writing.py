"""Row 3 measures changes of what is asked, in a form as wide as it says, and saves that are there."""

from __future__ import annotations

import pytest

from fieldkit.forms.writer import Writer
from tests.bench.long_text import LONG_RATIO
from tests.bench.table import Row
from tests.bench.wide_form import QUESTIONS, edits, wide_form
from tests.bench.writing import CHANGE_MS, SAVE_RATIO, writing_rows

pytestmark = pytest.mark.apart


def test_both_rows_are_there() -> None:
    """A small form and a few saves: figures, limits and budgets of both."""
    told = writing_rows(1, questions=60, saves=3, letters=2_000)
    change, longest, outline, outlined, *texts, save = (row for row in told if isinstance(row, Row))
    assert change.budget is not None and change.budget.bound == CHANGE_MS and change.figure > 0
    assert save.budget is not None and save.budget.bound == SAVE_RATIO and save.budget.of_ratio
    assert outline.budget == change.budget and outline.figure >= change.figure
    assert longest.budget == change.budget == outlined.budget and longest.figure >= change.figure
    assert len(texts) == 3 and all(row.budget and row.budget.bound == LONG_RATIO for row in texts)
    assert change.limit is not None and save.limit is not None and save.limit.value > 0


def test_the_form_is_what_it_is_called() -> None:
    """A thousand questions, most of them asked and answered, with problems, calculations and filters."""
    form = wide_form()
    assert len(form.placed) >= QUESTIONS
    questions = list(form.questions())
    assert sum(bool(placed.conditions) for placed in form.placed.values()) > 300
    assert sum(question.calculation is not None for question in questions) > 40
    assert (
        sum(question.choice_filter is not None or question.constraint is not None for question in questions)
        > 50
    )
    writer = Writer(form, {})
    asked = 0
    for place, typed in edits(form):
        asked += writer.field(place) is not None
        writer.write(place, typed)
    answers = writer.snapshot().answers
    assert asked > 900 and len(answers) > 500 and writer.problems()
    assert sum(name in answers for name, placed in form.placed.items() if placed.question.calculation) > 30
