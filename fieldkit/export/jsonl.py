"""JSON Lines: one record a line, everything in its stored form, nothing rounded or reworded."""

from __future__ import annotations

import json
from collections.abc import Iterable

from fieldkit.export.records import ExportRecord, SourceParts, about, exported
from fieldkit.forms.definition import Form
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Value


def incidents_jsonl(
    records: Iterable[ExportRecord], form: Form, *, sources: SourceParts | None = None
) -> bytes:
    """One JSON object a line: what is known of the record, the form it answers, and the answers.

    `sources` adds the protected answers; leave it out unless they were asked for by name.
    """
    lines = []
    for record in records:
        entry = {
            **about(record),
            "form": form.id,
            "form_version": form.version,
            "answers": cleaned(exported(form, record, sources)),
        }
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines).encode("utf-8")


def cleaned(answers: Answers) -> Answers:
    """Answers with every text cleaned for show: a signed text may hold what a terminal would obey."""
    return {name: _cleaned(value) for name, value in answers.items()}


def _cleaned(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return cleaned(value) if isinstance(value, dict) else value
