"""Each operator makes the edit it is named for, and leaves alone what no test should hold."""

from __future__ import annotations

import ast

import pytest

from tests.mutation import python_operators, sql_operators
from tests.mutation.edits import Mutant
from tests.mutation.packages import PACKAGES, ROOT, mutants_of

PYTHON = [
    ("if a < b:\n    f()\n", "comparison", "if (a <= b):\n    f()\n"),
    ("x = a in b", "comparison", "x = (a not in b)"),
    ("x = a <= b < c", "comparison", "x = (a < b < c)"),
    ("x = a and b", "and-or", "x = (a or b)"),
    ("x = not a", "not", "x = (a)"),
    ("def f():\n    return a | b\n", "arithmetic", "def f():\n    return (a & b)\n"),
    ("def f():\n    return 'é' + b\n", "arithmetic", "def f():\n    return ('é' - b)\n"),
    ("x = 7", "number+1", "x = 8"),
    ("x = 7", "number-1", "x = 6"),
    ("x = True", "boolean", "x = False"),
    ("x = b'a'", "text", "x = b'a?'"),
    ("x = 'a'", "text", "x = 'a?'"),
    ("x = a if b else c", "branch", "x = (c if b else a)"),
    ("x = f(a, b, c)", "arguments", "x = (f(b, a, c))"),
    ("x = any(a)", "any-all", "x = all(a)"),
    ("x = a[:n]", "slice", "x = a[:(n) + 1]"),
    ("x = [y for y in a if y]", "filter", "x = [y for y in a if True]"),
    ("def f():\n    return a\n", "return", "def f():\n    return None\n"),
    ("raise E('words')", "raise", "pass"),
    ("if a:\n    raise E\n", "never", "if False:\n    raise E\n"),
    ("f()", "statement", "pass"),
    ("a.b = 1", "statement", "pass"),
    ("for x in a:\n    break\n", "loop", "for x in a:\n    continue\n"),
    ("with lock():\n    f()\n", "with", "with __import__('contextlib').nullcontext():\n    f()\n"),
]

LEFT_ALONE = [
    '"""A docstring."""',
    "x: int\n'''What x is.'''",
    "def f(a: 'int') -> 'str':\n    '''What f does.'''\n",
    "@dataclass(frozen=True)\nclass A:\n    pass\n",
    "Name = NewType('Name', int)",
    "Made = A | B",
    "from a import b",
    "x = SQL['name']",
    "x = f'{a} words'",
    "x = isinstance(a, b)",
    "x = cast(a, b)",
    "def f():\n    return None\n",
    "with lock() as held:\n    pass\n",
]

SQL = [
    ("SELECT a FROM b WHERE c < 1;", "comparison", "SELECT a FROM b WHERE c <= 1;"),
    ("SELECT a FROM b WHERE c = ? AND d = ?;", "comparison", "SELECT a FROM b WHERE c <> ? AND d = ?;"),
    ("UPDATE b SET a = 1;", "number+1", "UPDATE b SET a = 2;"),
    ("SELECT a FROM b WHERE c IS NULL AND d;", "and-or", "SELECT a FROM b WHERE c IS NULL OR d;"),
    ("SELECT a FROM b WHERE c IS NULL;", "not", "SELECT a FROM b WHERE c IS NOT NULL;"),
    ("SELECT a FROM b WHERE NOT EXISTS (c);", "not", "SELECT a FROM b WHERE EXISTS (c);"),
    ("SELECT a FROM b ORDER BY a DESC LIMIT ?;", "order", "SELECT a FROM b ORDER BY a LIMIT ?;"),
    ("SELECT max(a) FROM b;", "any-all", "SELECT min(a) FROM b;"),
]


def edits(found: list[Mutant], source: str, operator: str) -> list[str]:
    """The files that one operator makes."""
    return [one.applied(source.encode()).decode() for one in found if one.operator == operator]


@pytest.mark.parametrize(("source", "operator", "wrong"), PYTHON)
def test_a_python_edit(source: str, operator: str, wrong: str) -> None:
    """The edit is made where it belongs, also behind letters of several bytes, and still is Python."""
    assert wrong in edits(python_operators.mutants("x.py", source.encode()), source, operator)
    ast.parse(wrong)


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_left_alone(source: str) -> None:
    """Nothing of it is worth a test."""
    assert python_operators.mutants("x.py", source.encode()) == []


@pytest.mark.parametrize(("source", "operator", "wrong"), SQL)
def test_an_sql_edit(source: str, operator: str, wrong: str) -> None:
    """The edit is made in the statement, and in no comment."""
    text = f"-- name: a_b\n-- At most 1 AND no more, max(2).\n{source}\n"
    found = sql_operators.mutants("x.sql", text.encode())
    assert text.replace(source, wrong) in edits(found, text, operator)
    assert min(one.line for one in found) == 3


def test_a_file_that_changed_is_not_edited() -> None:
    """An edit made for another text would change something else."""
    mutant = python_operators.mutants("x.py", b"x = 7")[0]
    with pytest.raises(ValueError, match="changed since"):
        mutant.applied(b"y = 1 + 7")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.path)
def test_mutants_of_the_project_are_programs(package: object) -> None:
    """Every edit of a Python file compiles, so that none is caught for its grammar; no name stands twice."""
    assert package in PACKAGES
    for path in [path for path in PACKAGES[PACKAGES.index(package)].files if path.endswith(".py")]:
        source = (ROOT / path).read_bytes()
        for mutant in mutants_of(path)[::25]:
            ast.parse(mutant.applied(source))
        names = [mutant.name + mutant.new for mutant in mutants_of(path)]
        assert len(set(names)) == len(names)
