"""One report as lines for the terminal or a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldkit.cli import wording
from fieldkit.cli.cells import GAP, cell_width, columns, wrapped
from fieldkit.tui.report_text import Passage, passages

if TYPE_CHECKING:
    from fieldkit.actions.records import RecordView

INDENT = "  "

LEAST_WRAP = 24
"""Columns that text gets however narrow the terminal is."""

LANGUAGE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says in which language labels should be, the strongest first."""


def report_page(view: RecordView, width: int | None) -> Iterator[str]:
    """A report: its line, its answers under their headings, its problems and its revisions."""
    line = view.line
    untold = ", not sent yet" if line.unsent and line.state == "withdrawn" else ""
    yield f"{line.glyph} {line.state}{untold}{GAP}{line.title or '(no title)'}"
    changed = wording.moment(line.updated)
    yield f"number {line.number}{GAP}incident {line.incident or 'none yet'}{GAP}changed {changed}"
    language = system_language()
    yield from answer_lines(passages(view.form, view.answers, language), width)
    if view.sources_answers is not None:
        yield from ("", "SOURCES LANE")
        yield from answer_lines(passages(view.form, view.sources_answers, language), width)
    if view.divided:
        yield from ("", "It has two versions that follow the same past: a person has to merge them.")
    if view.doubt:
        yield from ("", f"About its sender: {view.doubt}.")
    if view.problems:
        yield from ("", "To be mended", *(INDENT + problem for problem in view.problems))
    yield from _history(view)


def system_language() -> str:
    """The language tag this system asks for, `en` when it says nothing."""
    asked = next((value for name in LANGUAGE_VARIABLES if (value := os.environ.get(name))), "")
    tag = asked.partition(".")[0].replace("_", "-")
    return "en" if tag in ("", "C", "POSIX") else tag


def answer_lines(told: tuple[Passage, ...], width: int | None) -> Iterator[str]:
    """Answers under their headings, a line each where they fit."""
    for passage in told:
        indent = INDENT * passage.depth
        if passage.is_heading:
            yield from ("", indent + passage.label) if passage.depth == 0 else (indent + passage.label,)
        else:
            yield from _answer(indent + passage.label + ": ", passage.text, width)


def _answer(label: str, text: str, width: int | None) -> Iterator[str]:
    """A short answer behind its label; a long one below it, indented, so that it keeps its width."""
    if "\n" not in text and (width is None or cell_width(label) + cell_width(text) <= width):
        yield label + text
        return
    indent = " " * (len(label) - len(label.lstrip())) + INDENT
    yield label.rstrip()
    if width is None:
        yield from (indent + line for line in text.split("\n"))
    else:
        yield from (indent + line for line in wrapped(text, max(LEAST_WRAP, width - len(indent))))


def _history(view: RecordView) -> Iterator[str]:
    if view.revisions:
        rows = [(line.state, line.id, line.author, wording.moment(line.created)) for line in view.revisions]
        yield from ("", "Revisions", *(INDENT + row for row in columns(rows)))
    for line in view.revisions:
        if line.withdraws:
            yield from ("", f"Withdrawn by {line.author}, {wording.moment(line.created)}:")
            yield from (INDENT + text for text in line.withdraws.split("\n"))
