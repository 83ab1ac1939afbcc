"""Partial dates in their written form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.dates import DatedWords, describe, read_date, sort_key
from fieldkit.model.edtf import InvalidDate, day, parse_edtf

D = date
KNOWN = [
    ("2026-10-03", D(2026, 10, 3), D(2026, 10, 3), "3 October 2026"),
    ("2026-10", D(2026, 10, 1), D(2026, 10, 31), "October 2026"),
    ("2024-02~", D(2024, 2, 1), D(2024, 2, 29), "about February 2024"),
    ("2026?", D(2026, 1, 1), D(2026, 12, 31), "possibly 2026"),
    ("2026%", D(2026, 1, 1), D(2026, 12, 31), "possibly about 2026"),
    ("202X", D(2020, 1, 1), D(2029, 12, 31), "the 2020s"),
    ("20XX", D(2000, 1, 1), D(2099, 12, 31), "2000 to 2099"),
    ("2026-10-XX", D(2026, 10, 1), D(2026, 10, 31), "some day in October 2026"),
    ("2026-XX-XX", D(2026, 1, 1), D(2026, 12, 31), "some day in 2026"),
    ("2026-24", D(2026, 12, 1), D(2027, 2, 28), "winter 2026"),
    ("9999-24", D(9999, 12, 1), D(9999, 12, 31), "winter 9999"),
    ("../2026-10", None, D(2026, 10, 31), "October 2026 or earlier"),
    ("2026-10/..", D(2026, 10, 1), None, "October 2026 or later"),
    ("2026-08-03/2026-09", D(2026, 8, 3), D(2026, 9, 30), "3 August 2026 to September 2026"),
    ("2026-08-03T14:30:00+03:00", D(2026, 8, 3), D(2026, 8, 3), "3 August 2026 at 14:30+03:00"),
    ("XXXX-XX-XX", None, None, "date not known"),
]

REFUSED = [
    "", "2026-13", "2026-02-30", "0000", "26-10-03", "2026-10-03T25:00:00", "2026-10-XXT10:00:00",
    "2026-XX-03", "202X-10", "XXXX", "XXXX-XX-XX~", "../..", "2026/2025", "XXXX-XX-XX/..", "2026-10-03 ",
    "２０２６", "2026-24-01", "2026/2027/2028", "x" * 100, "2026-10-03T10:00:00+15:00", "2026~~",
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "last", "said"), KNOWN)
def test_known_dates(text: str, first: date | None, last: date | None, said: str) -> None:
    """Each form keeps its writing, its bounds and its words."""
    found = parse_edtf(text)
    assert (found.edtf, found.bounds, describe(found)) == (text, (first, last), said)


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    """What is no partial date says so."""
    with pytest.raises(InvalidDate):
        parse_edtf(text)


@given(st.dates())
def test_days_round_trip(moment: date) -> None:
    """A day comes back as itself."""
    found = day(moment)
    assert parse_edtf(found.edtf) == found
    assert found.bounds == (moment, moment)


@given(st.text(alphabet="0123456789X-/.?~%TZ:+", max_size=30))
def test_any_text_parses_or_is_refused(text: str) -> None:
    """Nothing but InvalidDate comes out, and what is read is written back the same."""
    try:
        found = parse_edtf(text)
    except InvalidDate:
        return
    assert found.edtf == text
    assert found.sort_key()[0] <= found.sort_key()[1]


def test_sorting() -> None:
    """Earlier first, open ends by the end that is known, unspecified last."""
    order = ["../2025", "2026", "2026-01", "2026-03~", "2026-03-05/..", "2026-04-01", "XXXX-XX-XX"]
    # A whole year begins with its January, and ends after it.
    shuffled = sorted(([text] for text in reversed(order)), key=sort_key)
    assert [text for (text,) in shuffled] == ["../2025", "2026-01", "2026", "2026-03~", "2026-03-05/..",
                                              "2026-04-01", "XXXX-XX-XX"]  # fmt: skip
    assert sort_key("nonsense") == sort_key(["XXXX-XX-XX"])


@pytest.mark.parametrize(
    "value", [None, [], ["2026", "a", "b"], [2026], ["2026", "w" * 500], {"edtf": "2026"}]
)
def test_bad_date_answers(value: object) -> None:
    """A date answer has one shape."""
    with pytest.raises(InvalidDate):
        read_date(value)


def test_words_are_kept_only_when_they_differ() -> None:
    """The words as typed stand beside the date, not instead of it."""
    assert read_date(["2026-10", "October"]).to_answer() == ["2026-10", "October"]
    assert DatedWords(date=parse_edtf("2026-10"), words="2026-10").to_answer() == ["2026-10"]
