"""docs/vault-format.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldkit.vault import attempts, db, db_file, keyslots, words
from fieldkit.vault.home import Home
from fieldkit.vault.keys import Purpose
from fieldkit.vault.vault import Vault

PAGE = (Path(__file__).parents[2] / "docs" / "vault-format.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text of one section."""
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[int(title)]


def first_cells(text: str) -> set[str]:
    """Every `name` in the first column of the tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`([a-z_./]+)`", cell)}


def test_every_table_is_named(empty_vault: Vault) -> None:
    """The page names the tables and views of the schema, and no others."""
    rows = empty_vault._database.rows("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    assert first_cells(section("4")) == {row[0] for row in rows if not row[0].startswith("sqlite_")}


def test_every_file_is_named() -> None:
    """The page names each file of a home."""
    paths = {
        value.__get__(Home(Path("home"))).name for value in vars(Home).values() if isinstance(value, property)
    }
    named = {name.rstrip("/") for name in first_cells(section("1"))}
    assert named | {"slots.cbor.new"} == paths


def test_every_setting_is_named() -> None:
    """Settings and values are those asserted at every open."""
    text = section("3")
    assert first_cells(text) == {pragma for pragma, _, _ in db.REQUIRED}
    for pragma, wanted, _ in db.REQUIRED:
        (row,) = [line for line in text.splitlines() if line.startswith("| `") and f"`{pragma}`" in line]
        assert wanted in row


@pytest.mark.parametrize(
    "words_of_page",
    [
        f'"{keyslots.MAGIC}", {keyslots.VERSION}',
        f"vault id ({keyslots.VAULT_ID_BYTES})",
        f"at most {keyslots.FILE_BYTES:,} bytes",
        f"wrapped ({keyslots.KEY_BYTES + keyslots.TAG_BYTES})",
        f"{keyslots.DEFAULT_COST.memory // keyslots.MIB} MiB, {keyslots.DEFAULT_COST.passes} passes",
        f"never below {keyslots.FLOOR_MEMORY // keyslots.MIB} MiB",
        f"{keyslots.CAP_MEMORY // keyslots.MIB // 1024} GiB, {keyslots.CAP_PASSES} passes",
        f"or {keyslots.CAP_LANES} lanes",
        f"`{db_file.MAGIC.decode()}` and the vault id",
        f"our list of {len(words.word_list()):,}",
        f"carry {words.bits(words.WORDS_OFFERED):.0f} bits",
        f"carry {words.bits(words.RECOVERY_WORDS):.0f} bits",
        "at most five minutes",
        ", ".join(f"`{purpose}`" for purpose in (Purpose.ROOT, Purpose.DIRECTORY)),
    ],
)
def test_figures(words_of_page: str) -> None:
    """Sizes, costs and limits are those of the code."""
    assert words_of_page in " ".join(PAGE.split())


def test_waits() -> None:
    """Five minutes are what the code waits at the most."""
    assert attempts.LONGEST_WAIT == 5 * 60
    assert attempts.FREE_FAILURES == 5
