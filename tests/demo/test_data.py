"""The incidents the demonstration carries."""

from __future__ import annotations

import json

import pytest

from fieldkit.demo.data.canaries import MIN_CHARS, canaries
from fieldkit.demo.data.sample import campaign, mare
from fieldkit.demo.data.synthetic import COUNT, LANGUAGES, Told, synthetic
from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.filling import Filling
from fieldkit.forms.lanes import join, split
from fieldkit.model.codec import normalise
from fieldkit.model.ids import Lane

FORM = incident_form()
ALL = [campaign(), mare(), *synthetic(7)]


@pytest.mark.parametrize("told", ALL, ids=[str(number) for number in range(len(ALL))])
def test_every_incident_can_be_finished(told: Told) -> None:
    """Read without an error, complete, nothing dropped, divided and joined without a loss."""
    answers = read_answers(FORM, told.answers)
    session = Filling(form=FORM, answers=answers)
    assert session.problems() == ()
    assert session.kept() == answers == normalise(answers)
    parts = split(FORM, answers)
    main = parts.pop(Lane.MAIN)
    assert join(FORM, main, parts) == answers


def test_who_is_told_only_in_the_sources_lane() -> None:
    """No identity, contact or word of a source is anywhere in main."""
    for told in ALL:
        answers = read_answers(FORM, told.answers)
        main = json.dumps(split(FORM, answers)[Lane.MAIN], ensure_ascii=False)
        sources = told.answers["sources"]
        assert isinstance(sources, list)
        for source in sources:
            for name in ("src_name", "src_contact", "src_said", "src_relation"):
                assert source.get(name, "\0") not in main
    assert "Ahmed" not in json.dumps(split(FORM, read_answers(FORM, campaign().answers))[Lane.MAIN])


def test_the_campaign_as_it_was_reported() -> None:
    """A least count, two groups, three sources, relative dates kept as said and given no calendar date."""
    answers = read_answers(FORM, campaign().answers)
    assert answers["detained"] == {"min": 26}
    assert answers["start"] == ["XXXX-XX-XX", "yesterday"]
    for repeat, count in (("perps", 2), ("sources", 3)):
        items = answers[repeat]
        assert isinstance(items, list)
        assert len(items) == count


def test_the_attack_is_linked_to_the_campaign() -> None:
    """By words before there is an id, by id after."""
    assert read_answers(FORM, mare("ab" * 16).answers)["linked"] == ["ab" * 16]
    answers = read_answers(FORM, mare().answers)
    assert isinstance(answers["linked"], list)
    assert answers["town"] == "مارع"
    assert "killed" not in answers


def test_synthetic_incidents_are_the_same_for_the_same_seed() -> None:
    """A figure of one run can be compared with another's."""
    assert synthetic(7) == synthetic(7) != synthetic(8)
    assert len(synthetic(7)) == COUNT
    assert {told.language for told in synthetic(7)} == set(LANGUAGES)


def test_synthetic_incidents_differ() -> None:
    """Twenty reports, not one report twenty times."""
    assert len({str(told.answers["narrative"]) for told in synthetic(7)}) == COUNT


def test_canaries_are_the_sentences_and_the_people() -> None:
    """Every sentence of every account, and every identity, long enough to mean something when found."""
    found = canaries(ALL)
    assert len(found) == len(set(found)) > 150
    assert min(len(text) for text in found) >= MIN_CHARS
    assert "Ahmed Example-Resident-Three" in found
    for told in ALL:
        account = str(told.answers["narrative"])
        covered = sum(len(text) for text in found if text in account)
        assert covered > 0.9 * len(account)
