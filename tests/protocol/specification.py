"""Reads the tables of docs/protocol.md, and finds the labels that the code uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = ROOT / "sync" / "protocol"
LABEL = re.compile(r"fieldkit/[a-z0-9-]+")


@cache
def text() -> str:
    """The specification."""
    return (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def table(*columns: str) -> list[dict[str, str]]:
    """The rows of the one table whose header starts with these columns, by column."""
    found = [rows for header, rows in _tables() if header[: len(columns)] == list(columns)]
    if len(found) != 1:
        raise LookupError(f"expected one table with the columns {columns}, got {len(found)}")
    return found[0]


def _tables() -> Iterator[tuple[list[str], list[dict[str, str]]]]:
    lines = text().splitlines()
    for number, line in enumerate(lines[:-1]):
        if line.startswith("|") and re.fullmatch(r"[|\-: ]+", lines[number + 1]):
            header = _cells(line)
            rows = []
            for row in lines[number + 2 :]:
                if not row.startswith("|"):
                    break
                rows.append(dict(zip(header, _cells(row), strict=True)))
            yield header, rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def integers(cell: str) -> set[int]:
    """The numbers of a cell like `1, 2, 30–41`."""
    found: set[int] = set()
    for part in cell.split(","):
        first, _, last = part.strip().partition("–")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def number(words: str) -> int:
    """A number as prose writes it: 1,216."""
    return int(words.replace(",", ""))


def refusal_codes() -> dict[int, str]:
    """The codes of §9, which stand in a sentence: number and words."""
    sentence = re.search(r"^Refusal codes \(.*?\): (.*?)\. Codes", text(), re.MULTILINE | re.DOTALL)
    if sentence is None:
        raise LookupError("the specification has no list of refusal codes")
    parts = [" ".join(part.split()) for part in sentence[1].split("·")]
    return {int(part.split(" ", 1)[0]): part.split(" ", 1)[1] for part in parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A label in the code: its text, the module, and the call or name it stands in."""

    label: str
    module: str
    line: int
    by: str


def labels_in_code() -> list[Use]:
    """Every text of the code that starts as a label does, docstrings left out."""
    found = []
    for path in sorted(PROTOCOL.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += list(_labels(tree, path.stem))
    return found


def labels_in(source: str) -> list[Use]:
    """The same for one piece of source."""
    return list(_labels(ast.parse(source), "source"))


def _labels(tree: ast.Module, module: str) -> Iterator[Use]:
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and LABEL.fullmatch(node.value):
            yield Use(label=node.value, module=module, line=node.lineno, by=_by(node, parents))


def _by(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """The innermost call around a label, or the name that it is given to."""
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.Call):
            return ast.unparse(node.func)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            return ast.unparse(target)
    return ""
