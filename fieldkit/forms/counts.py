"""Reads how many, the way people say it: 25, two, 3-5, about 30, more than 25, 1,200."""

from __future__ import annotations

import re

from fieldkit.forms.count_words import ABOUT, NUMBER_WORDS, PEOPLE
from fieldkit.forms.problems import BadAnswer
from fieldkit.model.date_words import fold
from fieldkit.model.values import Value

MAX_COUNT = 10_000_000
"""People in one count: more than any event has had."""

ABOUT_PERCENT = 10
"""`about 30` is read as 27 to 33: a tenth either way, one at least. The range is shown before it is kept."""

HINT = "write 25, 3-5, about 30, more than 25, at least 25 or up to 5; put anything vaguer in words elsewhere"

_NUMBER = r"(\d{1,9})"
_EXACT = re.compile(rf"(?:exactly )?{_NUMBER}")
_EITHER = re.compile(rf"{_NUMBER} (?:or|ou|او|або|чи) {_NUMBER}")
_ABOUT = re.compile(
    rf"(?:{'|'.join(re.escape(word.replace('_', ' ')) for word in ABOUT.split())})\s*{_NUMBER}"
)
_NEARLY = re.compile(rf"{_NUMBER}(?:\s*ish| or so| تقريبا| environ)")
_BETWEEN = re.compile(
    rf"(?:between |from |من |بين |entre |de |від |між )?{_NUMBER}"
    rf"\s*(?:-|–|—|\.\.|to|and|الي|و|et|à|a|до|і|й|та)\s*{_NUMBER}"
)
_OVER = re.compile(rf"(?:more than|over|above|>|اكثر من|plus de|понад|більше(?: ніж)?)\s*{_NUMBER}")
_LEAST = re.compile(
    rf"(?:at least|no less than|>=|≥|علي الاقل|ما لا يقل عن|au moins|щонайменше|принаймні)\s*{_NUMBER}"
)
_PLUS = re.compile(rf"{_NUMBER}(?:\s*\+| or more| علي الاقل)")
_UNDER = re.compile(rf"(?:fewer than|less than|under|<|اقل من|moins de|менше(?: ніж)?)\s*{_NUMBER}")
_MOST = re.compile(rf"(?:at most|up to|no more than|<=|≤|لا يزيد عن|حتي|au plus|не більше)\s*{_NUMBER}")


_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:[,٬ ’'\u00a0\u202f]\d{3})+(?![\w.,])")


def read_count(value: object) -> dict[str, Value]:
    """A count as `{"min": …, "max": …}`, either end absent. Raises BadAnswer."""
    if isinstance(value, dict):
        return _bounded(*_ends(value))
    if type(value) is int:
        return _bounded(value, value)
    if not isinstance(value, str):
        raise BadAnswer(f"expected a count, got {type(value).__name__}", HINT)
    return _bounded(*_spoken(value))


def _spoken(value: str) -> tuple[int | None, int | None]:
    text = _plain(value)
    if found := _EXACT.fullmatch(text):
        return int(found[1]), int(found[1])
    if found := _BETWEEN.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := _EITHER.fullmatch(text):
        return min(int(found[1]), int(found[2])), max(int(found[1]), int(found[2]))
    if found := _ABOUT.fullmatch(text) or _NEARLY.fullmatch(text):
        return _about(int(found[1]))
    return _open(text, value)


def _about(number: int) -> tuple[int, int]:
    around = max(1, -(-number * ABOUT_PERCENT // 100))
    return max(0, number - around), number + around


def _plain(value: str) -> str:
    """Folded, with digits for words of number, without what is counted and the points between thousands."""
    text = _THOUSANDS.sub(lambda number: re.sub(r"\D", "", number[0]), " ".join(fold(value).split()))
    for number, words in NUMBER_WORDS.items():
        text = re.sub(rf"(?<!\w)(?:{_any(words)})(?!\w)", str(number), text)
    return re.sub(rf"(?<=\d) (?:{_any(PEOPLE)})$", "", text)


def _any(words: str) -> str:
    return "|".join(re.escape(word.replace("_", " ")) for word in words.split())


def _open(text: str, value: str) -> tuple[int | None, int | None]:
    """A count with one end open."""
    if found := _OVER.fullmatch(text):
        return int(found[1]) + 1, None
    if found := _LEAST.fullmatch(text) or _PLUS.fullmatch(text):
        return int(found[1]), None
    if found := _UNDER.fullmatch(text):
        return None, int(found[1]) - 1
    if found := _MOST.fullmatch(text):
        return None, int(found[1])
    raise BadAnswer(f"cannot read {value[:40]!r} as a count", HINT)


def _ends(value: dict[object, object]) -> tuple[int | None, int | None]:
    if not value or set(value) - {"min", "max"}:
        raise BadAnswer("a range has min, max or both", HINT)
    ends = [value.get("min"), value.get("max")]
    for end in ends:
        if end is not None and type(end) is not int:
            raise BadAnswer(f"the ends of a range are whole numbers, got {str(end)[:40]!r}", HINT)
    low, high = (end if isinstance(end, int) else None for end in ends)
    return low, high


def _bounded(low: int | None, high: int | None) -> dict[str, Value]:
    if any(end is not None and not 0 <= end <= MAX_COUNT for end in (low, high)):
        raise BadAnswer(f"a count lies between 0 and {MAX_COUNT}", HINT)
    if low is not None and high is not None and low > high:
        raise BadAnswer(f"the least ({low}) is more than the most ({high})", "give the smaller number first")
    return {name: end for name, end in (("min", low), ("max", high)) if end is not None}


def describe_count(value: dict[str, Value]) -> str:
    """A count in short: `25`, `3-5`, `26 or more`, `up to 5`."""
    low, high = value.get("min"), value.get("max")
    if low == high:
        return str(low)
    if high is None:
        return f"{low} or more"
    return f"up to {high}" if low is None else f"{low}-{high}"
