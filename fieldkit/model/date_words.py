"""Reads a date the way people type it: English, Arabic, French and Ukrainian month names, several kinds of
digits.

It never guesses between two readings: `3/8/2026` is refused, because it is a different day in different
places.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta

from fieldkit.model import month_names
from fieldkit.model.dates import MAX_WORDS_CHARS, MONTHS, DatedWords
from fieldkit.model.edtf import SEASONS, UNSPECIFIED, InvalidDate, PartialDate, parse_edtf
from fieldkit.model.relative_dates import in_dates, weekday_of
from fieldkit.model.text import clean

HINT = "write it like 3 Aug 2026, October 2026, about 2026, before 2025, 3 to 5 Aug 2026, or last Friday"

_TWO_WORDS = re.compile(r"(?:كانون|تشرين) (?:ال)?(?:اول|ثاني)|غير معروف|peut[ -]être")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|го)\b")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_ISO = re.compile(r"\d{4}(-\d{2}){1,2}")
_NAMED_MONTH = re.compile(r"(?<!\S)(\d{1,2})-([^\W\d_]+)-(\d{4})(?!\S)")
_MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])/(\d{4})")
_ISO_SLASHES = re.compile(r"(\d{4})/(\d{2})/(\d{2})")
_JOINED = re.compile(r"(?<![^\W\d_])و(?=\d)")
"""`و` (and) is written without a space before a number."""
_WITH_WORDS = re.compile(r"(\S+) \((.+)\)")
_LETTERS = str.maketrans("أإآٱىة", "اااايه")


def fold(text: str) -> str:
    """Text for comparing, never for storing.

    Lower case, Western digits, Arabic letters without marks and variants.
    """
    plain = unicodedata.normalize("NFC", text.casefold())
    plain = "".join(char for char in plain if unicodedata.category(char) != "Mn" and char != "ـ")
    plain = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in plain)
    return plain.translate(_LETTERS)


def _words(listed: str) -> frozenset[str]:
    return frozenset(fold(listed).split())


_BEFORE = _words(month_names.BEFORE_WORDS)
_AFTER = _words(month_names.AFTER_WORDS)
_TO = _words(month_names.TO_WORDS) | {"-", "/"}
_AND = _words(month_names.AND_WORDS)
_BETWEEN = _words(month_names.BETWEEN_WORDS)
_FROM = _words(month_names.FROM_WORDS) | _BETWEEN
_FILLER = _words(month_names.FILLER_WORDS)

_MEANINGS: dict[str, str] = {
    word: meaning
    for meaning, listed in (
        *((f"m{number}", listed) for number, listed in month_names.MONTH_WORDS.items()),
        *((f"s{number}", listed) for number, listed in month_names.SEASON_WORDS.items()),
        ("about", month_names.ABOUT_WORDS),
        ("maybe", month_names.MAYBE_WORDS),
        ("today", month_names.TODAY_WORDS),
        ("yesterday", month_names.YESTERDAY_WORDS),
        ("unknown", month_names.UNKNOWN_WORDS),
    )
    for word in _words(listed)
}


def read_words(text: str, today: date | None = None) -> DatedWords:
    """What a typed date means, with the words kept as typed.

    Accepts EDTF as well, and EDTF with the words it was written in: `2026-11-22 (yesterday)`. `today`, on
    the laptop's calendar, gives meaning to `yesterday`, `3 days ago` and to a day without a year (the latest
    such day that is not in the future). Raises InvalidDate, saying how to write it.
    """
    words = clean(text, one_line=True)
    if not words or len(words) > MAX_WORDS_CHARS:
        raise InvalidDate(f"a date has 1 to {MAX_WORDS_CHARS} characters: {HINT}")
    with suppress(InvalidDate):
        return DatedWords(date=parse_edtf(words), words=words)
    if both := _WITH_WORDS.fullmatch(words):
        with suppress(InvalidDate):
            return DatedWords(date=parse_edtf(both[1]), words=both[2])
    return DatedWords(date=_read(fold(words), today), words=words)


def _read(text: str, today: date | None) -> PartialDate:
    said = _said(in_dates(text, today))
    if said and said[0] in _BEFORE:
        return parse_edtf(f"../{_one(said[1:], today, text)}")
    if said and said[0] in _AFTER and not _split_at(said):
        return parse_edtf(f"{_one(said[1:], today, text)}/..")
    cut = _split_at(said)
    if cut:
        return _interval(said[:cut], said[cut + 1 :], today, text)
    return parse_edtf(_one(said, today, text))


def _said(text: str) -> list[str]:
    joined = _JOINED.sub("و ", _TWO_WORDS.sub(lambda two: two[0].replace(" ", "_").replace("-", "_"), text))
    spaced = re.sub(r"[,،;()]", " ", _ORDINAL.sub(r"\1", joined)).replace("–", " - ").replace("?", " ? ")
    said: list[str] = []
    for word in _NAMED_MONTH.sub(r"\1 \2 \3", spaced).split():
        if slashed := _ISO_SLASHES.fullmatch(word):
            said.append("-".join(slashed.groups()))
        elif month := _MONTH_YEAR.fullmatch(word):
            said.append(f"{month[2]}-{int(month[1]):02}")
        elif _ISO.fullmatch(word) or _NUMERIC.fullmatch(word):
            said.append(word)
        else:
            said += word.replace("-", " - ").split()
    return said


def _split_at(said: list[str]) -> int:
    """Where `from A to B` divides; 0 when it does not.

    The last word for `to` with something on both sides.
    """
    joining = _TO | _AND if said and said[0] in _BETWEEN else _TO
    places = [place for place, word in enumerate(said) if word in joining]
    inside = [place for place in places if 0 < place < len(said) - 1 and _says_something(said[:place])]
    return inside[-1] if inside else 0


def _says_something(said: list[str]) -> bool:
    return any(
        any(char.isdigit() for char in word)
        or _MEANINGS.get(word, "")[:1] in ("m", "s")
        or _MEANINGS.get(word) in ("today", "yesterday")
        or weekday_of(word) is not None
        for word in said
    )


def _interval(left: list[str], right: list[str], today: date | None, text: str) -> PartialDate:
    """`3 to 5 Aug 2026` leaves month and year to its end, `May to June 2026` the year."""
    begin = [word for word in left if word not in _FROM]
    end_parts = _parts(right, today, text)
    own = _parts(begin, today, text)
    if "year" not in own:
        for name in ("year", *(() if "month" in own else ("month",))):
            if name in end_parts:
                own[name] = end_parts[name]
    return parse_edtf(f"{_write(own, today, text)}/{_write(end_parts, today, text)}")


def _one(said: list[str], today: date | None, text: str) -> str:
    return _write(_parts(said, today, text), today, text)


def _parts(said: list[str], today: date | None, text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for word in said:
        for name, value in _meaning(word, today, text).items():
            if parts.get(name, value) != value:
                raise InvalidDate(f"two different {name}s in {text!r}; {HINT}")
            parts[name] = value
    return parts


def _meaning(word: str, today: date | None, text: str) -> dict[str, str]:
    meaning = _MEANINGS.get(word.rstrip("."))
    if meaning in ("today", "yesterday"):
        told = _known(today, text) - timedelta(days=1 if meaning == "yesterday" else 0)
        return _whole(told.isoformat())
    if meaning is not None:
        return {"month": meaning[1:]} if meaning[1:].isdigit() else {meaning: "yes"}
    if digits := _digits(word, text):
        return digits
    if word == "-":
        return {}
    if word == "?":
        return {"maybe": "yes"}
    if (weekday := weekday_of(word.rstrip("."))) is not None:
        return {"weekday": str(weekday)}
    if word in _FILLER:
        return {}
    raise InvalidDate(f"cannot read {word!r} in the date {text!r}; {HINT}")


def _digits(word: str, text: str) -> dict[str, str]:
    """What a word of digits says; empty for any other."""
    numeric = _NUMERIC.fullmatch(word)
    if numeric:
        return _numeric(numeric, text)
    if _ISO.fullmatch(word):
        return _whole(word)
    clock = _CLOCK.fullmatch(word)
    if clock:
        return {"time": f"{int(clock[1]):02}:{clock[2]}:00"}
    if word.isascii() and word.isdigit() and len(word) in (1, 2, 4):
        return {"year": word} if len(word) == 4 else {"day": str(int(word))}
    return {}


def _whole(iso: str) -> dict[str, str]:
    """The parts of `2026-10` or `2026-10-03`, so that another year, month or day beside it is noticed."""
    return dict(
        zip(
            ("year", "month", "day"),
            (iso[:4], *(str(int(part)) for part in iso[5:].split("-"))),
            strict=False,
        )
    )


def _numeric(found: re.Match[str], text: str) -> dict[str, str]:
    first, second = int(found[1]), int(found[3])
    dotted = found[2] == "."
    if not dotted and first != second and first <= 12 and second <= 12:
        raise InvalidDate(
            f"{text!r} is one day in some places and another elsewhere: write the month as a word"
        )
    month_first = not dotted and second > 12
    day_, month = (second, first) if month_first else (first, second)
    return {"day": str(day_), "month": str(month), "year": found[4]}


def _write(parts: dict[str, str], today: date | None, text: str) -> str:
    mark = {(True, True): "%", (True, False): "~", (False, True): "?"}.get(
        ("about" in parts, "maybe" in parts), ""
    )
    when = f"T{parts['time']}" if "time" in parts else ""
    if "weekday" in parts and not {"year", "month", "day", "unknown"} & set(parts):
        parts = {**parts, **_whole(_latest_weekday(int(parts["weekday"]), today, text))}
    if "unknown" in parts and not {"year", "month", "day"} & set(parts):
        return UNSPECIFIED
    if ("day" in parts and "month" not in parts) or (when and "day" not in parts):
        raise InvalidDate(f"the date {text!r} lacks its month; {HINT}")
    if not {"year", "month"} & set(parts):
        raise InvalidDate(f"no date in {text!r}; {HINT}")
    year = parts.get("year") or _latest_year(parts, today, text)
    _exists(year, parts)
    written = [year, *(f"{int(parts[name]):02}" for name in ("month", "day") if name in parts)]
    return _checked("-".join(written), parts, text) + when + mark


def _exists(year: str, parts: dict[str, str]) -> None:
    """The month is one of the calendar or a season, and has that day. Told in a person's own words."""
    month = int(parts.get("month", "1"))
    if "day" not in parts:
        if not (1 <= month <= 12 or month in SEASONS):
            raise InvalidDate(f"there is no month {month}; {HINT}")
        return
    if not 1 <= month <= 12:
        raise InvalidDate(f"there is no month {month}; {HINT}")
    if int(year) and not 1 <= int(parts["day"]) <= calendar.monthrange(int(year), month)[1]:
        name, days = MONTHS[month - 1], calendar.monthrange(int(year), month)[1]
        raise InvalidDate(f"{parts['day']} {name} {year} does not exist; {name} {year} has {days} days")


