"""Search: the index follows what is written, in its transaction, and leaves nothing behind."""

from __future__ import annotations

import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.model.draft import Draft
from fieldkit.model.ids import DeviceId, RevisionId
from fieldkit.model.query import Query, parse_query
from fieldkit.vault import keyslots, migrations
from fieldkit.vault.db import Database
from fieldkit.vault.incidents import Headline
from fieldkit.vault.revisions import NewRevision
from fieldkit.vault.search import fact, match_of
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW

EMPTY = Draft(form_id="incident", form_version=1)


def listed(words: str, *, facts: str = "", days: tuple[int, int] | None = None) -> Headline:
    """A headline with what finds it."""
    first, last = days or (None, None)
    return Headline(title=words[:10], words=words, facts=facts, earliest=first, latest=last)


def begin(vault: Vault, headline: Headline) -> int:
    """A draft found by that; its number."""
    return vault.drafts.begin(EMPTY, now=NOW, headline=headline).number


def found(vault: Vault, text: str) -> list[int]:
    """Numbers a query finds, ascending."""
    return sorted(line.number for line in vault.records.found(parse_query(text)))


def test_words_filters_and_dates(vault: Vault) -> None:
    """All that is asked for must hold; what is not to be there is left out, alone or beside words."""
    begin(vault, listed("shells on the market", facts="kind=shelling place=aleppo", days=(739_000, 739_030)))
    begin(vault, listed("men taken at the market", facts="kind=arrest place=azaz", days=(739_100, 739_100)))
    begin(vault, listed("grain burned", facts="kind=property", days=None))
    assert found(vault, "market") == [1, 2]
    assert found(vault, "market -shells") == [2]
    assert found(vault, "-market") == [3]
    assert found(vault, '"the market"') == [1, 2] and found(vault, '"market the"') == []
    assert found(vault, "mark") == [1, 2] and found(vault, '"mark"') == []
    assert found(vault, "kind:arr") == [2] and found(vault, "arrest") == []
    assert found(vault, "place:aleppo market") == [1] and found(vault, "-kind:arrest market") == [1]
    day = {at: f"{date.fromordinal(at)}" for at in (739_000, 739_015, 739_031, 739_100)}
    assert found(vault, f"on:{day[739_015]}") == [1]
    assert found(vault, f"after:{day[739_031]}") == [2] and found(vault, f"before:{day[739_100]}") == [1]
    assert found(vault, f"-market after:{day[739_000]}") == []
    assert found(vault, "") == [1, 2, 3]


def test_the_index_follows_every_save(vault: Vault) -> None:
    """What was changed is not found by what it said before; undo and redo bring it back."""
    number = begin(vault, listed("first"))
    vault.drafts.save(
        number,
        Draft(form_id="incident", form_version=1, answers={"title": "x"}),
        now=NOW + 60,
        headline=listed("second"),
    )
    assert (found(vault, "first"), found(vault, "second")) == ([], [1])
    vault.drafts.undo(number, now=NOW + 61, describe=lambda draft: listed("first"))
    assert (found(vault, "first"), found(vault, "second")) == ([1], [])
    vault.drafts.redo(number, now=NOW + 62, describe=lambda draft: listed("second"))
    assert found(vault, "second") == [1]
    vault.drafts.discard(number)
    assert found(vault, "second") == [] and vault._database.value("SELECT count(*) FROM incident_text") == 0


def test_a_change_that_failed_changes_no_index(vault: Vault) -> None:
    """Line and index are one transaction."""
    number = begin(vault, listed("first"))
    with pytest.raises(RuntimeError), vault.transaction():
        vault.drafts.save(number, EMPTY, now=NOW + 60, headline=listed("second"))
        raise RuntimeError
    assert (found(vault, "first"), found(vault, "second")) == ([1], [])


