"""Dates the way people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.date_words import fold, read_words
from fieldkit.model.edtf import InvalidDate
from fieldkit.model.month_names import MONTH_WORDS

TODAY = date(2026, 10, 5)

TYPED = [
    ("2026-10-03", "2026-10-03"),
    ("2026-10~", "2026-10~"),
    ("3 Aug 2026", "2026-08-03"),
    ("Aug 3, 2026", "2026-08-03"),
    ("3rd of August 2026", "2026-08-03"),
    ("about 3 Aug 2026", "2026-08-03~"),
    ("October 2026", "2026-10"),
    ("late October 2026", "2026-10~"),
    ("maybe March 2026", "2026-03?"),
    ("early 2026?", "2026%"),
    ("before 2025", "../2025"),
    ("after May 2026", "2026-05/.."),
    ("since yesterday", "2026-10-04/.."),
    ("3 to 5 August 2026", "2026-08-03/2026-08-05"),
    ("3-5 Aug 2026", "2026-08-03/2026-08-05"),
    ("May-June 2026", "2026-05/2026-06"),
    ("between March and April 2026", "2026-03/2026-04"),
    ("from 3 Aug 2026 to 5 Sep 2026", "2026-08-03/2026-09-05"),
    ("summer 2026", "2026-22"),
    ("3 Aug 2026 14:30", "2026-08-03T14:30:00"),
    ("on the night of Monday 3 Aug 2026", "2026-08-03"),
    ("13/8/2026", "2026-08-13"),
    ("8/13/2026", "2026-08-13"),
    ("03.08.2026", "2026-08-03"),
    ("today", "2026-10-05"),
    ("yesterday", "2026-10-04"),
    ("3 days ago", "2026-10-02"),
    ("3 Aug", "2026-08-03"),
    ("3 Dec", "2025-12-03"),
    ("unknown", "XXXX-XX-XX"),
    ("أمس", "2026-10-04"),
    ("٣ آب ٢٠٢٦", "2026-08-03"),
    ("۳ آب ۲۰۲۶", "2026-08-03"),
    ("3 أغسطس 2026", "2026-08-03"),
    ("قبل ٢٠٢٥", "../2025"),
    ("نحو أيار ٢٠٢٦", "2026-05~"),
    ("كانون الثاني 2026", "2026-01"),
    ("كانون الأول ٢٠٢٥", "2025-12"),
    ("منذ تشرين الأول ٢٠٢٥", "2025-10/.."),
    ("من ٣ آب ٢٠٢٦ إلى ٥ آب ٢٠٢٦", "2026-08-03/2026-08-05"),
    ("بين ٣ و ٥ آب ٢٠٢٦", "2026-08-03/2026-08-05"),
    ("غير معروف", "XXXX-XX-XX"),
    ("le 5 août 2026", "2026-08-05"),
    ("peut-être mars 2026", "2026-03?"),
    ("5 серпня 2026 року", "2026-08-05"),
    ("до 2025", "../2025"),
]

REFUSED = [
    ("3/8/2026", "write the month as a word"),
    ("3", "lacks its month"),
    ("3 and 5 Aug 2026", "cannot read 'and'"),
    ("3 Aug 4 Sep 2026", "two different"),
    ("31 Feb 2026", "31 February 2026 does not exist; February 2026 has 28 days"),
    ("2026-02-31", "31 February 2026 does not exist; February 2026 has 28 days"),
    ("2026-10-00", "0 October 2026 does not exist; October 2026 has 31 days"),
    ("31.4.2026", "31 April 2026 does not exist; April 2026 has 30 days"),
    ("about 30 Feb 2028", "30 February 2028 does not exist; February 2028 has 29 days"),
    ("٣١ شباط ٢٠٢٦", "31 February 2026 does not exist"),
    ("28 Feb to 31 Feb 2026", "31 February 2026 does not exist"),
    ("31 Feb", "31 February 2026 does not exist"),
    ("13.13.2026", "there is no month 13"),
    ("2026-13", "there is no month 13"),
    ("2026-00-01", "there is no month 0"),
    ("Friday 31 Feb 2026", "31 February 2026 does not exist"),
    ("blah", "cannot read 'blah'"),
    ("", "1 to 200"),
    ("a" * 300, "1 to 200"),
    ("about", "no date"),
]


@pytest.mark.parametrize(("typed", "edtf"), TYPED)
def test_typed_dates(typed: str, edtf: str) -> None:
    """Words are understood, and kept as typed."""
    found = read_words(typed, TODAY)
    assert (found.date.edtf, found.words) == (edtf, typed)


@pytest.mark.parametrize("words", ["yesterday", "about 3 Aug", "between May and June", "٣ آب"])
def test_a_date_with_its_words(words: str) -> None:
    """A stored date is written again as date and words, and read back without a calendar as both."""
    first = read_words(words, TODAY)
    again = read_words(f"{first.date.edtf} ({words})")
    assert (again.date.edtf, again.words) == (first.date.edtf, words)


def test_brackets_that_hold_no_date_words() -> None:
    """What stands before the brackets must be a whole date; else all of it is read as words."""
    assert read_words("3 Aug 2026 (about)", TODAY).date.edtf == "2026-08-03~"


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_refused_dates(typed: str, why: str) -> None:
    """What has two readings or none is refused with what to do."""
    with pytest.raises(InvalidDate, match=why):
        read_words(typed, TODAY)


@pytest.mark.parametrize("typed", ["yesterday", "today", "3 days ago", "3 Aug"])
def test_relative_words_need_today(typed: str) -> None:
    """Without a calendar nothing relative is guessed."""
    with pytest.raises(InvalidDate, match="nobody said what today is"):
        read_words(typed)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_word(month: int) -> None:
    """Each spelling of each month means that month, and no other."""
    for word in MONTH_WORDS[month].split():
        assert read_words(f"5 {word.replace('_', ' ')} 2026").date.edtf == f"2026-{month:02}-05"


@given(st.text(max_size=40) | st.text(alphabet="0123456789 -/.~?aboutbefrtAugإلى", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but InvalidDate comes out."""
    try:
        read_words(text, TODAY)
    except InvalidDate:
        return


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Words of the tables are folded the same way as what is typed."""
    assert fold(fold(text)) == fold(text)
