"""The benchmark's reports are as unknown to the dictionary, and as large, as the table says."""

from __future__ import annotations

import pytest

from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.filling import Filling
from fieldkit.forms.lanes import main_only, split
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers
from tests.bench.reports import PEER_JSON_BYTES, json_bytes, peer_records, twenty_english, with_source, words
from tests.dictionary import generate
from tests.dictionary.held_out import incidents, strings

RUN = 24
"""Bytes of an answer that may not be in the dictionary, as for the held-out texts."""


def _known(report: Answers, dictionary: bytes) -> list[str]:
    """The answers of which a run is in the dictionary."""
    found = []
    for text in strings(report):
        raw = text.encode()
        if any(raw[at : at + RUN] in dictionary for at in range(len(raw) - RUN + 1)):
            found.append(text)
    return found


def test_twenty_different_texts_the_dictionary_has_not_seen() -> None:
    """Twelve held-out ones and eight like them: of their size and length, and no run shared."""
    reports = twenty_english()
    dictionary = generate.TARGET.read_bytes()

    assert len({str(report["narrative"]) for report in reports}) == len(reports) == 20
    assert [text for report in reports for text in _known(report, dictionary)] == []
    assert 1_450 <= min(map(json_bytes, reports)) <= max(map(json_bytes, reports)) <= 1_700
    assert 125 <= min(map(words, reports)) <= max(map(words, reports)) <= 180


def test_a_run_of_the_dictionary_would_be_found() -> None:
    """The search above is able to fail."""
    dictionary = generate.TARGET.read_bytes()
    planted = dictionary[-400:].decode(errors="ignore")
    assert _known({"narrative": f"It began so: {planted}"}, dictionary)


@pytest.mark.parametrize("number", range(20))
def test_each_is_a_finished_main_lane_report(number: int) -> None:
    """The form takes the answers as they stand and misses nothing."""
    form, answers = incident_form(), twenty_english()[number]
    assert read_answers(form, answers) == answers
    assert Filling(form=form, answers=answers).problems() == ()
    assert main_only(form, answers) == answers


def test_a_source_leaves_the_report_as_it_is() -> None:
    """What is added lies in the sources lane alone, so that its frame is all that comes on top."""
    form, plain = incident_form(), incidents("en")[0]
    parts = split(form, with_source(plain, 1))
    assert set(parts) == {Lane.MAIN, Lane.SOURCES}
    assert parts[Lane.MAIN] == plain


def test_records_like_the_peers() -> None:
    """The same for the same seed, half in Arabic, and not smaller than the peers' 170,252 bytes in 100."""
    records = peer_records(100)
    arabic = [record for record in records if any("ء" <= sign <= "ي" for sign in str(record["narrative"]))]

    assert records == peer_records(100) != peer_records(100, 1)
    assert len(arabic) == 50
    assert PEER_JSON_BYTES <= min(map(json_bytes, records)) <= max(map(json_bytes, records)) < 1_800
    assert sum(map(json_bytes, records)) >= 170_252
    form = incident_form()
    assert all(Filling(form=form, answers=record).problems() == () for record in records)
