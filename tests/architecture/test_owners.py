"""Every library has its owner, and a trespass is noticed."""

from __future__ import annotations

import ast
import re
import tomllib
from fnmatch import fnmatch

import pytest

from tests.architecture.owners import FORBIDDEN_CALLS, OWNERS, trespasses, without_owner
from tests.architecture.source import PACKAGES, ROOT, files, imports, tree_of, under

# A reporter's laptop carries no more direct dependencies than a reviewer can know.
MOST_DEPENDENCIES = 12

# Nobody owns this file, so whatever stands in it trespasses.
STRANGER = "fieldkit/model/planted.py"

# Ways to write an import that the check must all see; {} is the library.
SPELLINGS = {
    "plain": "import {}",
    "renamed": "import {} as other",
    "from": "from {} import thing",
    "late": "def late():\n    import {}",
    "guarded": "try:\n    import {}\nexcept ImportError:\n    pass",
    "by name": "import importlib\nimportlib.import_module('{}')",
    "by the built-in": "__import__('{}')",
}

# How the distribution of a dependency is imported, where the names differ or nothing imports it by itself.
IMPORT_NAMES = {"httptools": None}


def test_nobody_trespasses() -> None:
    """Each file imports only what it owns."""
    assert [line for path in files(*PACKAGES) for line in trespasses(path.as_posix(), tree_of(path))] == []


def test_every_library_has_an_owner() -> None:
    """A new library is a decision: it needs a row in the table."""
    assert [line for path in files(*PACKAGES) for line in without_owner(path.as_posix(), tree_of(path))] == []


@pytest.mark.parametrize("library", [library for library in OWNERS if library != "?"])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_trespass_is_noticed(library: str, spelling: str) -> None:
    """However it is written, an import by a stranger is reported once for its line."""
    (line,) = trespasses(STRANGER, ast.parse(spelling.format(library)))
    assert f"imports {library}," in line


@pytest.mark.parametrize("library", [library for library, owners in OWNERS.items() if owners])
def test_owner_may(library: str) -> None:
    """The same line in an owner's file is no trespass."""
    owner = OWNERS[library][0].replace("*", "planted.py")
    text = (
        f"import {library}" if library != "?" else "from importlib import import_module\nimport_module(verb)"
    )
    assert list(trespasses(owner, ast.parse(text))) == []


@pytest.mark.parametrize("name", FORBIDDEN_CALLS)
def test_running_text_is_noticed(name: str) -> None:
    """Nobody runs text as a program; a method that only bears the name is something else."""
    assert len(list(trespasses(STRANGER, ast.parse(f"{name}('1')")))) == 1
    assert list(trespasses(STRANGER, ast.parse(f"connection.{name}('1')"))) == []


def test_unwritten_import_is_noticed() -> None:
    """An import of something computed is a trespass outside the command line."""
    assert len(list(trespasses(STRANGER, ast.parse("importlib.import_module(name)")))) == 1


def test_unknown_library_is_noticed() -> None:
    """A library without a row is reported; our own and the standard library's are not."""
    tree = ast.parse("import strange.thing\nimport json\nimport sync.protocol")
    assert list(without_owner(STRANGER, tree)) == [f"{STRANGER}:1 imports strange.thing, which has no owner"]


def test_every_dependency_is_used() -> None:
    """Each declared dependency is imported by one of its owners, and a laptop has few of them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["server"]]
    names = [re.split(r"[^\w.-]", line)[0] for line in declared]
    imported = {
        (path.as_posix(), found.name) for path in files(*PACKAGES) for found in imports(tree_of(path))
    }
    unused = [
        name
        for name in (IMPORT_NAMES.get(name, name) for name in names)
        if name
        and not any(
            under(found, name) and any(fnmatch(path, owner) for owner in OWNERS[name])
            for path, found in imported
        )
    ]
    assert unused == []
    assert len(project["dependencies"]) <= MOST_DEPENDENCIES
