"""Rows 2 and 7: the list and the search of a vault with very many reports."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from fieldkit.actions import records, status
from fieldkit.actions.session import Session
from fieldkit.model.folding import words
from fieldkit.model.query import parse_query
from fieldkit.vault.db import Database
from fieldkit.vault.db_file import HEADER_BYTES, MAGIC
from fieldkit.vault.keyslots import FLOOR_COST
from fieldkit.vault.vault import Vault
from tests.bench.form_keys import form_key_row
from tests.bench.painting import paint_rows
from tests.bench.reports import SEED, peer_records
from tests.bench.table import Budget, Limit, Row

RECORDS: Final = 100_000
FEWER: Final = 1_000
"""Reports of the small vault that the large one is compared with."""

PAGE: Final = 100
"""Lines of a page, as the screen asks for them."""

FIRST_PAGE_MS: Final = 20.0
BY_DATE_RATIO: Final = 1.5
STATUS_RATIO: Final = 2.0
"""What `status` may take more for a hundred times the reports: the machine's own noise and a deeper tree."""

TEXTS: Final = 400
"""Different texts: reports repeat them, so that words are as frequent as in so many of one kind."""

STATES: Final = ("draft", "waiting", "received", "delivered", "returned", "withdrawn")
COMMON, RARE, PAIR = "the", "shoemakers", "school morning"
"""Words of most reports, of few, and two together."""

MINUTE: Final = 60
START: Final = 1_700_000_000
"""UTC seconds of the first report; then one every ten minutes."""

