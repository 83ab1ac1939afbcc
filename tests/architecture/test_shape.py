"""Files stay small, names say something, package files stay empty."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.source import PACKAGES, ROOT, files, imports, tree_of, under

# Lines. More than a reader keeps in mind at once; the median is what a file should be.
MOST_LINES = 400
MOST_MEDIAN_LINES = 150

# Lines of one function, its docstring included. The house rule is 40; this is where the check gives up.
MOST_FUNCTION_LINES = 50

# Modules of our own that one module may import. Past that it has become the place where everything meets.
MOST_OWN_IMPORTS = 20

# Drawers where anything fits.
VAGUE_NAMES = {"common", "core", "helper", "helpers", "misc", "util", "utils"}


def lines_of(path: Path) -> int:
    """How many lines a file has."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def is_only_a_docstring(tree: ast.Module) -> bool:
    """Whether a file holds nothing, or one line that says what the package is."""
    match tree.body:
        case []:
            return True
        case [ast.Expr(value=ast.Constant(value=str(text)))]:
            return "\n" not in text
        case _:
            return False


def test_no_file_is_long() -> None:
    """No file is longer than a reader can hold, tests included."""
    assert [
        (str(path), lines_of(path)) for path in files(*PACKAGES, "tests") if lines_of(path) > MOST_LINES
    ] == []


def test_most_files_are_short() -> None:
    """The median file is short; package files do not count."""
    assert (
        median(lines_of(path) for path in files(*PACKAGES) if path.name != "__init__.py") <= MOST_MEDIAN_LINES
    )


def test_no_function_is_long() -> None:
    """A function is read at one glance."""
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in files(*PACKAGES)
        for node in functions(tree_of(path))
        if (node.end_lineno or node.lineno) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


def test_no_name_is_vague() -> None:
    """A file is named for what it holds."""
    assert [str(path) for path in files(*PACKAGES) if VAGUE_NAMES & {path.stem, *path.parts}] == []


def test_no_module_knows_everything() -> None:
    """No module imports so much of the project that it has become its centre."""
    own = {
        str(path): {
            found.name for found in imports(tree_of(path)) if any(under(found.name, p) for p in PACKAGES)
        }
        for path in files(*PACKAGES)
    }
    modules = {path: {name.rsplit(".", 1)[0] for name in names} for path, names in own.items()}
    assert {path: len(names) for path, names in modules.items() if len(names) > MOST_OWN_IMPORTS} == {}


def test_package_files_are_empty() -> None:
    """Importing a package runs nothing, so what a module reaches is what it names."""
    packages = [path for path in files(*PACKAGES) if path.name == "__init__.py"]
    assert [str(path) for path in packages if not is_only_a_docstring(tree_of(path))] == []


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("", True),
        ('"""One line."""', True),
        ('"""Two\nlines."""', False),
        ("import json", False),
        ("x = 1", False),
    ],
)
def test_emptiness_is_judged(text: str, empty: bool) -> None:
    """The check itself tells an empty package file from one that does something."""
    assert is_only_a_docstring(ast.parse(text)) is empty


def test_every_folder_is_a_package() -> None:
    """A folder with code has its package file, or the contracts would not see it."""
    folders = {path.parent for path in files(*PACKAGES)}
    assert [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []
