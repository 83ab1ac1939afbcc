"""Lists: pages by date, lookup by number or id, counts by state."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from fieldkit.model.ids import DeviceId, IncidentId
from fieldkit.model.query import Query
from fieldkit.model.state import State
from fieldkit.vault import incidents
from fieldkit.vault.db import Database, Row
from fieldkit.vault.delivery import least
from fieldkit.vault.errors import AmbiguousRecord, NoSuchRecord
from fieldkit.vault.fresh import Fresh
from fieldkit.vault.incidents import Headline
from fieldkit.vault.queries import load
from fieldkit.vault.search import match_of

SQL: Final = load("records")

PAGE: Final = 100
"""Lines read at a time: two screens."""

LEAST_DIGITS: Final = 4
"""Hex digits of an id that count as one; fewer are too often somebody else's."""

_PAGES: Final = {
    State.DRAFT: "page_draft",
    State.WAITING: "page_waiting",
    State.WITHDRAWN: "page_withdrawn",
}
"""States that few reports of many are in: their pages are found without going through the others."""

_NEWEST: Final = (1 << 63) - 1
_DIGITS: Final = re.compile(r"[0-9a-f]{4,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One report in a list."""

    row: int
    """Orders the list; the next page goes on before the last one's."""
    number: int
    incident: IncidentId | None
    """None while it is only a draft."""
    headline: Headline
    created: int
    """UTC seconds; of a pulled report as its author's clock claims."""
    state: State
    """Draft while nothing was finished, withdrawn when taken back, else as `sent`."""
    sent: State
    """How far everything finished has come, whether withdrawn or not; draft when nothing was."""
    has_draft: bool
    updated: int
    """UTC seconds of the last change, by its author's clock."""
    author: DeviceId | None
    """Whose it is; None while it is only a draft."""
    several: bool
    """Whether more than one laptop wrote of it: whose word counts is for the reader to say."""
    revisions: int
    own: bool
    """Whether it was written here. What was pulled counts as received: the server holds it."""
    stuck: bool
    """Whether something of it was refused or could not be sealed."""
    acknowledgements: int
    """Coordinators that opened every record of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Records of this laptop that have not arrived."""

    unreceived: int
    undelivered: int
    stuck: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many reports stand in each state."""

    drafts: int
    """Open drafts, those of reports that were finished before among them."""
    waiting: int
    """Reports of which something is not with the server, a withdrawal not sent yet among it."""
    received: int
    delivered: int
    withdrawn: int
    """Taken back, whether the server knows already or not."""


class Records:
    """The list."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.fresh = Fresh(database)

    def page(self, *, before: int | None = None, limit: int = PAGE, delivered_by: int = 1) -> list[Line]:
        """Lines before a row, newest first. `delivered_by` is the directory's policy."""
        rows = self._db.rows(SQL["page"], (_NEWEST if before is None else before, limit))
        return self._lines(rows, delivered_by)

    def found(
        self, query: Query, *, before: int | None = None, limit: int = PAGE, delivered_by: int = 1
    ) -> list[Line]:
        """As `page`, those a query finds by words and dates; state, urgency and newness may be left
        to the caller.
        """
        match, start = match_of(query), _NEWEST if before is None else before
        days = [None if day is None else day.toordinal() for day in (query.earliest, query.latest)]
        if match.wanted is None and match.unwanted is None and days == [None, None]:
            rows = self._of_kind(query, start, limit, delivered_by)
        elif match.wanted is not None:
            places = json.dumps(self.matching(query, before=before, limit=limit))
            rows = self._db.rows(SQL["lines"], (places,))
        else:
            rows = self._db.rows(SQL["filtered"], (match.unwanted, start, *days, limit))
        return self._lines(rows, delivered_by)

    def matching(self, query: Query, *, before: int | None = None, limit: int = PAGE) -> list[int]:
        """Rows of the lines that a query with words finds, newest first; its state is left to the caller."""
        wanted, start = match_of(query).wanted, _NEWEST if before is None else before
        if query.earliest is None and query.latest is None:
            found = self._db.rows(SQL["matching"], (wanted, start, limit))
        else:
            days = [None if day is None else day.toordinal() for day in (query.earliest, query.latest)]
            found = self._db.rows(SQL["matching_days"], (wanted, start, *days, limit))
        return [int(row) for (row,) in found]

    def _of_kind(self, query: Query, start: int, limit: int, delivered_by: int) -> list[Row]:
        """A page that holds every line within it that is asked for by anything but words and dates."""
        if query.fresh:
            return self._db.rows(SQL["page_fresh"], (start, limit))
        if query.urgency is not None:
            return self._db.rows(SQL["page_urgent"], (query.urgency, start, limit))
        return self._in_state(query.state, start, limit, delivered_by)

    def _in_state(self, state: State | None, start: int, limit: int, delivered_by: int) -> list[Row]:
        """A page that holds every line of a state there is within it, and perhaps others."""
        if state is None or state in _PAGES:
            return self._db.rows(SQL[_PAGES[state] if state else "page"], (start, limit))
        enough = max(1, delivered_by)
        opened = sorted({acks for taken, acks in self._tally() if not taken})
        levels = [acks for acks in opened if (acks >= enough) is (state is State.DELIVERED)]
        if state is State.RETURNED:
            levels = []  # no record says so yet
        name = "page_opened" if state is State.DELIVERED else "page_unopened"
        pages = [self._db.rows(SQL[name], (acks, start, limit)) for acks in levels]
        return sorted((row for page in pages for row in page), reverse=True)[:limit]

    def unindexed(self, limit: int = PAGE) -> list[int]:
        """Local numbers of lines that no search finds yet; `reindex` each."""
        return [int(number) for (number,) in self._db.rows(SQL["unindexed"], (limit,))]

    def reindex(self, number: int, headline: Headline) -> None:
        """Say anew what finds a line."""
        with self._db.transaction():
            row, _ = incidents.row_of(self._db, number)
            incidents.describe(self._db, row, headline)

    def line(self, number: int, *, delivered_by: int = 1) -> Line:
        """One line by its local number; raises NoSuchRecord."""
        found = self._db.row(SQL["one"], (number,))
        if found is None:
            raise NoSuchRecord(f"there is no report number {number}", "see the numbers with `fieldkit list`")
        return self._lines([found], delivered_by)[0]

    def find(self, text: str, *, delivered_by: int = 1) -> Line:
        """A line by what a person typed: its local number, or at least four hex digits of its id.

        Digits that are both count as the number. Raises NoSuchRecord or AmbiguousRecord.
        """
        typed = text.strip().lower()
        numeric = typed.isascii() and typed.isdigit() and len(typed) < 18
        if numeric and (len(typed) < LEAST_DIGITS or self._db.rows(SQL["one"], (int(typed),))):
            return self.line(int(typed), delivered_by=delivered_by)
        return self.line(self._by_digits(typed), delivered_by=delivered_by)

    def _by_digits(self, typed: str) -> int:
        if not _DIGITS.fullmatch(typed):
            raise NoSuchRecord(
                f"expected a number or at least {LEAST_DIGITS} hex digits of an id, got {typed[:40]!r}",
                "see the numbers with `fieldkit list`, an id with `fieldkit show NUMBER`",
            )
        low = bytes.fromhex(typed.ljust(32, "0"))
        high = bytes.fromhex(typed.ljust(32, "f"))
        found = self._db.rows(SQL["by_prefix"], (low, high))
        if not found:
            raise NoSuchRecord(
                f"there is no report {typed}, and none whose id begins so",
                "see the numbers with `fieldkit list`, an id with `fieldkit show NUMBER`",
            )
        if len(found) > 1:
            several = ", ".join(bytes(id_).hex()[: len(typed) + 4] for _, id_ in found[:5])
            raise AmbiguousRecord(f"{len(found)} reports begin with {typed}: {several}", "give more digits")
        return int(found[0][0])

    def counts(self, *, delivered_by: int = 1) -> Counts:
        """How many reports stand in each state. Only what waits is looked at one by one."""
        drafts, unfinished = self._db.rows(SQL["drafts"])[0]
        waiting, untold = self._db.rows(SQL["count_waiting"], (delivered_by,))[0]
        tally = self._tally()
        withdrawn = sum(count for (taken, _), count in tally.items() if taken)
        delivered = _opened(tally, delivered_by)
        finished = sum(tally.values()) - unfinished
        return Counts(
            drafts=drafts,
            waiting=waiting,
            received=finished - (waiting - untold) - withdrawn - delivered,
            delivered=delivered,
            withdrawn=withdrawn,
        )

    def delivered(self, *, delivered_by: int = 1) -> int:
        """How many reports are delivered, as in `counts`."""
        return _opened(self._tally(), delivered_by)

    def _tally(self) -> dict[tuple[bool, int], int]:
        """How many reports there are, by whether they were taken back and how many opened them."""
        return {(bool(taken), int(acks)): int(count) for taken, acks, count in self._db.rows(SQL["tally"])}

    def waiting(self, *, delivered_by: int = 1) -> Waiting:
        """What of this laptop's records has not arrived."""
        unreceived, undelivered, stuck = self._db.rows(SQL["waiting"], (delivered_by,))[0]
        return Waiting(unreceived=unreceived, undelivered=undelivered, stuck=stuck)

    def _lines(self, rows: list[Row], delivered_by: int) -> list[Line]:
        """Lines with their states."""
        if not rows:
            return []
        progress: dict[int, list[tuple[int, int, int]]] = {}
        asked = json.dumps([row[0] for row in rows])
        for incident, *record in self._db.rows(SQL["progress"], (asked,)):
            progress.setdefault(incident, []).append((record[0], record[1], record[2]))
        return [_line(row, progress.get(row[0], []), delivered_by) for row in rows]


def _opened(tally: dict[tuple[bool, int], int], delivered_by: int) -> int:
    return sum(count for (taken, acks), count in tally.items() if not taken and acks >= max(1, delivered_by))


def _line(row: Row, records: list[tuple[int, int, int]], delivered_by: int) -> Line:
    row_id, number, incident, title, place, kinds, began, reporter, urgency, required, missing = row[:11]
    created, withdrawn, _, _, drafted, revisions, own, revised, author, other = row[11:]
    sent = least(records, delivered_by) if revisions else State.DRAFT
    return Line(
        row=row_id,
        number=number,
        incident=incident,
        headline=Headline(
            title=title,
            place=place,
            kinds=kinds,
            began=began,
            reporter=reporter,
            urgency=urgency,
            required=required,
            missing=missing,
        ),
        created=created,
        state=State.WITHDRAWN if withdrawn else sent,
        sent=sent,
        has_draft=drafted is not None,
        updated=max(created, drafted or 0, revised or 0),
        author=author,
        several=author != other,
        revisions=revisions,
        own=bool(own) or not revisions,
        stuck=any(stuck for _, stuck, _ in records),
        acknowledgements=min((count for _, _, count in records), default=0),
    )
