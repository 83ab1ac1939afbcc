"""JSON Lines exports."""

from __future__ import annotations

import json

from fieldkit.export.jsonl import incidents_jsonl
from fieldkit.forms.builtin import incident_form
from tests.export.samples import MAIN, NAME, PART, REVISION, record

FORM = incident_form()


def test_one_record_a_line_in_its_stored_form() -> None:
    """Nothing is rounded or reworded."""
    raw = incidents_jsonl([record(), record({"title": "second"})], FORM)
    first, second = (json.loads(line) for line in raw.decode().splitlines())
    assert first["answers"] == MAIN
    assert (first["form"], first["form_version"], first["state"], first["signature_verified"]) == (
        "incident",
        FORM.version,
        "delivered",
        True,
    )
    assert second["answers"] == {"title": "second"}


def test_sources_only_when_given() -> None:
    """The protected lane needs its own argument."""
    assert NAME.encode() not in incidents_jsonl([record({**MAIN, **PART})], FORM)
    given = json.loads(incidents_jsonl([record()], FORM, sources={REVISION: PART}))
    assert given["answers"]["sources"] == [{"src": "S1", "src_name": NAME, "src_risk": "4"}]


def test_text_is_safe_to_show() -> None:
    """A signed text may hold an escape sequence; the export does not, and stays one line a record."""
    raw = incidents_jsonl(
        [record({"title": "a\x1b[2J\u202eb\u2028c", "victims": [{"v_name": "\x07x"}]})], FORM
    )
    answers = json.loads(raw)["answers"]
    assert answers == {"title": "a[2J·RLO·b\nc", "victims": [{"v_name": "x"}]}
    assert raw.count(b"\n") == 1


def test_nothing_to_export() -> None:
    """No records, no bytes."""
    assert incidents_jsonl([], FORM) == b""
