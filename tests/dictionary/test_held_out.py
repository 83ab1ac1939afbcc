"""The held-out incidents are what the measurements say they are."""

from __future__ import annotations

import json
from statistics import median

import pytest

from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.filling import Filling
from fieldkit.forms.lanes import main_only
from tests.dictionary.held_out import LANGUAGES, incidents

INCIDENTS = 12
"""A language."""

SIZES = {"en": (1_450, 1_700), "ar": (1_900, 2_400), "fr": (1_400, 1_750), "uk": (2_200, 2_700)}
"""Bytes of compact UTF-8 JSON, least and most: 1.5 KB in English, about 150 words in the others."""

WORDS = (125, 170)
"""Of an account, least and most."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_incidents_of_the_stated_size(language: str) -> None:
    """Twelve incidents, no two alike, none a stub or an outlier."""
    found = incidents(language)
    sizes = [len(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode()) for one in found]
    words = [len(str(one["narrative"]).split()) for one in found]

    assert len(found) == len({str(one["narrative"]) for one in found}) == INCIDENTS
    assert SIZES[language][0] <= min(sizes) <= max(sizes) <= SIZES[language][1]
    assert WORDS[0] <= min(words) <= median(words) <= max(words) <= WORDS[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_incident_is_a_finished_main_lane_report(language: str) -> None:
    """The form takes the answers as they stand, misses nothing, and puts all of them in the main lane."""
    form = incident_form()
    for answers in incidents(language):
        assert read_answers(form, answers) == answers
        assert Filling(form=form, answers=answers).problems() == ()
        assert main_only(form, answers) == answers
