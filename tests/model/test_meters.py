"""The two meters: countable, publishable."""

from __future__ import annotations

import pytest

from fieldkit.model.meters import Publication, countable, publishable
from fieldkit.model.values import Answers

FULL: Answers = {
    "start": ["2026-10-03"],
    "gov": "Aleppo",
    "victims": [{"vic": "V1", "v_name": "Person Example", "v_named": "yes"}],
    "sources": [{"src": "S1", "src_risk": "2"}],
    "consents": [{"con": "S1", "con_anon": "yes", "con_named": "yes"}],
}

COUNTED: list[tuple[Answers, tuple[str, ...]]] = [
    ({}, ()),
    ({"victims": [{"v_body": "B-12"}]}, ()),
    ({"victims": [{"v_name_ar": "شخص مثال"}]}, ()),
    ({"victims": [{"v_desc": "unknown man"}]}, ("victim",)),
    ({"victims": "odd"}, ("victim",)),
    ({"start": ["XXXX-XX-XX", "yesterday"]}, ("date",)),
    ({"start": ["2026~"]}, ()),
    ({"start": "2026"}, ("date",)),
    ({"gov": " "}, ("governorate",)),
    ({"sources": [{"src_name": "x"}]}, ("source",)),
    ({"gov": "", "sources": [], "start": [], "victims": []}, ("victim", "date", "governorate", "source")),
]


@pytest.mark.parametrize(("change", "missing"), COUNTED)
def test_countable(change: Answers, missing: tuple[str, ...]) -> None:
    """Name or body number, date, governorate, source."""
    meter = countable({**FULL, **change})
    assert (meter.missing, meter.ok) == (missing, not missing)


PUBLISHED: list[tuple[Answers, Publication, str]] = [
    ({}, Publication.NAMED, ""),
    ({"sources": []}, Publication.WITHHELD, "no source"),
    ({"consents": []}, Publication.WITHHELD, "S1 was not asked"),
    ({"consents": [{"con": "S1"}]}, Publication.WITHHELD, "S1 did not agree"),
    ({"consents": [{"con": "S2", "con_anon": "yes"}]}, Publication.WITHHELD, "S1 was not asked"),
    (
        {"consents": [{"con": "S1", "con_anon": "yes"}, {"con": "S1", "con_off": ["2026"]}]},
        Publication.WITHHELD,
        "S1 withdrew",
    ),
    ({"consents": [{"con": "S1", "con_anon": "yes"}]}, Publication.ANONYMOUS, "with names"),
    ({"consents": [{"con": "S1", "con_named": "yes"}]}, Publication.NAMED, ""),
    ({"sources": [{"src": "S1"}]}, Publication.WITHHELD, "not judged"),
    ({"sources": [{"src": "S1", "src_risk": "3"}]}, Publication.ANONYMOUS, "risk to S1 is 3"),
    ({"sources": [{"src": "S1", "src_risk": "4"}]}, Publication.WITHHELD, "risk to S1 is 4"),
    ({"victims": [{"vic": "V1", "v_name": "x"}]}, Publication.ANONYMOUS, "V1 may not be named"),
    ({"victims": [{"vic": "V1", "v_desc": "x"}]}, Publication.NAMED, ""),
]


@pytest.mark.parametrize(("change", "level", "reason"), PUBLISHED)
def test_publishable(change: Answers, level: Publication, reason: str) -> None:
    """Consent and risk of every source, and the victims' own word."""
    meter = publishable({**FULL, **change})
    assert meter.level is level
    assert reason in " ".join(meter.reasons)
    assert bool(meter.reasons) == (level is not Publication.NAMED)
