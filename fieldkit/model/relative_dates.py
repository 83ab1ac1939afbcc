"""Dates said from today: `last friday`, `3 days ago`, `last month`. Each becomes the date it means, as text.

What is left of the text is read by `date_words`. All words here are folded as `date_words.fold` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from fieldkit.model.edtf import InvalidDate
from fieldkit.model.month_names import COUNT_WORDS, DAYS_BEFORE_WORDS, LAST_WORDS, SPAN_WORDS, WEEKDAY_WORDS

MOST_AGO = 36_600
"""Days: a hundred years. Further back nobody counts."""

_DAYS = {"day": 1, "week": 7}
_COUNTS = {word: count for count, words in COUNT_WORDS.items() for word in words.split()}


def weekday_of(word: str) -> int | None:
    """The day of the week a folded word names, Monday 0."""
    return _WEEKDAYS.get(word)


def in_dates(text: str, today: date | None) -> str:
    """The text with every phrase of this kind as the date it means.

    Raises InvalidDate where such a phrase reaches too far back, or nobody said what today is.
    """
    if clock := _BY_THE_CLOCK.search(text):
        raise InvalidDate(
            f"{clock[0]!r} is not counted back from the clock: write the time, as in today 17:30"
        )
    for pattern, meaning in _PHRASES:
        if found := pattern.search(text):
            if today is None:
                raise InvalidDate(f"{found[0]!r} needs a calendar date here: nobody said what today is")
            text = pattern.sub(partial(meaning, today), text)
    return text


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word.replace("_", " ")) for word in sorted(words, key=len, reverse=True))


def _ago(today: date, found: re.Match[str], *, span: str, count: int | None = None) -> str:
    """So many days, weeks, months or years back: as exact as the words are."""
    said = found.groupdict().get("count") or "1"
    many = count if count is not None else _COUNTS.get(said) or int(said)
    if span in _DAYS:
        return _days_before(today, many * _DAYS[span])
    months = today.year * 12 + today.month - 1 - many * (12 if span == "year" else 1)
    if many > MOST_AGO // 365 or months < 12:
        raise InvalidDate(f"{found[0]!r} is too long ago to be counted: write the date")
    year, month = divmod(months, 12)
    return f"{year:04}" if span == "year" else f"{year:04}-{month + 1:02}"


def _days_before(today: date, days: int) -> str:
    if days > MOST_AGO:
        raise InvalidDate(f"{days} days ago is too long ago to be counted: write the date")
    return (today - timedelta(days=days)).isoformat()


def _last_weekday(today: date, found: re.Match[str]) -> str:
    """The latest such day before today."""
    back = (today.weekday() - _WEEKDAYS[found["day"]]) % 7 or 7
    return _days_before(today, back)


def _last_week(today: date, found: re.Match[str]) -> str:
    """Monday to Sunday of the week before this one; the days are shown, as weeks begin elsewhere too."""
    monday = today - timedelta(days=today.weekday() + 7)
    return f"{monday.isoformat()} to {(monday + timedelta(days=6)).isoformat()}"


def _before(days: int) -> Callable[[date, re.Match[str]], str]:
    return lambda today, found: _days_before(today, days)


def _phrases() -> Iterable[tuple[str, Callable[[date, re.Match[str]], str]]]:
    for days, words in DAYS_BEFORE_WORDS.items():
        yield rf"(?:{_any(words.split())})", _before(days)
    count = rf"(?P<count>\d{{1,5}}|{_any(_COUNTS)})"
    for span, (words, two) in SPAN_WORDS.items():
        spans = _any(words.split())
        yield rf"{count} (?:{spans}) (?:ago|тому)", partial(_ago, span=span)
        yield rf"(?:قبل|منذ|من|il y a) {count} (?:{spans})", partial(_ago, span=span)
        yield rf"(?:قبل|منذ) (?:{_any(two.split())})", partial(_ago, span=span, count=2)
        # `قبل عام` is a year ago, `قبل عام 2025` is before 2025.
        yield rf"(?:قبل|منذ) (?:{spans})$", partial(_ago, span=span, count=1)
        yield rf"(?:{spans}) тому", partial(_ago, span=span, count=1)
    last = f"(?:{_any(LAST_WORDS.split())})"
    day = rf"(?P<day>{_any(_WEEKDAYS)})"
    yield rf"{last} {day}", _last_weekday
    yield rf"{day} {last}", _last_weekday
    for span, words in (
        ("week", "week الاسبوع semaine тижня"),
        ("month", "month الشهر mois місяця"),
        ("year", "year السنه العام année annee an року"),
    ):
        meaning = _last_week if span == "week" else partial(_ago, span=span, count=1)
        yield rf"{last} (?:{_any(words.split())})", meaning
        yield rf"(?:l'|la |le )?(?:{_any(words.split())}) {last}", meaning
    yield r"last night", _before(1)


_WEEKDAYS = {word: number for number, words in WEEKDAY_WORDS.items() for word in words.split()}
_CLOCK_SPANS = (
    "hour hours hr hrs h minute minutes min mins ساعه ساعات ساعتين دقيقه دقائق دقيقتين heure heures minutes "
    "година години годину годин хвилина хвилини хвилину хвилин"
)
_BY_THE_CLOCK = re.compile(
    rf"(?<!\w)(?:(?:\d{{1,5}}|{_any(_COUNTS)}|an|half an) (?:{_any(_CLOCK_SPANS.split())}) (?:ago|тому)"
    rf"|(?:قبل|منذ|من|il y a) (?:(?:\d{{1,5}}|{_any(_COUNTS)}) )?(?:{_any(_CLOCK_SPANS.split())}))(?!\w)"
)
"""`an hour ago`: nothing here knows the time, and a clock may be wrong. The time itself is asked."""
_PHRASES = [(re.compile(rf"(?<!\w){pattern}(?!\w)"), meaning) for pattern, meaning in _phrases()]
