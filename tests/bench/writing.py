"""Row 3: what a change of one answer costs in a long form, and what saving a draft costs on the disk."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from fieldkit.actions import writing
from fieldkit.actions.session import Session
from fieldkit.forms.definition import Form
from fieldkit.forms.writer import Writer
from fieldkit.vault.db import REQUIRED
from sync.protocol.encoding import encode
from tests.actions.world import Template
from tests.bench.long_text import LETTERS, long_text_rows
from tests.bench.reports import twenty_english, with_source
from tests.bench.table import Budget, Limit, Row
from tests.bench.wide_form import ITEMS, QUESTIONS, edits, wide_form

CHANGE_MS: Final = 5.0
"""What a person cannot feel between a key and its letter, with the painting still to come."""

SAVE_RATIO: Final = 2.0

SAVES: Final = 60
"""Saves a run: a minute of typing."""


def writing_rows(
    runs: int, *, questions: int = QUESTIONS, saves: int = SAVES, letters: int = LETTERS
) -> Iterator[Row | str]:
    """A change in a form of so many questions, a letter in a text of so many, and a save of a draft."""
    yield from _change_rows(runs, questions)
    yield from long_text_rows(runs, letters=letters)
    yield from _save_rows(runs, saves)


def _change_rows(runs: int, questions: int) -> Iterator[Row | str]:
    form = wide_form(questions)
    changed, outlined = dict[int, list[float]](), dict[int, list[float]]()
    anew: list[float] = []
    for _ in range(runs):
        writer = _filled(form)
        for number, (place, typed) in enumerate(edits(form)):
            if writer.field(place) is None:
                continue
            began = time.process_time()
            writer.write(place, typed)
            writer.problems()
            changed.setdefault(number, []).append(time.process_time() - began)
            writer.pages()
            outlined.setdefault(number, []).append(time.process_time() - began)
        answers = writer.snapshot().answers
        began = time.process_time()
        Writer(form, answers).problems()
        anew.append(time.process_time() - began)
    whole = 1_000 * median(anew)
    yield from _change_figures(len(form.placed), _medians(changed), whole)
    figures = _medians(outlined)
    yield _change_row("  and the outline of all pages", median(figures))
    yield _change_row("  and the outline, the longest", max(figures))
    alone = 1_000 * max(max(times) for times in changed.values())
    yield f"    the longest change of a single run, with the collector's pauses: {alone:.1f} ms"


def _change_figures(placed: int, figures: list[float], whole: float) -> Iterator[Row]:
    """The change in the middle and the longest of all: each is a median of runs, as every figure here."""
    yield _change_row(
        f"a change in a form of {placed} questions",
        median(figures),
        Limit(name="all anew, ms", value=round(whole, 1), ratio=median(figures) / whole),
    )
    yield _change_row(f"  the longest of {len(figures):,} changes", max(figures))


def _medians(times: dict[int, list[float]]) -> list[float]:
    """Milliseconds of each change."""
    return [1_000 * median(one) for one in times.values()]


def _change_row(what: str, figure: float, limit: Limit | None = None) -> Row:
    return Row(what=what, figure=round(figure, 3), unit="ms", limit=limit, budget=Budget(bound=CHANGE_MS))


def _filled(form: Form) -> Writer:
    writer = Writer(form, {})
    for repeat in form.repeats():
        for _ in range(ITEMS):
            writer.add(repeat.name)
    return writer


def _save_rows(runs: int, saves: int) -> Iterator[Row | str]:
    with tempfile.TemporaryDirectory(dir=_on_disk()) as name:
        folder = Path(name)
        template = Template.make(folder / "template")
        ours: list[float] = []
        bare: list[float] = []
        ratios: list[float] = []
        for run in range(runs):
            vault = template.copy(folder / f"home{run}")
            with Session(vault=vault, clock=_Clock()) as session:
                one = _saves(session, saves)
            other = _bare(folder / f"bare{run}.db", template.key, saves)
            ours, bare = [*ours, *one], [*bare, *other]
            ratios.append(median(one) / median(other))
    yield Row(
        what="save of a draft, durable",
        figure=round(1_000 * median(ours), 2),
        unit="ms",
        limit=Limit(name="bare SQLCipher, ms", value=round(1_000 * median(bare), 2), ratio=median(ratios)),
        budget=Budget(bound=SAVE_RATIO, of_ratio=True),
    )
    size = len(_bytes(0))
    yield f"    {size:,} bytes of answers, synchronous FULL; bare is INSERT OR REPLACE and COMMIT of them"


def _on_disk() -> str:
    """Where a commit costs what it costs: often /tmp is in memory."""
    return os.environ.get("FIELDKIT_BENCH_DIR") or str(Path(__file__).resolve().parents[2])


class _Clock:
    """A second goes by with every look, as between saves of somebody who types."""

    def __init__(self) -> None:
        self._now = 1_900_000_000

    def __call__(self) -> int:
        self._now += 1
        return self._now


def _typed(number: int) -> dict[str, Any]:
    """A report somebody has been writing for a while; each save has a few more letters."""
    answers = with_source(twenty_english()[0], 1)
    return {**answers, "narrative": f"{answers['narrative']} {'and then ' * (number % 40)}{number}"}


def _bytes(number: int) -> bytes:
    return encode(_typed(number))


def _saves(session: Session, saves: int) -> list[float]:
    written = writing.begin(session)
    told: list[float] = []
    first = replace(written.writer.snapshot(), left=(0, 5))
    for number in range(saves):
        snapshot = replace(first, answers=_typed(number), stamp=number + 1)
        began = time.perf_counter()
        writing.store(session, written.number, snapshot)
        told.append(time.perf_counter() - began)
    return told


def _bare(path: Path, key: bytes, saves: int) -> list[float]:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for name, value, _ in REQUIRED:
        connection.execute(f"PRAGMA {name} = {value}")
    connection.execute("CREATE TABLE draft (number INTEGER PRIMARY KEY, answers BLOB NOT NULL) STRICT")
    told: list[float] = []
    for number in range(saves):
        raw = _bytes(number)
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO draft VALUES (1, ?)", (raw,))
        connection.execute("COMMIT")
        told.append(time.perf_counter() - began)
    connection.close()
    return told
