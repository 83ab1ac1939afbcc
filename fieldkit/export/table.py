"""CSV: one row an incident, or one row an item of a repeat.

RFC 4180 with a UTF-8 byte-order mark, because the common spreadsheet otherwise reads Arabic and Cyrillic as
Latin-1. A cell a spreadsheet would run as a formula is given a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from fieldkit.export.records import ExportRecord, SourceParts, about, exported, lanes_of
from fieldkit.forms.definition import Form, Kind, Placed
from fieldkit.forms.positions import degrees_text
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Value, items_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins like this may be run by a spreadsheet: OWASP, CSV injection."""

JOINED = "; "
"""Between several choices, codes or links in one cell."""

_ABOUT = ("incident", "revision", "reporter", "state", "signature_verified", "divided", "created", "language")


def incidents_csv(
    records: Iterable[ExportRecord], form: Form, *, sources: SourceParts | None = None
) -> bytes:
    """One row an incident. A repeat is one cell of JSON, so that one file holds everything.

    `sources` adds the protected answers; leave it out unless they were asked for by name.
    """
    lanes = lanes_of(sources)
    columns: dict[str, Placed | None] = {}
    for name, placed in form.placed.items():
        if placed.question.lane in lanes:
            columns.setdefault(
                placed.repeat.name if placed.repeat else name, None if placed.repeat else placed
            )
    rows = [[*_ABOUT, *_headings(columns)]]
    for record in records:
        answers = exported(form, record, sources)
        cells = [_cells(placed, answers.get(name)) for name, placed in columns.items()]
        rows.append([*_about_cells(record), *(cell for pair in cells for cell in pair)])
    return _written(rows)


def items_csv(
    records: Iterable[ExportRecord], form: Form, repeat: str, *, sources: SourceParts | None = None
) -> bytes:
    """One row an item of a repeat (victims, acts, perps…).

    Raises ValueError when the form has no such repeat.
    """
    if form.repeat(repeat) is None:
        there = ", ".join(found.name for found in form.repeats())
        raise ValueError(f"no repeat {repeat!r} in the form {form.id!r}; there are {there}")
    lanes = lanes_of(sources)
    columns: dict[str, Placed | None] = {
        name: placed
        for name, placed in form.placed.items()
        if placed.repeat is not None and placed.repeat.name == repeat and placed.question.lane in lanes
    }
    rows = [["incident", "revision", *_headings(columns)]]
    for record in records:
        for item in items_of(exported(form, record, sources), repeat):
            cells = [_cells(placed, item.get(name)) for name, placed in columns.items()]
            rows.append(
                [record.incident.hex(), record.revision.hex(), *(cell for pair in cells for cell in pair)]
            )
    return _written(rows)


def safe_cell(text: str) -> str:
    """Text no spreadsheet runs: cleaned, and with an apostrophe before what would begin a formula."""
    cleaned = clean(text)
    return f"'{cleaned}" if cleaned.lstrip(" ").startswith(FORMULA_STARTS) else cleaned


def _headings(columns: dict[str, Placed | None]) -> list[str]:
    """A date and a count take two columns: what it means and how it was said, the least and the most."""
    found: list[str] = []
    for name, placed in columns.items():
        kind = placed.question.kind if placed else None
        if kind is Kind.DATE:
            found += [name, f"{name}_words"]
        elif kind is Kind.RANGE:
            found += [f"{name}_min", f"{name}_max"]
        else:
            found.append(name)
    return found


def _cells(placed: Placed | None, value: Value | None) -> list[str]:
    kind = placed.question.kind if placed else None
    if kind is Kind.DATE:
        parts = [str(part) for part in value] if isinstance(value, list) else []
        return [safe_cell(parts[0] if parts else ""), safe_cell(parts[-1] if parts else "")]
    if kind is Kind.RANGE:
        ends: Answers = value if isinstance(value, dict) else {}
        return [str(ends.get("min", "")), str(ends.get("max", ""))]
    if kind in (Kind.LAT, Kind.LON) and isinstance(value, int):
        return [degrees_text(value)]
    return [_plain(value)]


def _plain(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        return safe_cell(JOINED.join(str(part) for part in value))
    if isinstance(value, list | dict):
        return safe_cell(json.dumps(value, ensure_ascii=False))
    return str(value) if isinstance(value, int) else safe_cell(value)


def _about_cells(record: ExportRecord) -> list[str]:
    told = about(record)
    cells = [told[name] for name in _ABOUT]
    return [("yes" if cell else "no") if isinstance(cell, bool) else safe_cell(str(cell)) for cell in cells]


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