def _checked(written: str, parts: dict[str, str], text: str) -> str:
    """A whole day must be the day of the week it is called: one of the two was a slip."""
    if "weekday" in parts and len(written) == len("2026-10-03") and written[:4] != "0000":
        really = date.fromisoformat(written).weekday()
        if really != int(parts["weekday"]):
            day = f"{parts['day']} {MONTHS[int(parts['month']) - 1]} {written[:4]}"
            raise InvalidDate(f"{day} is a {calendar.day_name[really]}: correct one of them")
    return written


def _latest_weekday(weekday: int, today: date | None, text: str) -> str:
    back = (_known(today, text).weekday() - weekday) % 7
    if back == 0:
        raise InvalidDate(f"today is that day, too: write today, or last {calendar.day_name[weekday]}")
    return (_known(today, text) - timedelta(days=back)).isoformat()


def _latest_year(parts: dict[str, str], today: date | None, text: str) -> str:
    now = _known(today, text)
    here = (int(parts["month"]), int(parts.get("day", "1")))
    year = now.year if here <= (now.month, now.day) else now.year - 1
    if here == (2, 29):
        year = next(one for one in range(year, year - 9, -1) if calendar.isleap(one))
    return f"{year:04}"


def _known(today: date | None, text: str) -> date:
    if today is None:
        raise InvalidDate(f"{text!r} needs a calendar date here, because nobody said what today is; {HINT}")
    return today
