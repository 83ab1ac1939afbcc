"""The tables say where each script and move is stopped: these places exist, and no attack is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.hostile.move import Move
from tests.hostile.moves.every import MOVES
from tests.hostile.script import Script
from tests.hostile.scripts import joining
from tests.hostile.scripts.every import SCRIPTS

ROOT = Path(__file__).resolve().parents[2]
ALL_SCRIPTS = (*SCRIPTS, *joining.SCRIPTS)
EVERYTHING: tuple[Script | Move, ...] = (*ALL_SCRIPTS, *MOVES)
LEAST_SCRIPTS = 30

HOSTILE_SERVERS = {
    "swapped TLS key",
    "wrong certificate type",
    "TLS 1.2 downgrade",
    "old directory",
    "directory of another organisation",
    "directory by a removed officer",
    "root skipped a version",
    "replayed receipt",
    "receipt for another lane",
    "receipt for another device",
    "receipt for another incarnation",
    "receipt of another organisation",
    "receipt with a wrong head hash",
    "receipt above what was sent",
    "receipt by another key",
    "ranges with a wrong hash",
    "log that shrinks",
    "log that forks",
    "withheld frame",
    "reordered feed",
    "truncated feed",
    "foreign frame",
    "duplicated frame",
    "frame of an uncertified device",
    "huge length",
    "deep nesting",
    "endless drip",
    "stalled reply",
    "redirect 301",
    "redirect 307",
    "garbage 200",
    "200 with an empty body",
    "captive portal",
    "server error 500",
    "gzip bomb",
    "chunk of negative size",
    "huge headers",
    "length too long, then cut",
    "length too short",
    "forged acknowledgement",
    "acknowledgement by a non-reader",
    "mail for another",
    "mail without end",
    "receipt of nothing new",
    "request limit of nothing",
    "absurd request limit",
    "absurd clock",
}
"""What a hostile server was asked to do at the least."""

HOSTILE_REPORTERS = {
    "two epochs under one number",
    "giant ratchet step",
    "forged acknowledgement by a reporter",
    "replayed hello",
    "foreign organisation",
    "junk frames and pieces",
    "oversize",
    "decompression bomb",
    "hostile text everywhere",
    "other people's report as parent",
    "answers of wrong types",
    "invalid dates",
    "a megabyte of text",
    "hostile pseudonym",
    "ten thousand one-byte items",
}
"""What a hostile reporter was asked to do at the least; the quota has a test of its own."""


def test_nothing_on_the_list_is_left_out() -> None:
    """Every attack that was thought of has a script or move under its name, and each name is one."""
    assert len(ALL_SCRIPTS) >= LEAST_SCRIPTS
    assert {script.name for script in ALL_SCRIPTS} >= HOSTILE_SERVERS
    assert {move.name for move in MOVES} >= HOSTILE_REPORTERS
    names = [one.name for one in EVERYTHING]
    assert sorted(set(names)) == sorted(names)


@cache
def _places(file: str) -> frozenset[str]:
    return frozenset(_named(ast.parse((ROOT / file).read_text(encoding="utf-8")), ""))


def _named(node: ast.AST, prefix: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield prefix + child.name
            yield from _named(child, f"{prefix}{child.name}.")


@pytest.mark.parametrize("one", EVERYTHING, ids=[one.name for one in EVERYTHING])
def test_what_stops_it_exists(one: Script | Move) -> None:
    """The function and the section of the specification are there."""
    file, _, function = one.check.partition("::")
    assert function in _places(file), one.check
    text = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {one.section[1:]}\. ", text, re.MULTILINE), one.section


def test_people_are_told() -> None:
    """Whatever does not end well says so in words of its own."""
    silent = [script.name for script in ALL_SCRIPTS if script.exit != 0 and not script.told]
    assert silent == []
