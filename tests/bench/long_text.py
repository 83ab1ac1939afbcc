"""Row 3: what a key costs in a long text, beside the same key in an empty one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from statistics import median
from typing import Final

from fieldkit.tui.widgets.fields.long_editor import LongEditor
from tests.bench.table import Budget, Limit, Row
from tests.tui.form_showing import form
from tests.tui.writing_desk import MemoryWriting

LONG_RATIO: Final = 2.5
"""A letter in the longest text somebody pastes must not feel otherwise than one in an empty field."""

LETTERS: Final = 100_000
KEYS: Final = 20


def paragraph(letters: int) -> str:
    """Words of many lengths without a line's end."""
    dice, words = random.Random(1), list[str]()
    while (letters := letters - 1) > 0:
        words.append("".join(dice.choices("abcdefghijklmnop", k=dice.randint(1, min(11, letters)))))
        letters -= len(words[-1])
    return " ".join(words)


def long_text_rows(runs: int, *, letters: int = LETTERS, keys: int = KEYS) -> Iterator[Row]:
    """A letter at the end of one paragraph, in the middle of it, and in a text of many lines."""
    whole = paragraph(letters)
    lines = "\n".join(whole[at : at + 40] for at in range(0, len(whole), 50))
    cases = (
        (f"a letter at the end of a paragraph of {letters // 1000} kB", whole, "end"),
        ("  and in its middle", whole, "middle"),
        ("  and in the middle of as much in short lines", lines, "middle"),
    )
    for what, text, where in cases:
        pairs = [
            (asyncio.run(per_key("", "end", keys)), asyncio.run(per_key(text, where, keys)))
            for _ in range(runs)
        ]
        yield Row(
            what=what,
            figure=round(median(long for _, long in pairs), 1),
            unit="ms",
            limit=Limit(
                name="empty text, ms",
                value=round(median(empty for empty, _ in pairs), 1),
                ratio=median(long / empty for empty, long in pairs),
            ),
            budget=Budget(bound=LONG_RATIO, of_ratio=True),
        )


async def per_key(text: str, where: str, keys: int) -> float:
    """Processor time from a letter to its paint in the form screen, milliseconds."""
    writing = MemoryWriting(drafts={1: {"narrative": text} if text else {}})
    async with form(writing, place=("narrative",)) as pilot:
        if where == "middle":
            editor = pilot.app.screen.query(LongEditor).first()
            line = editor.document.line_count // 2
            editor.move_cursor((line, len(editor.document.get_line(line)) // 2))
            await pilot.pause()
        await pilot.press("x")
        began = time.process_time()
        for _ in range(keys):
            await pilot.press("x")
        return (time.process_time() - began) * 1_000 / keys
