"""No statement that a pull runs again and again goes through a table that only grows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldkit.vault import queries
from fieldkit.vault.db import Database
from tests.vault.world import bare_vault

PARTS = ("feeds", "inbox")
"""What is run for every page of a pull, or for every record."""

WHOLE = {
    "feeds.verdicts": "doctor",
    "inbox.counts": "status",
    "inbox.gaps": "status, and once at the end of a pull",
    "inbox.refused": "status",
    "inbox.settle": "the ids it is given are all it goes through",
    "inbox.owed": "what is owed is all it goes through",
}
"""Statements that may, and where they are run."""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the newest schema."""
    with bare_vault(tmp_path_factory.mktemp("plans") / "home") as vault:
        yield vault._database


def plan(database: Database, part: str, name: str) -> list[str]:
    """How SQLite would run a statement."""
    sql = queries.load(part)[name]
    return [row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))]


@pytest.mark.parametrize(
    ("part", "name"), [(part, name) for part in PARTS for name in queries.statements(part)]
)
def test_a_pull_goes_through_no_whole_table(schema: Database, part: str, name: str) -> None:
    """Neither a table nor an index is read from end to end."""
    scans = [step for step in plan(schema, part, name) if step.startswith("SCAN")]
    assert bool(scans) is (f"{part}.{name}" in WHOLE), scans


@pytest.mark.parametrize(
    ("part", "name", "index"),
    [
        ("inbox", "entries", "feed_entry_state"),
        ("inbox", "waiting", "feed_entry_state"),
        ("feeds", "comparable", "tree_claim_open"),
        ("delivery", "to_void", "frame_refused"),
    ],
)
def test_what_is_left_to_do_is_found_by_its_index(schema: Database, part: str, name: str, index: str) -> None:
    """An index of a few rows serves only a statement that names the condition it was made with."""
    assert any(index in step for step in plan(schema, part, name))