def test_what_was_pulled_is_indexed_when_asked(vault: Vault) -> None:
    """Lines without words are told, found by nothing, and found after they were put in."""
    new = NewRevision(
        id=RevisionId(b"p" * 16),
        author=DeviceId(b"a" * 16),
        created=NOW,
        parents=(),
        content=b"x",
        headline=Headline(title="pulled"),
    )
    vault.revisions.keep(new, now=NOW)
    assert vault.records.unindexed() == [1] and found(vault, "pulled") == []
    vault.records.reindex(1, listed("pulled"))
    assert vault.records.unindexed() == [] and found(vault, "pulled") == [1]


def test_two_lines_that_become_one_are_found_as_one(vault: Vault) -> None:
    """A revision that came before its parent: both lines' words lead to the one that is left."""

    def keep(id_: bytes, parents: tuple[bytes, ...], words: str, created: int) -> None:
        new = NewRevision(
            id=RevisionId(id_ * 16),
            author=DeviceId(b"a" * 16),
            created=created,
            parents=tuple(RevisionId(parent * 16) for parent in parents),
            content=b"x",
            headline=listed(words),
        )
        vault.revisions.keep(new, now=NOW)

    keep(b"3", (b"2",), "latest", NOW + 20)
    keep(b"1", (), "oldest", NOW)
    assert (found(vault, "latest"), found(vault, "oldest")) == ([1], [2])
    keep(b"2", (b"1",), "middle", NOW + 10)
    assert (found(vault, "latest"), found(vault, "oldest"), found(vault, "middle")) == ([2], [], [])


def test_pages_of_what_is_found(vault: Vault) -> None:
    """Newest first, none twice, none left out."""
    for number in range(7):
        vault.drafts.begin(EMPTY, now=NOW + number, headline=listed("word"))
    seen: list[int] = []
    before = None
    while lines := vault.records.found(parse_query("word"), before=before, limit=2):
        seen += [line.number for line in lines]
        before = lines[-1].row
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_query_is_an_operator(text: str) -> None:
    """Whatever is typed, the index takes it: nothing in it is read as syntax."""
    try:
        match = match_of(parse_query(text))
    except ValueError:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (words, facts, tokenize = \"unicode61 tokenchars '=_'\")"
    )
    for expression in (match.wanted, match.unwanted):
        if expression is not None:
            connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (expression,)).fetchall()
    connection.close()


def test_facts_are_words_of_a_filter() -> None:
    """Each word with the filter's name before it, folded."""
    assert fact("place", "Tell Rif'at, حلب") == "place=tell place=rifat place=حلب"
    assert match_of(Query()) == match_of(parse_query("state:draft"))


def test_what_is_deleted_leaves_no_word_in_the_index(vault: Vault) -> None:
    """The index keeps nothing of a discarded draft, not even in pages it has freed."""
    secret = "quokkavale"
    number = begin(vault, listed(f"{secret} other words"))
    assert _holding(vault, secret), "the control: it was there"
    vault.drafts.discard(number)
    vault.clear_traces()
    assert not _holding(vault, secret)


def _holding(vault: Vault, word: str) -> list[bytes]:
    """Blocks of the index that hold a word."""
    blocks = [bytes(block) for (block,) in vault._database.rows("SELECT block FROM search_data")]
    return [block for block in blocks if word.encode() in block]


def test_a_vault_of_schema_1_is_brought_up(tmp_path: Path) -> None:
    """A vault made before there was an index opens, keeps its lines, and tells which are not found yet."""
    slots, key = keyslots.create("one two three four five six", keyslots.FLOOR_COST, os.urandom)
    database = Database.create(tmp_path / "vault.db", key, slots.vault_id)
    with database.transaction():
        database.script(migrations.steps()[0])
        database.run("PRAGMA user_version = 1")
        database.run("INSERT INTO incident (row, number, title, created) VALUES (5, 1, 'old', 1)")
    assert migrations.migrate(database) == len(migrations.steps()) >= 2
    assert database.rows("SELECT title FROM incident_line") == [("old",)]
    assert database.rows("SELECT count(*) FROM incident_text") == [(0,)]
    database.close()
