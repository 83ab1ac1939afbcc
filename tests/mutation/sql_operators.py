"""What can be made wrong in a file of named SQL statements, by its words. Comments are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tests.mutation.edits import Mutant, make

OPERATORS: Final = [
    ("comparison", re.compile(r"(?<![<>=!])<(?![=>])"), "<="),
    ("comparison", re.compile(r"<="), "<"),
    ("comparison", re.compile(r"(?<![<>=!])>(?!=)"), ">="),
    ("comparison", re.compile(r">="), ">"),
    # Behind SET an equals sign assigns: there is nothing to compare.
    ("comparison", re.compile(r"(?<=WHERE )\w+(?:\.\w+)? (=)|(?<=AND )\w+(?:\.\w+)? (=)"), "<>"),
    ("and-or", re.compile(r"\bAND\b"), "OR"),
    ("and-or", re.compile(r"\bOR\b(?! (?:IGNORE|REPLACE))"), "AND"),
    ("not", re.compile(r"\bIS NULL\b"), "IS NOT NULL"),
    ("not", re.compile(r"\bIS NOT NULL\b"), "IS NULL"),
    ("not", re.compile(r"\bNOT (?=EXISTS|IN\b)"), ""),
    ("order", re.compile(r" DESC\b"), ""),
    ("order", re.compile(r"\bORDER BY \w+(?:\.\w+)?(?= LIMIT|;|\n|\))"), "ORDER BY 1 + 1"),
    ("any-all", re.compile(r"\bmin(?=\()"), "max"),
    ("any-all", re.compile(r"\bmax(?=\()"), "min"),
    ("number+1", re.compile(r"(?<![\w?.])\d+\b"), "+"),
    ("number-1", re.compile(r"(?<![\w?.])\d+\b"), "-"),
    ("filter", re.compile(r"\bON CONFLICT DO NOTHING\b"), ""),
]
_COMMENT: Final = re.compile(r"--[^\n]*")


def mutants(path: str, source: bytes) -> list[Mutant]:
    """Every mutant of one file, in the order of the text."""
    # The same length, so that places stay: comments become blanks.
    text = _COMMENT.sub(lambda found: " " * len(found[0].encode()), source.decode())
    found = [
        make(path, source, operator, place, new)
        for operator, place, new in _edits(text)
        if text.isascii() and source[slice(*place)].decode() != new
    ]
    return sorted(found, key=lambda one: (one.start, one.operator))


def _edits(text: str) -> Iterator[tuple[str, tuple[int, int], str]]:
    for operator, pattern, new in OPERATORS:
        for found in pattern.finditer(text):
            group = next((n for n in range(1, pattern.groups + 1) if found[n]), 0)
            yield (
                operator,
                found.span(group),
                _beside(found[0], new) if operator.startswith("number") else new,
            )


def _beside(number: str, sign: str) -> str:
    """The number after or before."""
    return str(int(number) + (1 if sign == "+" else -1))