WAITING: Final = 200
DRAFTS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Processor time of a call, milliseconds: the median of several, after one that is not counted."""

    figure: float

    @classmethod
    def of(cls, call: Callable[[], object], runs: int) -> Timed:
        """Measure it."""
        call()
        took = []
        for _ in range(max(3, runs)):
            began = time.process_time()
            call()
            took.append((time.process_time() - began) * 1_000)
        return cls(figure=median(took))


@contextmanager
def filled(count: int) -> Iterator[tuple[Session, Database]]:
    """A reporter's vault with so many reports, and a bare database with an index over the same words.

    All but a few have arrived, half of those were opened. Rows are put in as the program's own statements
    leave them; nothing of a list or a search reads a report's content, so that there is none.
    """
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        vault = Vault.create(Path(name) / "home", "bench", cost=FLOOR_COST, random=os.urandom)
        bare = Database.create(Path(name) / "bare.db", os.urandom(32), os.urandom(HEADER_BYTES - len(MAGIC)))
        try:
            fill(vault._database, bare, count)
            # Else a program that opens it would first go through the log of all this writing.
            vault._database.checkpoint()
            yield Session(vault=vault), bare
        finally:
            bare.close()
            vault.lock()


def fill(database: Database, bare: Database, count: int) -> None:
    """Put the reports into both."""
    random = Random(SEED)
    texts = [" ".join(words(f"{report['title']} {report['narrative']}")) for report in peer_records(TEXTS)]
    bare.run('CREATE VIRTUAL TABLE plain USING fts5 (words, tokenize = "unicode61 remove_diacritics 0")')
    with database.transaction(), bare.transaction():
        for number in range(1, count + 1):
            created = START + number * 10 * MINUTE
            row = created // MINUTE << 20
            said = texts[random.randrange(TEXTS)]
            title = f"Report {number} of the benchmark"
            _report(database, number, row, created, title, said, count)
            bare.run("INSERT INTO plain (rowid, words) VALUES (?, ?)", (row, said))


def _report(
    database: Database, number: int, row: int, created: int, title: str, said: str, count: int
) -> None:
    id_, author = number.to_bytes(16, "big"), bytes(16)
    drafted, waits = number > count - DRAFTS, count - DRAFTS >= number > count - DRAFTS - WAITING
    database.run(
        "INSERT INTO incident (row, number, id, title, place, kinds, began, created)"
        " VALUES (?, ?, ?, ?, 'Mockbridge', 'shelling', '2026-08-03', ?)",
        (row, number, None if drafted else id_, title, created),
    )
    day = created // 86_400 + 719_163
    database.run("INSERT INTO incident_text VALUES (?, ?, 'place=mockbridge', ?, ?)", (row, said, day, day))
    if drafted:
        database.run(
            "INSERT INTO draft VALUES (?, 'incident', 1, x'', '', 0, 1, 1, x'', 0, ?, ?, 0)",
            (row, created, created),
        )
        return
    database.run("INSERT INTO revision VALUES (?, ?, ?, 1, 0, ?, ?)", (id_, row, author, created, created))
    database.run(
        "INSERT INTO outgoing (id, lane, type, revision, incident, queued, sealed)"
        " VALUES (?, 0, 1, ?, ?, ?, ?)",
        (number, id_, row, created, created),
    )
    database.run(
        "INSERT INTO frame (id, lane, incarnation, sequence, kind, hash, raw, outgoing, sealed, received)"
        " VALUES (?, 0, zeroblob(8), ?, 16, zeroblob(32), x'00', ?, ?, ?)",
        (number, number, number, created, None if waits else created),
    )
    if not waits and number % 2:
        database.run("INSERT INTO acknowledged VALUES (?, zeroblob(16), ?)", (number, created))


def list_rows(runs: int, *, count: int = RECORDS, fewer: int = FEWER) -> Iterator[Row | str]:
    """Row 2, the part below the screens: pages of every state, and what is always visible."""
    with filled(fewer) as (small, _):
        before = Timed.of(lambda: status.status(small), runs).figure
    with filled(count) as (session, _):
        yield _page("first page of all", session, runs)
        for state in STATES:
            yield _page(f"first page, state:{state}", session, runs, query=f"state:{state}")
        middle = records.list_records(session, limit=1, query=f"on:{_day(count // 2)}")
        yield _page("page in the middle", session, runs, after=middle[0].row)
        after = Timed.of(lambda: status.status(session), runs).figure
        yield Row(
            what="status",
            figure=after,
            unit="ms",
            limit=Limit(name=f"of {fewer:,}", value=before, ratio=after / before),
            budget=Budget(bound=STATUS_RATIO, of_ratio=True),
        )


def _page(what: str, session: Session, runs: int, *, query: str = "", after: int | None = None) -> Row:
    took = Timed.of(lambda: records.list_records(session, limit=PAGE, after=after, query=query), runs)
    return Row(what=what, figure=took.figure, unit="ms", budget=Budget(bound=FIRST_PAGE_MS))


def search_rows(runs: int, *, count: int = RECORDS) -> Iterator[Row | str]:
    """Row 2, the search: a page of what words find, by date, beside a bare index over the same words."""
    with filled(count) as (session, bare):
        for what, query in (("common word", COMMON), ("rare word", RARE), ("two words", PAIR)):
            yield _searched(what, query, session, bare, runs)
        yield from _lines(session, runs, count)
    yield "    there is no order by rank: what is found is listed by date alone"


BARE: Final = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rowid DESC LIMIT ?"


def _searched(what: str, query: str, session: Session, bare: Database, runs: int) -> Row:
    match = " AND ".join(f'"{word}" *' for word in words(query))
    found, asked = session.vault.records, parse_query(query)
    assert found.matching(asked, limit=PAGE) == [row for (row,) in bare.rows(BARE, (match, PAGE))] != []
    limit = Timed.of(lambda: bare.rows(BARE, (match, PAGE)), runs).figure
    took = Timed.of(lambda: found.matching(asked, limit=PAGE), runs).figure
    return Row(
        what=f"{what}, by date",
        figure=took,
        unit="ms",
        limit=Limit(name="bare FTS5", value=limit, ratio=took / limit),
        budget=Budget(bound=BY_DATE_RATIO, of_ratio=True),
    )


def _lines(session: Session, runs: int, count: int) -> Iterator[Row]:
    for what, query in (("a rare word", RARE), ("two words", PAIR)):
        yield _page(f"{what}, the page of lines", session, runs, query=query)
    query = f"{PAIR} on:{_day(count // 2)}"
    yield _page("two words and a day, the page of lines", session, runs, query=query)


def _day(number: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(START + number * 10 * MINUTE))


def screen_rows(runs: int, *, count: int = RECORDS) -> Iterator[Row | str]:
    """Row 7: what one sees of the list, and a letter in a long form."""
    with filled(count) as (session, _):
        yield from paint_rows(session, f"Report {count}", runs)
    yield form_key_row(runs)
