"""Named SQL: each statement has a comment, is used, and fits the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from fieldkit.vault import migrations, queries
from fieldkit.vault.db import Database
from tests.vault.world import bare_vault

PACKAGE = Path(str(files("fieldkit.vault")))
PARTS = sorted(path.stem for path in (PACKAGE / "sql").glob("*.sql"))
SOURCES = "\n".join(path.read_text() for path in PACKAGE.glob("*.py"))


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the newest schema."""
    with bare_vault(tmp_path_factory.mktemp("schema") / "home") as vault:
        yield vault._database


STATEMENTS = [(part, name) for part in PARTS for name in queries.statements(part)]


def test_there_are_statements() -> None:
    """The tests below are not empty."""
    assert len(STATEMENTS) > 80


@pytest.mark.parametrize(("part", "name"), STATEMENTS)
def test_each_statement(schema: Database, part: str, name: str) -> None:
    """It says what it is for, one statement stands there, the schema has what it names."""
    statement = queries.statements(part)[name]
    assert len(statement.comment) > 10
    assert ";" not in statement.sql
    numbered = [int(number) for number in re.findall(r"\?(\d+)", statement.sql)]
    count = max(numbered) if numbered else statement.sql.count("?")
    schema.rows("EXPLAIN " + statement.sql, [None] * count)


@pytest.mark.parametrize(("part", "name"), STATEMENTS)
def test_each_statement_is_used(part: str, name: str) -> None:
    """A statement nobody runs is a lie about what the vault does."""
    assert f'"{name}"' in SOURCES


def test_no_sql_is_put_together_from_text() -> None:
    """Values are always parameters: no statement outside pragmas is formatted."""
    assert not re.findall(r'f"(?:SELECT|INSERT|UPDATE|DELETE)', SOURCES)


def test_tables_are_strict(schema: Database) -> None:
    """Every table refuses values of another type."""
    for name, strict in schema.rows("SELECT name, strict FROM pragma_table_list WHERE type = 'table'"):
        assert strict or name.startswith("sqlite_"), name


def test_migrations_run_once_and_in_order(schema: Database) -> None:
    """A database at the newest version is left alone; the numbers have no hole."""
    newest = len(migrations.steps())
    assert migrations.version(schema) == newest
    assert migrations.migrate(schema) == newest


def test_a_name_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two statements under one name would hide one another."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "twice.sql").write_text(
        "-- name: a\n-- one\nSELECT 1;\n-- name: a\n-- two\nSELECT 2;\n"
    )
    monkeypatch.setattr(queries, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match="two statements named a"):
        queries.statements("twice")


def test_a_missing_step_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are numbered without a hole."""
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "0002.sql").write_text("SELECT 1;")
    monkeypatch.setattr(migrations, "files", lambda package: tmp_path)
    migrations.steps.cache_clear()
    try:
        with pytest.raises(ValueError, match="0001"):
            migrations.steps()
    finally:
        migrations.steps.cache_clear()
