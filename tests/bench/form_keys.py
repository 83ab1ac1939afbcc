"""Row 7, the form: a letter in it, beside an empty Textual app in the same run."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from textual.widgets import Input

from fieldkit.forms.definition import Form
from tests.bench.painting import KEYS, EmptyApp, per_key, ratio_row, settled
from tests.bench.table import Row
from tests.bench.wide_form import QUESTIONS, wide_form
from tests.tui.form_showing import form as shown_form
from tests.tui.writing_desk import MemoryWriting

FORM_KEY_RATIO: Final = 6.0
"""A letter changes an answer, what hangs on it, the outline and the mark that it is not stored yet."""


async def per_form_key(form: Form) -> float:
    """Processor time of one letter in a field of a form until all of it is drawn, milliseconds."""
    writing = MemoryWriting(form=form, drafts={1: {}})
    async with shown_form(writing) as pilot:
        await pilot.press("x")
        await settled(pilot)
        began = time.process_time()
        for _ in range(KEYS):
            await pilot.press("x")
        took = (time.process_time() - began) * 1_000 / KEYS
        field = pilot.app.screen.focused
        if not isinstance(field, Input) or len(field.value) <= KEYS:
            raise ValueError(f"the letters went elsewhere: {field!r}")
        return took


def form_key_row(runs: int, *, questions: int = QUESTIONS) -> Row:
    """A letter in a form of so many questions; the first round is not counted."""
    form = wide_form(questions)
    pairs = [
        (asyncio.run(per_key(EmptyApp)), asyncio.run(per_form_key(form))) for _ in range(max(3, runs) + 1)
    ][1:]
    return ratio_row(f"a letter in a form of {questions:,} questions, the same", pairs, FORM_KEY_RATIO)
