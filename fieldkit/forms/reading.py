"""Reads one typed answer into its one stored form. Reading a stored answer again changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from fieldkit.forms.counts import read_count
from fieldkit.forms.definition import Form, Kind, Question
from fieldkit.forms.positions import LIMITS, MICRO, bounds, read_degrees
from fieldkit.forms.problems import BadAnswer
from fieldkit.model import limits
from fieldkit.model.date_words import HINT as DATE_HINT
from fieldkit.model.date_words import fold, read_words
from fieldkit.model.dates import read_date
from fieldkit.model.edtf import InvalidDate
from fieldkit.model.text import clean
from fieldkit.model.values import Value

MAX_CODE_CHARS = 24
"""Length of a code, characters: long enough for a word, too short for a story."""

MAX_LINK_CHARS = 300
"""Length of one link, characters."""

MAX_SHOWN = 8
"""Choices an error message lists before it says how many there are."""

_CODE = re.compile(r"[^\W_][\w-]{0,23}")
_HEX_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DIGITS = re.compile(r"-?\d{1,15}", re.ASCII)


def read_answer(form: Form, question: Question, typed: object, today: date | None = None) -> Value | None:
    """The stored form of an answer typed or read from JSON; None when it says nothing (empty text, empty
    list).

    Raises BadAnswer, saying what was expected, what came and what to do.
    """
    if typed is None or typed in ("", [], {}):
        return None
    if question.kind is Kind.DATE:
        return _date(typed, today)
    if question.kind is Kind.ONE:
        return _choice(form, question, typed)
    if question.kind is Kind.MANY:
        return list(dict.fromkeys(_choice(form, question, one) for one in _several(typed, r"[,،;]")))
    return _READERS[question.kind](typed)


def check_answer(form: Form, question: Question, stored: Value) -> None:
    """Raises BadAnswer when a stored answer is not what its question asks for."""
    if question.kind in LIMITS and type(stored) is int:
        if abs(stored) > LIMITS[question.kind] * MICRO:
            raise BadAnswer(bounds(question.kind))
        return
    if read_answer(form, question, stored) != stored and question.kind is not Kind.TEXT:
        raise BadAnswer(
            f"{str(stored)[:40]!r} was not read as an answer before it was stored", "type it again"
        )


def _date(typed: object, today: date | None) -> Value:
    if isinstance(typed, dict) and set(typed) <= {"edtf", "words"}:
        typed = [typed[name] for name in ("edtf", "words") if name in typed]
    try:
        if isinstance(typed, str):
            return read_words(typed, today).to_answer()
        return read_date(typed).to_answer()
    except InvalidDate as problem:
        raise _no_date(str(problem)) from None


def _no_date(said: str) -> BadAnswer:
    """What is wrong apart from what to do: most often to write it in one of the ways that are read."""
    message, _, advice = said.rpartition(": ")
    if advice.startswith(("write the", "write today", "correct")):
        return BadAnswer(message, advice)
    return BadAnswer(said.removesuffix(DATE_HINT).rstrip(";: "), DATE_HINT)


def _choice(form: Form, question: Question, typed: object) -> str:
    if isinstance(typed, bool):
        typed = "yes" if typed else "no"
    text = str(typed).strip() if isinstance(typed, str | int) else ""
    if form.choice(question, text):
        return text
    choices = form.choices[question.choices]
    wanted = fold(text)
    for choice in choices:
        if wanted == choice.code or wanted in (fold(label) for label in choice.label.values()):
            return choice.code
    shown = ", ".join(choice.code for choice in choices[:MAX_SHOWN])
    more = f" and {len(choices) - MAX_SHOWN} more" if len(choices) > MAX_SHOWN else ""
    raise BadAnswer(f"{str(typed)[:40]!r} is not in the list", f"choose from {shown}{more}")


def _text(typed: object) -> Value | None:
    if not isinstance(typed, str):
        raise BadAnswer(f"expected text, got {type(typed).__name__}", "put it in quotation marks")
    if len(typed) > limits.MAX_TEXT_CHARS:
        raise BadAnswer(f"{len(typed)} characters", f"at most {limits.MAX_TEXT_CHARS} fit in one answer")
    return clean(typed).strip() or None


def _integer(typed: object) -> Value:
    if isinstance(typed, str) and _DIGITS.fullmatch(fold(typed).strip()):
        return int(fold(typed).strip())
    if type(typed) is int and abs(typed) <= limits.MAX_INTEGER:
        return typed
    raise BadAnswer(f"expected a whole number, got {str(typed)[:40]!r}", "write digits only")


def _code(typed: object) -> str:
    text = clean(typed, one_line=True) if isinstance(typed, str) else ""
    if not _CODE.fullmatch(text):
        hint = f"letters, digits, - and _ without spaces, at most {MAX_CODE_CHARS}, such as S1"
        raise BadAnswer(f"expected a code, got {str(typed)[:40]!r}", hint)
    return text


def _codes(typed: object) -> Value:
    return list(dict.fromkeys(_code(one) for one in _several(typed, r"[\s,،;]")))


def _links(typed: object) -> Value:
    found: list[Value] = []
    for one in _several(typed, r"\n"):
        text = clean(one, one_line=True) if isinstance(one, str) else ""
        if not text or len(text) > MAX_LINK_CHARS:
            raise BadAnswer(f"a link has 1 to {MAX_LINK_CHARS} characters", "give a report id or a few words")
        link = text.lower() if _HEX_ID.fullmatch(text.lower()) else text
        if link not in found:
            found.append(link)
    return found


def _sha256(typed: object) -> Value:
    text = typed.strip().lower() if isinstance(typed, str) else ""
    if not _SHA256.fullmatch(text):
        raise BadAnswer(f"expected a SHA-256, got {str(typed)[:40]!r}", "64 hex digits, as sha256sum prints")
    return text


def _several(typed: object, separator: str) -> list[object]:
    if isinstance(typed, str):
        parts: list[object] = [part.strip() for part in re.split(separator, typed) if part.strip()]
    else:
        parts = list(typed) if isinstance(typed, list) else [typed]
    if len(parts) > limits.MAX_ITEMS:
        raise BadAnswer(f"{len(parts)} entries", f"at most {limits.MAX_ITEMS} fit in one answer")
    return parts


_READERS: dict[Kind, Callable[[object], Value | None]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.RANGE: lambda typed: dict(read_count(typed)),
    Kind.LAT: lambda typed: read_degrees(typed, "lat"),
    Kind.LON: lambda typed: read_degrees(typed, "lon"),
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.LINKS: _links,
    Kind.SHA256: _sha256,
}
