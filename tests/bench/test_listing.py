"""The rows of the list and the search are whole: on a few reports they measure what they name."""

from __future__ import annotations

import asyncio

from fieldkit.actions import records
from tests.bench import form_keys, listing, painting
from tests.bench.listing import DRAFTS, STATES, WAITING, filled
from tests.bench.table import Row

COUNT = 600


def test_the_vault_is_what_the_rows_say() -> None:
    """Reports of every state that there is, as the program itself derives them, and all are found."""
    with filled(COUNT) as (session, bare):
        counts = session.vault.records.counts()
        assert (counts.drafts, counts.waiting) == (DRAFTS, WAITING)
        assert counts.received + counts.delivered == COUNT - DRAFTS - WAITING and counts.delivered > 100
        found = records.list_records(session, limit=COUNT, query=listing.PAIR)
        assert 0 < len(found) < COUNT and session.vault.records.unindexed() == []
        assert bare.rows("SELECT count(*) FROM plain") == [(COUNT,)]


def test_the_rows_are_whole() -> None:
    """A row for each state, the search beside the bare index."""
    pages = [row for row in listing.list_rows(1, count=COUNT, fewer=300) if isinstance(row, Row)]
    assert [row.what for row in pages if "state:" in row.what] == [
        f"first page, state:{state}" for state in STATES
    ]
    assert all(row.figure > 0 and row.budget for row in pages)
    found = [row for row in listing.search_rows(1, count=COUNT) if isinstance(row, Row)]
    assert sum(row.limit is not None for row in found) == 3


def test_a_letter_in_a_form_is_drawn() -> None:
    """It arrives in a field, which the row itself makes sure of, and costs more than a key of no app."""
    row = form_keys.form_key_row(1, questions=60)
    assert row.limit is not None and row.limit.ratio > 1 and row.budget is not None


def test_a_key_of_the_list_is_drawn() -> None:
    """Both programs answer keys; the list's costs something."""
    with filled(300) as (session, _):
        assert asyncio.run(painting.per_key(painting.EmptyApp)) > 0
        assert asyncio.run(painting.per_key(lambda: painting.ListApp(session))) > 0
