"""Folding: one spelling for the many ways a name is written, and no two words made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.folding import MAX_WORD_CHARS, words

SAME = {
    "hamza on alef": ("أحمد", "احمد"),
    "alef with madda": ("آذار", "اذار"),
    "hamza on waw": ("مؤمن", "مومن"),
    "hamza on ya": ("مائدة", "مايدة"),
    "hamza alone": ("سماء", "سما"),
    "ta marbuta": ("مدرسة", "مدرسه"),
    "alef maqsura": ("مستشفى", "مستشفي"),
    "tatweel": ("حلـــب", "حلب"),
    "harakat": ("حَلَبُ", "حلب"),
    "the article": ("الباب", "باب"),
    "the article with and": ("والمدينة", "مدينة"),
    "Persian ya and kaf": ("کرکوک یک", "كركوك يك"),
    "Arabic digits": ("٢٠٢٦", "2026"),
    "Persian digits": ("۲۰۲۶", "2026"),
    "presentation forms": ("ﻻ", "لا"),
    "French marks": ("hôpital détruit", "hopital detruit"),
    "case": ("ALEPPO", "aleppo"),
    "sharp s": ("Straße", "strasse"),
    "Ukrainian apostrophe": ("п'ять", "п’ять"),
    "no apostrophe at all": ("Mare'", "Mare"),
    "ayn in Latin letters": ("Aʿzaz", "Azaz"),
    "decomposed": ("e\u0301te\u0301", "été"),
    "full width": ("ＡＢＣ", "abc"),
    "the article in Latin letters": ("al-Bab", "Bab"),
    "the article as it is spoken": ("ar-Raqqa ash-Sham", "Raqqa el-Sham"),
    "a zero-width joiner": ("می\u200cروم", "میروم"),
}

OTHER = {
    "й is no и": ("мий", "мии"),
    "ї is no і": ("її", "іі"),
    "another root": ("حلب", "قلب"),
    "no article before another letter": ("as-yet", "yet"),
    "an aircraft": ("il-76", "76"),
    "two words are not one": ("Aleppo North", "AleppoNorth"),
}


@pytest.mark.parametrize("case", SAME)
def test_spellings_of_one_word_are_one(case: str) -> None:
    """What a person would take for the same word is found by either spelling."""
    left, right = SAME[case]
    assert words(left) == words(right) != []


@pytest.mark.parametrize("case", OTHER)
def test_other_words_stay_others(case: str) -> None:
    """Folding does not go so far that different words become one."""
    left, right = OTHER[case]
    assert words(left) != words(right)


def test_an_elided_article_is_a_word_of_its_own() -> None:
    """`l'hôpital` is found by hopital; a name with an apostrophe stays one word."""
    assert words("L'hôpital d’Alep, qu'on voit") == ["l", "hopital", "d", "alep", "qu", "on", "voit"]
    assert words("O'Brien") == ["obrien"]


def test_short_words_keep_what_only_looks_like_an_article() -> None:
    """الله and بالغ begin like an article and are whole words."""
    assert words("الله") == ["الله"]
    assert words("بالغ") == ["بالغ"]


def test_words_in_their_order() -> None:
    """Punctuation, hyphens and line ends separate."""
    assert words("Bab-Amr, (north)\n12:30") == ["bab", "amr", "north", "12", "30"]


@given(st.text(max_size=200))
def test_any_text_folds_to_words(text: str) -> None:
    """Nothing raises; words are bounded and not empty, and folding settles."""
    found = words(text)
    assert all(0 < len(word) <= MAX_WORD_CHARS for word in found)
    assert all(not word.isspace() for word in found)
    assert words(" ".join(found)) == words(" ".join(words(" ".join(found))))
