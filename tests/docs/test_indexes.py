"""Lists in the documentation hold everything they promise."""

from __future__ import annotations

import re

from tests.docs.markdown import ROOT, links

# `make help` lists commands; it is not one of the table's.
UNLISTED = {"help"}


def test_commands_are_the_makefiles() -> None:
    """CONTRIBUTING has a row for each target a person may call, and no other."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    rows = re.findall(
        r"^\| `make (\w+)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(set(phony[1].split()) - UNLISTED)


def test_decisions_are_indexed_in_order() -> None:
    """The index of decisions names each of them once, in order, without a hole in the numbers."""
    folder = ROOT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [link.target for link in links((folder / "README.md").read_text(encoding="utf-8"))] == records
    assert [int(name[:4]) for name in records] == list(range(len(records)))


def test_decisions_have_their_parts() -> None:
    """Each decision says why, what, what was rejected and what follows."""
    parts = ["## Context", "## Decision", "## Rejected", "## Consequences"]
    for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("## ")] == parts, path.name
        assert lines[2].startswith("Status: "), path.name
