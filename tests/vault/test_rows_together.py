"""Rows that go into one statement are stored as if each had its own."""

from __future__ import annotations

import pytest

from fieldkit.vault.errors import OutOfStep
from fieldkit.vault.queries import load
from fieldkit.vault.rows_together import ROWS_TOGETHER, of_many
from fieldkit.vault.vault import Vault

PLAIN = (("inbox", "add_link"), ("inbox", "owe"), ("revisions", "insert"), ("revisions", "add_part"))
OTHER = (
    ("inbox", "settle"),
    ("incidents", "insert"),
    ("incidents", "next_numbers"),
    ("incidents", "index_it"),
)

ADD = load("inbox")["add_link"]
COUNTS = (0, 1, ROWS_TOGETHER - 1, ROWS_TOGETHER, ROWS_TOGETHER + 1, 3 * ROWS_TOGETHER + 7)


def links(count: int) -> list[tuple[object, ...]]:
    """That many rows of one chain."""
    return [(1, bytes(16), bytes(8), at, bytes([at % 256]) * 32, bytes(32)) for at in range(count)]


@pytest.mark.parametrize(("part", "name"), PLAIN)
def test_plain_insertions_go_together(part: str, name: str) -> None:
    """What a pull stores for every record."""
    sql = load(part)[name]
    many = of_many(sql)
    assert many is not None and many.count("?") == ROWS_TOGETHER * sql.count("?")


@pytest.mark.parametrize(("part", "name"), OTHER)
def test_others_stay_as_they_are(part: str, name: str) -> None:
    """Numbered values, selections and updates are not repeated."""
    assert of_many(load(part)[name]) is None


@pytest.mark.parametrize("count", COUNTS)
def test_any_number_of_rows(empty_vault: Vault, count: int) -> None:
    """All are stored and counted; the same again is counted as nothing."""
    database = empty_vault._database
    assert database.run_many(ADD, links(count)) == count
    assert database.run_many(ADD, iter(links(count))) == 0
    assert len(database.rows("SELECT * FROM chain_link")) == count


@pytest.mark.parametrize("bad", [0, ROWS_TOGETHER - 1, ROWS_TOGETHER + 3])
def test_one_that_cannot_be_stored_undoes_all(empty_vault: Vault, bad: int) -> None:
    """Wherever it stands."""
    rows = links(2 * ROWS_TOGETHER)
    rows[bad] = (*rows[bad][:4], b"short", bytes(32))
    database = empty_vault._database
    with pytest.raises(OutOfStep), database.transaction():
        database.run_many(ADD, rows)
    assert database.rows("SELECT * FROM chain_link") == []
