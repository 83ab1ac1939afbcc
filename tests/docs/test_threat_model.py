"""Every statement of the threat model leads to a test there is, and no rule or adversary is without one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, links

PAGE = Path("docs/threat-model.md")
RULES = 30
UNBUILT = {13}
"""Rules of which nothing exists: they stand in the section that says so, and have no test."""

SECTIONS = ("Who we expect, and what remains", "Rules of the protocol that answer an attack")
"""Sections whose statements, one a line, must each have a test."""


def text() -> str:
    """The page."""
    return (ROOT / PAGE).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


@cache
def functions(path: Path) -> frozenset[str]:
    """The tests that a file defines; none when there is no such file."""
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def proofs(words: str) -> list[str]:
    """The tests that a piece of the page links to."""
    return [link.target for link in links(words) if "#test_" in link.target]


def missing(words: str) -> Iterator[str]:
    """Each linked test that is not there."""
    for target in proofs(words):
        name, _, function = target.partition("#")
        path = (ROOT / PAGE.parent / name).resolve()
        if not path.is_relative_to(ROOT / "tests") or function not in functions(path):
            yield target


def unproven(words: str) -> list[str]:
    """Each statement, a line that begins with a dash, without a test."""
    return [line for line in words.splitlines() if line.startswith("- ") and not proofs(line)]


def rules(page: str) -> dict[int, list[str]]:
    """Number → tests of each row of the table of rules."""
    rows = re.findall(r"^\| R(\d+) \|.*$", page, re.MULTILINE)
    lines = re.findall(r"^\| R\d+ \|.*$", page, re.MULTILINE)
    assert len(rows) == len(set(rows))
    return {int(number): proofs(line) for number, line in zip(rows, lines, strict=True)}


def test_links_lead_to_tests() -> None:
    """Each linked test exists in the linked file."""
    assert len(proofs(text())) > 100
    assert list(missing(text())) == []


def test_every_rule_has_a_test() -> None:
    """R1 to R30: in the table with a test, or named among what is not built."""
    found = rules(section(text(), "The rules"))
    assert [number for number, tests in found.items() if not tests] == []
    assert found.keys() == set(range(1, RULES + 1)) - UNBUILT
    named = {int(number) for number in re.findall(r"\bR(\d+) \(", section(text(), "Not built yet"))}
    assert named == UNBUILT


def test_every_adversary_has_a_test_and_a_limit() -> None:
    """Each adversary: what stops them, with tests, and what remains when it does."""
    blocks = re.split(r"^### ", section(text(), SECTIONS[0]), flags=re.MULTILINE)[1:]
    assert len(blocks) > 10
    for block in blocks:
        title = block.splitlines()[0]
        assert proofs(block), title
        assert block.count("**What remains:**") == 1, title


@pytest.mark.parametrize("title", SECTIONS)
def test_every_statement_has_a_test(title: str) -> None:
    """No line of these sections is only a promise."""
    assert unproven(section(text(), title)) == []


def test_rules_cited_in_the_code_are_there() -> None:
    """What a comment calls R25 is a rule of the page."""
    cited = set()
    for package in ("fieldkit", "sync"):
        for path in (ROOT / package).rglob("*.py"):
            found = re.findall(r"\bR(\d{1,2})\b", path.read_text(encoding="utf-8"))
            cited |= {int(number) for number in found}
    assert cited
    assert cited <= rules(text()).keys()


def test_page_is_found() -> None:
    """README, SECURITY and the page about tests lead to it."""
    for name in ("README.md", "SECURITY.md", "docs/testing.md"):
        targets = {link.target for link in links((ROOT / name).read_text(encoding="utf-8"))}
        assert targets & {"docs/threat-model.md", "threat-model.md"}, name


def test_checks_notice() -> None:
    """The control: a dead link, a line without a test, a test of another name."""
    good = "- a [b](../tests/docs/test_threat_model.py#test_checks_notice)"
    assert (list(missing(good)), unproven(good)) == ([], [])
    for bad in ("test_threat_model.py#test_no_such", "test_nowhere.py#test_x", "../../docs/cli.md#test_x"):
        assert list(missing(f"[b](../tests/docs/{bad})")) == [f"../tests/docs/{bad}"]
    assert unproven("- promise [b](../README.md)\n**What remains:** x") == ["- promise [b](../README.md)"]
