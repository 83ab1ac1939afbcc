"""The list's own view of an incident: a local number, a chronological row, a headline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from fieldkit.model.ids import IncidentId
from fieldkit.vault.db import Database
from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.queries import load

SQL: Final = load("incidents")

MINUTE_BITS: Final = 20
"""Bits of a row number below the minute: six for the second, the others random."""

RANDOM_BITS: Final = 14
"""Lowest bits, so that two reports of one second do not collide."""

LATEST_MINUTE: Final = (1 << 42) - 1
"""A claimed time far in the future must still give a row number of 63 bits."""

ROW_TRIES: Final = 64
"""Thousands of reports of one claimed second would be needed to use these up."""

TITLE_CHARACTERS: Final = 200
"""What a list line can show at the most; the whole title stands in the answers."""

Random = Callable[[int], bytes]
"""Gives that many random bytes of the operating system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What a list shows of a report without opening it, and what finds it there."""

    title: str = ""
    place: str = ""
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


def add(
    database: Database, incident: IncidentId | None, headline: Headline, *, created: int, random: Random
) -> Place:
    """A new line for an incident, dated `created` (UTC seconds, perhaps only claimed)."""
    number = int(database.value(SQL["next_number"]))
    start = min(max(created // 60, 0), LATEST_MINUTE) << MINUTE_BITS | created % 60 << RANDOM_BITS
    for _ in range(ROW_TRIES):
        row = start | int.from_bytes(random(2), "big") >> (16 - RANDOM_BITS)
        values = (row, number, incident, *_short(headline), created)
        if database.run(SQL["insert"], values):
            _index(database, row, headline)
            return Place(row, number)
    raise OutOfStep(f"no free row was found for a report dated {created}")


def describe(database: Database, row: int, headline: Headline) -> None:
    """Change what the list shows of it and what finds it."""
    database.run(SQL["describe"], (*_short(headline), row))
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


def _short(headline: Headline) -> tuple[str, str]:
    return headline.title[:TITLE_CHARACTERS], headline.place[:TITLE_CHARACTERS]
