"""The list's own view of an incident: a local number, a chronological row, a headline."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldkit.model.ids import IncidentId
from fieldkit.vault.db import Database
from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.queries import load

SQL: Final = load("incidents")

MINUTE_BITS: Final = 20
"""Bits of a row number below the minute: six for the second, the others for the place within it."""

SECOND_BITS: Final = 14
"""Lowest bits: reports of one second stand in the order they came, so that the newest number is first."""

LATEST_MINUTE: Final = (1 << 42) - 1
"""A claimed time far in the future must still give a row number of 63 bits."""

SECONDS_TRIED: Final = 64
"""A second that thousands of reports claim is full: the next ones follow it."""

TITLE_CHARACTERS: Final = 200
"""What a list line can show at the most; the whole title stands in the answers."""


Random = Callable[[int], bytes]
"""Gives that many random bytes of the operating system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What a list shows of a report without opening it, and what finds it there."""

    title: str = ""
    place: str = ""
    kinds: str = ""
    """Codes of the kinds of event, with spaces between."""

    began: str = ""
    """When it began, EDTF; the words as typed where no date is known."""

    reporter: str = ""
    """The pseudonym it was signed with; empty while it is a draft."""

    urgency: int = 0
    """0 normal, 1 within days, 2 life at risk."""

    required: int = 0
    missing: int = 0
    """Required questions of an open draft, and those of them that have no answer."""

    words: str | None = field(default=None, repr=False)
    """Folded words of its texts, separated by spaces: what search compares. None when the line is to be put
    into the index later, by whoever searches.
    """

    facts: str = field(default="", repr=False)
    """Folded words with the name of a filter before them, such as `kind=arrest`."""

    earliest: int | None = None
    latest: int | None = None
    """The days between which it may have begun, as proleptic ordinals; None where no date is known."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incident stands: its row and its local number."""

    row: int
    number: int


def add(database: Database, incident: IncidentId | None, headline: Headline, *, created: int) -> Place:
    """A new line for an incident, dated `created` (UTC seconds, perhaps only claimed)."""
    number = int(database.value(SQL["next_number"]))
    return _add(database, number, incident, headline, created)


def add_all(database: Database, arrived: Sequence[tuple[IncidentId, Headline, int]]) -> list[int]:
    """The rows of new lines for incidents that have none: given are id, headline, UTC seconds of its date."""
    if not arrived:
        return []
    first = int(database.value(SQL["next_numbers"], (len(arrived),)))
    starts = [_start(created) for *_, created in arrived]
    asked = json.dumps(sorted(set(starts)))
    free: dict[int, int] = dict(database.rows(SQL["free_rows"], (asked, 1 << SECOND_BITS)))
    placed: dict[int, int] = {}
    lines = []
    for at, ((incident, headline, created), start) in enumerate(zip(arrived, starts, strict=True)):
        row = free[start]
        if row < start + (1 << SECOND_BITS):
            free[start], placed[at] = row + 1, row
            lines.append((row, first + at, incident, created, *_shown(headline)))
    database.run_many(SQL["insert_at"], lines)
    for at, (incident, headline, created) in enumerate(arrived):
        if at not in placed:
            # Its second is full.
            placed[at] = _add(database, first + at, incident, headline, created).row
        elif headline.words is not None:
            _index(database, placed[at], headline)
    return [placed[at] for at in range(len(arrived))]


def put_back(database: Database, number: int, row: int | None, *, created: int) -> Place:
    """The line of a draft that comes back, with its number, at its row, where it has one, or a free one."""
    return _add(database, number, None, Headline(), created, row)


def _add(
    database: Database,
    number: int,
    incident: IncidentId | None,
    headline: Headline,
    created: int,
    row: int | None = None,
) -> Place:
    start = _start(created)
    seconds = [start + (second << SECOND_BITS) for second in range(SECONDS_TRIED)]
    bounds = [(low, low + (1 << SECOND_BITS)) for low in seconds]
    for low, high in bounds if row is None else [(row, row + 1), *bounds]:
        values = (low, high, number, incident, created, *_shown(headline))
        if (added := database.row(SQL["insert"], values)) is not None:
            place = Place(int(added[0]), number)
            _index(database, place.row, headline)
            return place
    raise OutOfStep(f"no free row was found for a report dated {created}")


def _start(created: int) -> int:
    """The first row of a second."""
    return min(max(created // 60, 0), LATEST_MINUTE) << MINUTE_BITS | created % 60 << SECOND_BITS


def describe(database: Database, row: int, headline: Headline) -> None:
    """Change what the list shows of it and what finds it."""
    database.run(SQL["describe"], (*_shown(headline), row))
    _index(database, row, headline)


def _index(database: Database, row: int, headline: Headline) -> None:
    if headline.words is None:
        database.run(SQL["unindex"], (row,))
    else:
        values = (headline.words, headline.facts, headline.earliest, headline.latest)
        database.run(SQL["index_it"], (row, *values))


def find(database: Database, incident: IncidentId) -> Place | None:
    """An incident's line, if it is here."""
    found = database.row(SQL["by_id"], (incident,))
    return None if found is None else Place(*found)


def row_of(database: Database, number: int) -> tuple[int, IncidentId | None]:
    """Row and id of a local number; raises NoSuchRecord."""
    found = database.row(SQL["by_number"], (number,))
    if found is None:
        raise NoSuchRecord(f"there is no report number {number}", "see the numbers with `fieldkit list`")
    return int(found[0]), None if found[1] is None else IncidentId(found[1])


def _shown(headline: Headline) -> tuple[str | int, ...]:
    texts = (headline.title, headline.place, headline.kinds, headline.began, headline.reporter)
    numbers = (headline.urgency, headline.required, headline.missing)
    return (*(text[:TITLE_CHARACTERS] for text in texts), *numbers)
