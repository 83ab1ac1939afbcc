"""Numbers of people, the way they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.count_words import ABOUT, NUMBER_WORDS, PEOPLE
from fieldkit.forms.counts import describe_count, read_count
from fieldkit.forms.problems import BadAnswer
from fieldkit.model.date_words import fold

COUNTS: list[tuple[str, tuple[int | None, int | None]]] = [
    ("10-12", (10, 12)),
    ("10 – 12", (10, 12)),
    ("10..12", (10, 12)),
    ("between 10 and 12", (10, 12)),
    ("بين ١٠ و١٢", (10, 12)),
    ("۱۰-۱۲", (10, 12)),
    ("entre 10 et 12", (10, 12)),
    ("від 10 до 12", (10, 12)),
    ("3 or 4", (3, 4)),
    ("about 30", (27, 33)),
    ("~30", (27, 33)),
    ("30ish", (27, 33)),
    ("حوالي ٣٠", (27, 33)),
    ("environ 30", (27, 33)),
    ("близько 30", (27, 33)),
    ("about 3", (2, 4)),
    ("about 0", (0, 1)),
    ("at least 5", (5, None)),
    ("≥5", (5, None)),
    (">= 5", (5, None)),
    ("5+", (5, None)),
    ("5 or more", (5, None)),
    ("more than 5", (6, None)),
    ("at most 5", (None, 5)),
    ("≤5", (None, 5)),
    ("fewer than 5", (None, 4)),
    ("two", (2, 2)),
    ("two or three", (2, 3)),
    ("خمسة", (5, 5)),
    ("no one", (0, 0)),
    ("لا أحد", (0, 0)),
    ("1 personne", (1, 1)),
    ("30 people", (30, 30)),
    ("at least 5 dead", (5, None)),
    ("1,200", (1200, 1200)),
    ("1 200", (1200, 1200)),
    ("١٢٠٠", (1200, 1200)),
]


@pytest.mark.parametrize(("typed", "ends"), COUNTS)
def test_counts_as_said(typed: str, ends: tuple[int | None, int | None]) -> None:
    """Each is a least and a greatest value; written short, it is read back as the same."""
    found = read_count(typed)
    assert (found.get("min"), found.get("max")) == ends
    assert read_count(describe_count(found)) == found


@pytest.mark.parametrize(
    "typed", ["dozens", "عشرات", "a dozen", "12-10", "1,2", "1,23,456", "-3", "3.5", "about"]
)
def test_what_is_no_count_is_refused(typed: str) -> None:
    """Nothing is guessed; the hint says how to write it."""
    with pytest.raises(BadAnswer) as refused:
        read_count(typed)
    assert refused.value.hint


def test_words_are_kept_as_they_are_compared() -> None:
    """A word that is not folded in the tables would never be found."""
    assert [words for words in (*NUMBER_WORDS.values(), ABOUT, PEOPLE) if fold(words) != words] == []


@given(st.text(max_size=30) | st.text(alphabet="0123456789 ,-~+aboutr٣بين", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but BadAnswer comes out."""
    try:
        read_count(text)
    except BadAnswer:
        return
