"""Dates as answers: the partial date and the words it was typed in, side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fieldkit.model.edtf import SEASONS, Edtf, InvalidDate, PartialDate, Point, parse_edtf
from fieldkit.model.values import Value

MAX_WORDS_CHARS = 200
"""Length of the words a date was typed in, characters."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_SEASON_NAMES = dict(zip(SEASONS, ("spring", "summer", "autumn", "winter"), strict=True))
_NO_SECONDS = re.compile(r"(?<=^\d\d:\d\d):00")
_MARK_WORDS = {"": "", "~": "about ", "?": "possibly ", "%": "possibly about "}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedWords:
    """A date answer: what it means and how it was said. Neither replaces the other."""

    date: PartialDate
    words: str

    def to_answer(self) -> list[Value]:
        """`[edtf]` when the words are the same, else `[edtf, words]`."""
        edtf: Edtf = self.date.edtf
        return [edtf] if self.words in ("", edtf) else [edtf, self.words]


def read_date(value: object) -> DatedWords:
    """A date answer as it stands in a revision. Raises InvalidDate, and nothing else."""
    if (
        not isinstance(value, list)
        or not 1 <= len(value) <= 2
        or not all(isinstance(part, str) for part in value)
    ):
        raise InvalidDate("a date is [EDTF] or [EDTF, words as typed]")
    edtf, words = value[0], value[-1]
    if len(words) > MAX_WORDS_CHARS:
        raise InvalidDate(f"the words of a date have at most {MAX_WORDS_CHARS} characters")
    return DatedWords(date=parse_edtf(edtf), words=words)


def sort_key(value: object) -> tuple[date, date]:
    """Orders date answers; what is no date comes last, with the unspecified ones."""
    try:
        return read_date(value).date.sort_key()
    except InvalidDate:
        return (date.max, date.max)


def describe(found: PartialDate) -> str:
    """A partial date in plain English: `about October 2026`, `3 August 2026 or earlier`."""
    if not found.specified:
        return "date not known"
    if not found.interval:
        return _describe_point(found.start)
    if found.start is None:
        return f"{_describe_point(found.end)} or earlier"
    if found.end is None:
        return f"{_describe_point(found.start)} or later"
    return f"{_describe_point(found.start)} to {_describe_point(found.end)}"


def _describe_point(point: Point | None) -> str:
    if point is None:
        return "date not known"
    core, _, time = point.core.partition("T")
    year, *rest = core.split("-")
    known = [part for part in rest if part != "XX"]
    said = f"the {year[:3]}0s" if year.endswith("X") and not year.endswith("XX") else year
    if year.endswith("XX"):
        said = f"{year[:2]}00 to {year[:2]}99"
    if known and int(known[0]) in SEASONS:
        said = f"{_SEASON_NAMES[int(known[0])]} {said}"
    elif known:
        said = " ".join([*(str(int(part)) for part in known[1:]), MONTHS[int(known[0]) - 1], said])
    if len(rest) > len(known):
        said = f"some day in {said}"
    # What is typed has no seconds; none were said.
    return _MARK_WORDS[point.mark] + said + (f" at {_NO_SECONDS.sub('', time)}" if time else "")
