"""Partial dates: EDTF (ISO 8601-2) level 1, as far as reports need it.

Supported: a day, month, year or season; a date with a time and an optional offset; unspecified digits from
the right (`2026-10-XX`, `202X`) and, beyond level 1, the wholly unspecified `XXXX-XX-XX`; `?` uncertain, `~`
approximate, `%` both; an interval of two dates, either of which may be open (`../2026-10`, `2026-10/..`).
Years run from 0001 to 9999.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import NewType

Edtf = NewType("Edtf", str)
"""A partial date in its one written form."""

MAX_EDTF_CHARS = 64
"""Length of a written partial date, characters: two dates with times and offsets and a stroke."""

UNSPECIFIED = Edtf("XXXX-XX-XX")
"""It happened on a day nobody has put a date to yet."""

SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}
"""First and last month of spring, summer, autumn, winter in the north; winter ends in the year after."""

_POINT = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX|XXXX)"
    r"(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX)"
    r"(?:T(?P<time>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?P<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?"
    r"(?P<mark>[?~%]?)",
    re.ASCII,
)


class InvalidDate(ValueError):
    """A text that is no partial date. The one exception for hostile input here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One date of some precision. Its text is canonical."""

    text: str
    earliest: date
    latest: date

    @property
    def mark(self) -> str:
        """`?`, `~`, `%` or nothing."""
        return self.text[-1] if self.text[-1] in "?~%" else ""

    @property
    def core(self) -> str:
        """The date without its mark."""
        return self.text.rstrip("?~%")

    @property
    def specified(self) -> bool:
        """Whether at least a year is known."""
        return not self.text.startswith("XXXX")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A point, or an interval with at most one open end. `end is None and not interval` is a single point."""

    start: Point | None
    end: Point | None
    interval: bool = False

    @property
    def edtf(self) -> Edtf:
        """The canonical written form."""
        if not self.interval:
            return Edtf(self.start.text if self.start else UNSPECIFIED)
        return Edtf(f"{self.start.text if self.start else '..'}/{self.end.text if self.end else '..'}")

    @property
    def specified(self) -> bool:
        """Whether it says anything: false only for the wholly unspecified date."""
        return any(point.specified for point in (self.start, self.end) if point)

    @property
    def bounds(self) -> tuple[date | None, date | None]:
        """First and last possible day; None where the interval is open or nothing is specified."""
        if not self.specified:
            return (None, None)
        last = self.end if self.interval else self.start
        return (self.start.earliest if self.start else None, last.latest if last else None)

    def sort_key(self) -> tuple[date, date]:
        """Orders by the first possible day, then the last; an unspecified date comes last.

        An open end sorts by the end that is known.
        """
        first, last = self.bounds
        if first is None and last is None:
            return (date.max, date.max)
        return (first or last or date.max, last or date.max)


def parse_edtf(text: str) -> PartialDate:
    """A partial date from its written form. Raises InvalidDate, and nothing else."""
    if len(text) > MAX_EDTF_CHARS:
        raise InvalidDate(f"a partial date has at most {MAX_EDTF_CHARS} characters")
    left, stroke, right = text.partition("/")
    if not stroke:
        return PartialDate(start=_point(left), end=None)
    start = None if left == ".." else _point(left)
    end = None if right == ".." else _point(right)
    if start is None and end is None:
        raise InvalidDate("an interval needs a date at one end at least, such as 2026-10/..")
    if any(point and not point.specified for point in (start, end)):
        raise InvalidDate(
            "an interval cannot begin or end with an unspecified date; write .. for an open end"
        )
    if start and end and start.earliest > end.latest:
        raise InvalidDate(f"the interval ends ({right[:24]}) before it begins ({left[:24]})")
    return PartialDate(start=start, end=end, interval=True)


def day(moment: date) -> PartialDate:
    """The partial date of one day."""
    return parse_edtf(moment.isoformat())


def _point(text: str) -> Point:
    found = _POINT.fullmatch(text)
    if found is None:
        raise InvalidDate(f"expected a date such as 2026-10-03, 2026-10, 2026 or 2026-10~, got {text[:24]!r}")
    year, month, day_, mark = found["year"], found["month"], found["day"], found["mark"]
    if year == "XXXX":
        if text != UNSPECIFIED:
            raise InvalidDate(f"without a year only {UNSPECIFIED} can be written, got {text[:24]!r}")
        return Point(text=text, earliest=date.min, latest=date.max)
    if year == "0000" or (month == "XX" and day_ not in (None, "XX")) or ("X" in year and month):
        raise InvalidDate(
            f"unspecified digits stand at the right only, and there is no year 0: {text[:24]!r}"
        )
    if found["time"] and day_ == "XX":
        raise InvalidDate("a time needs a day")
    first, last = _span(int(year.replace("X", "0")) or 1, int(year.replace("X", "9")), month, day_, text)
    return Point(text=f"{found[0].rstrip('?~%')}{mark}", earliest=first, latest=last)


def _span(low: int, high: int, month: str | None, day_: str | None, text: str) -> tuple[date, date]:
    try:
        if month is None or month == "XX":
            return (date(low, 1, 1), date(high, 12, 31))
        if int(month) in SEASONS and day_ is None:
            begin, end = SEASONS[int(month)]
            over, last = divmod(end - 1, 12)
            if high + over > date.max.year:
                return (date(low, begin, 1), date.max)
            return (date(low, begin, 1), _last_of(high + over, last + 1))
        if day_ is None or day_ == "XX":
            return (date(low, int(month), 1), _last_of(high, int(month)))
        return (date(low, int(month), int(day_)), date(high, int(month), int(day_)))
    except ValueError:  # date() and monthrange() both say no this way; IllegalMonthError is one too
        raise InvalidDate(f"there is no such day or month: {text[:24]!r}") from None


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
