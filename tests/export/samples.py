"""Records to export in tests."""

from __future__ import annotations

from fieldkit.export.records import ExportRecord
from fieldkit.model.ids import IncidentId, RevisionId
from fieldkit.model.state import State
from fieldkit.model.values import Answers

NAME = "Person Example-Protected"

MAIN: Answers = {
    "title": "=HYPERLINK(1)",
    "kind": ["arrest", "killing"],
    "start": ["2026-10", "last October"],
    "gov": "حلب",
    "narrative": 'two\nlines, "quoted"',
    "lat": 36_481_000,
    "lon": -37_195_000,
    "publish": "km10",
    "precision": "town",
    "detained": {"min": 26},
    "victims": [{"vic": "V1", "v_name": "@cmd"}, {"vic": "V2", "v_age": {"min": 30, "max": 40}}],
    "sources": [{"src": "S1"}],
}

PART: Answers = {"sources": [{"src": "S1", "src_name": NAME, "src_risk": "4"}]}

REVISION = RevisionId(b"r" * 16)


def record(answers: Answers | None = None, revision: bytes = REVISION) -> ExportRecord:
    """One record, as a coordinator's store would give it."""
    return ExportRecord(
        incident=IncidentId(b"i" * 16),
        revision=RevisionId(revision),
        reporter="north-7",
        state=State.DELIVERED,
        verified=True,
        answers=MAIN if answers is None else answers,
        created=1_790_000_000,
        utc_offset=180,
        language="ar",
    )
