"""Dates said from today, and days of the week."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model import month_names
from fieldkit.model.date_words import fold, read_words
from fieldkit.model.dates import describe
from fieldkit.model.edtf import InvalidDate

TODAY = date(2026, 11, 23)
"""A Monday."""

SAID = [
    ("last friday", "2026-11-20"),
    ("last monday", "2026-11-16"),
    ("Friday", "2026-11-20"),
    ("on Sunday", "2026-11-22"),
    ("about last Friday", "2026-11-20~"),
    ("last Friday at 14:30", "2026-11-20T14:30:00"),
    ("from last Friday to yesterday", "2026-11-20/2026-11-22"),
    ("after last Friday", "2026-11-20/.."),
    ("before yesterday", "../2026-11-22"),
    ("the day before yesterday", "2026-11-21"),
    ("last night", "2026-11-22"),
    ("last week", "2026-11-16/2026-11-22"),
    ("last month", "2026-10"),
    ("last year", "2025"),
    ("3rd of last month", "2026-10-03"),
    ("two days ago", "2026-11-21"),
    ("a week ago", "2026-11-16"),
    ("about 2 weeks ago", "2026-11-09~"),
    ("3 months ago", "2026-08"),
    ("11 months ago", "2025-12"),
    ("2 years ago", "2024"),
    ("أول أمس", "2026-11-21"),
    ("اليوم", "2026-11-23"),
    ("يوم الجمعة الماضي", "2026-11-20"),
    ("الأسبوع الماضي", "2026-11-16/2026-11-22"),
    ("الشهر الماضي", "2026-10"),
    ("قبل يومين", "2026-11-21"),
    ("قبل ٣ أيام", "2026-11-20"),
    ("منذ أسبوع", "2026-11-16"),
    ("قبل عام", "2025"),
    ("قبل عام ٢٠٢٥", "../2025"),
    ("قبل شهر آب ٢٠٢٦", "../2026-08"),
    ("منذ عام 2024", "2024/.."),
    ("vendredi dernier", "2026-11-20"),
    ("la semaine dernière", "2026-11-16/2026-11-22"),
    ("avant-hier", "2026-11-21"),
    ("il y a 3 jours", "2026-11-20"),
    ("позавчора", "2026-11-21"),
    ("минулої п'ятниці", "2026-11-20"),
    ("3 дні тому", "2026-11-20"),
    ("у серпні 2026", "2026-08"),
    ("٣ غشت", "2026-08-03"),
    ("٣ أوت ٢٠٢٦", "2026-08-03"),
    ("٣ آب", "2026-08-03"),
    ("۳ أغسطس ۲۰۲۶", "2026-08-03"),
    ("٥ دجنبر ٢٠٢٥", "2025-12-05"),
    ("بين ٣ و٥ آب ٢٠٢٦", "2026-08-03/2026-08-05"),
    ("10/2026", "2026-10"),
    ("2026/10/03", "2026-10-03"),
    ("3-Aug-2026", "2026-08-03"),
    ("mid-October", "2026-10~"),
    ("29 Feb", "2024-02-29"),
    ("Monday 3 Aug 2026", "2026-08-03"),
    ("الاثنين ٣ آب ٢٠٢٦", "2026-08-03"),
]

REFUSED = [
    ("Monday", "today is that day"),
    ("Friday 3 Aug 2026", "is a Monday"),
    ("الجمعة ٣ آب ٢٠٢٦", "is a Monday"),
    ("yesterday 3 Aug", "two different days"),
    ("99999 days ago", "too long ago"),
    ("5000 years ago", "too long ago"),
    ("tomorrow", "cannot read"),
]


WORDS = [
    "last",
    "friday",
    "3",
    "days",
    "ago",
    "قبل",
    "يومين",
    "عام",
    "2026",
    "99999",
    "to",
    "-",
    "aug",
    "الماضي",
]


@pytest.mark.parametrize(("typed", "edtf"), SAID)
def test_what_is_said_from_today(typed: str, edtf: str) -> None:
    """Each means one date; the words stay beside it, and are read back with it without a calendar."""
    found = read_words(typed, TODAY)
    assert (found.date.edtf, found.words) == (edtf, typed)
    again = read_words(f"{edtf} ({typed})")
    assert (again.date.edtf, again.words) == (edtf, typed)


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_what_could_be_two_days_is_refused(typed: str, why: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(InvalidDate, match=why):
        read_words(typed, TODAY)


@pytest.mark.parametrize("typed", ["last Friday", "Friday", "قبل يومين", "last year"])
def test_without_a_calendar_nothing_is_guessed(typed: str) -> None:
    """Somebody has to say what today is."""
    with pytest.raises(InvalidDate, match="nobody said what today is"):
        read_words(typed)


def test_words_are_kept_as_they_are_compared() -> None:
    """A word that is not folded in the tables would never be found."""
    tables = [
        *month_names.WEEKDAY_WORDS.values(),
        *month_names.DAYS_BEFORE_WORDS.values(),
        *month_names.COUNT_WORDS.values(),
        *(words for pair in month_names.SPAN_WORDS.values() for words in pair),
        month_names.LAST_WORDS,
    ]
    assert [words for words in tables if fold(words) != words] == []


@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=8,
    )
)
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    """Nothing but InvalidDate comes out."""
    try:
        read_words(" ".join(words), TODAY)
    except InvalidDate:
        return


@pytest.mark.parametrize(
    "typed",
    [
        "1 hour ago",
        "an hour ago",
        "2 hours ago",
        "half an hour ago",
        "قبل ساعة",
        "منذ ٣ ساعات",
        "il y a 2 heures",
    ],
)
def test_hours_are_not_counted_back(typed: str) -> None:
    """Nothing here knows the time: whoever says it so is told to write it."""
    with pytest.raises(InvalidDate, match="write the time, as in today 17:30"):
        read_words(typed, TODAY)


def test_the_time_that_is_asked_for_is_read() -> None:
    """What the refusal names works, and is told back without seconds that nobody said."""
    found = read_words("today 17:30", TODAY)
    assert found.date.edtf == "2026-11-23T17:30:00"
    assert describe(found.date) == "23 November 2026 at 17:30"
