"""What a person types to find reports: `kind:arrest place:aleppo after:2026-10 state:waiting word -word`.

Everything typed must hold. A word finds all words that begin so; what stands in quotation marks is taken as
it is. Words are compared as `folding.words` gives them: spelling, marks and script variants do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

from fieldkit.model.date_words import read_words
from fieldkit.model.edtf import InvalidDate, PartialDate
from fieldkit.model.folding import words
from fieldkit.model.state import State

MAX_QUERY_CHARS: Final = 300
"""Length of what is typed, characters."""

MAX_TERMS: Final = 24
"""Words and filters of one query: each is a lookup of its own."""

LEAST_PREFIX: Final = 2
"""Letters from which a word stands for all that begin so; one letter would stand for half of everything."""

WORD_FIELDS: Final = ("kind", "place")
DATE_FIELDS: Final = ("after", "before", "on")
FIELDS: Final = (*WORD_FIELDS, *DATE_FIELDS, "state", "urgency")
"""What may stand before a colon."""

NEW: Final = "new"
"""With `state:`, what came from others and was not read here yet."""

URGENCIES: Final = ("normal", "soon", "life")
"""What `urgency:` takes, the least first."""

CLOSE: Final = 0.7
"""How alike a filter that is none must be to one that is, to be taken for a slip (difflib's ratio)."""

_PIECE: Final = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[^\W\d_]+):)?(?:["“«](?P<quoted>[^"”»]*)["”»]?|(?P<plain>\S+))'
)


class InvalidQuery(ValueError):
    """A query that cannot be understood; says what was expected. The one exception for typed queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Folded words that must stand together, in any text or in one field; with `negated`, must not."""

    words: tuple[str, ...]
    field: str = ""
    """Empty for any text, else one of `WORD_FIELDS`."""

    prefix: bool = False
    """Whether the last word may go on."""

    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as understood. An empty one finds everything."""

    terms: tuple[Term, ...] = ()
    earliest: date | None = None
    """The incident may have happened on this day or later."""

    latest: date | None = None
    """It may have happened on this day or earlier."""

    state: State | None = None

    fresh: bool = False
    """Only what came from others and was not read here yet."""

    urgency: int | None = None
    """Only this urgency: 0 normal, 1 within days, 2 life at risk."""

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return self == Query()


def parse_query(text: str, today: date | None = None) -> Query:
    """A query from what was typed. Raises InvalidQuery, and nothing else.

    Dates are read as everywhere (`2026-10`, `yesterday`, `3 Aug 2026` in quotation marks): `after:` means on
    its first day or later, `before:` before its first day, `on:` within it. A report whose own date is
    uncertain is found when it may lie there.
    """
    if len(text) > MAX_QUERY_CHARS:
        raise InvalidQuery(f"a query has at most {MAX_QUERY_CHARS} letters, this one {len(text)}")
    query = Query()
    for found in _PIECE.finditer(text):
        query = _with_piece(query, found, today)
    if len(query.terms) > MAX_TERMS:
        raise InvalidQuery(f"a query has at most {MAX_TERMS} words")
    return query


def _with_piece(query: Query, found: re.Match[str], today: date | None) -> Query:
    field, quoted, plain = (found["field"] or "").casefold(), found["quoted"], found["plain"] or ""
    if quoted is None and not field and plain.endswith(":") and plain[:-1].casefold() in FIELDS:
        field, plain = plain[:-1].casefold(), ""
    if field and field not in FIELDS:
        near = get_close_matches(field, FIELDS, n=1, cutoff=CLOSE)
        if near:
            raise InvalidQuery(f"there is no filter {field}:, but there is {near[0]}:")
        field, plain = "", f"{found['field']} {plain}"
    value = plain if quoted is None else quoted
    if field and not value.strip():
        raise InvalidQuery(f"{field}: needs a value, such as {_EXAMPLES[field]}")
    if field in (*DATE_FIELDS, "state", "urgency") and found["minus"]:
        raise InvalidQuery(f"-{field}: cannot be turned round; leave the minus away")
    if field in DATE_FIELDS:
        return _dated(query, field, _date(field, value, today))
    if field in ("state", "urgency"):
        return _standing(query, field, value)
    told = tuple(words(value))
    if not told:
        return query
    prefix = quoted is None and len(told[-1]) >= LEAST_PREFIX
    term = Term(words=told, field=field, prefix=prefix, negated=bool(found["minus"]))
    return replace(query, terms=(*query.terms, term))


_EXAMPLES: Final = {
    "kind": "kind:arrest",
    "place": "place:aleppo",
    "after": "after:2026-10",
    "before": "before:2026-10-03",
    "on": "on:2026-10",
    "state": f"state:{State.WAITING}",
    "urgency": "urgency:life",
}


def _date(field: str, value: str, today: date | None) -> PartialDate:
    try:
        read = read_words(value, today).date
    except InvalidDate as problem:
        raise InvalidQuery(f"{field}: {problem}") from None
    if None in read.bounds:
        raise InvalidQuery(f"{field}: needs a date with a year, such as {_EXAMPLES[field]}")
    return read


def _dated(query: Query, field: str, read: PartialDate) -> Query:
    first, last = read.bounds
    if first is None or last is None:
        return query
    earliest, latest = query.earliest, query.latest
    if field in ("after", "on"):
        earliest = first if earliest is None else max(earliest, first)
    if field == "on":
        latest = last if latest is None else min(latest, last)
    if field == "before":
        if first == date.min:
            raise InvalidQuery("before: nothing lies before the year 1")
        day_before = date.fromordinal(first.toordinal() - 1)
        latest = day_before if latest is None else min(latest, day_before)
    return replace(query, earliest=earliest, latest=latest)


def _standing(query: Query, field: str, value: str) -> Query:
    if field == "urgency":
        return replace(query, urgency=_urgency(value))
    if NEW.startswith(value.strip().casefold()):
        return replace(query, fresh=True)
    return replace(query, state=_state(value))


def _state(value: str) -> State:
    wanted = value.strip().casefold()
    found = [state for state in State if state.startswith(wanted)]
    if len(found) != 1 and wanted not in set(State):
        raise InvalidQuery(f"there is no state {value[:20]!r}; there are {', '.join((*State, NEW))}")
    return State(wanted) if wanted in set(State) else found[0]


def _urgency(value: str) -> int:
    wanted = value.strip().casefold()
    found = [place for place, name in enumerate(URGENCIES) if name.startswith(wanted)]
    if len(found) != 1:
        raise InvalidQuery(f"there is no urgency {value[:20]!r}; there are {', '.join(URGENCIES)}")
    return found[0]
