"""Pure packages touch nothing outside, and a touch is noticed."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.purity import (
    BUILD_TOOLS,
    FORBIDDEN_ATTRIBUTES,
    FORBIDDEN_CALLS,
    FORBIDDEN_ENDINGS,
    FORBIDDEN_IMPORTS,
    PACKAGE_DATA,
    PURE,
    impurities,
)
from tests.architecture.source import PACKAGES, files, imports, tree_of, under

TOUCHES = [
    *(f"import {name}" for name in FORBIDDEN_IMPORTS),
    *(f"{name}()" for name in (*FORBIDDEN_CALLS, *FORBIDDEN_ENDINGS)),
    *(f"x = {name}" for name in FORBIDDEN_ATTRIBUTES),
    "import datetime\nx = datetime.datetime.now()",
    "from os import urandom",
    "from importlib import import_module",
]

HARMLESS = [
    "import datetime\nx = datetime.date(2026, 1, 2)",
    "import io\nx = io.BytesIO()",
    "x = form.open()",
    "from importlib import resources",
    "from importlib.resources import files",
    "import hashlib, hmac, json, csv",
]


def test_pure_packages_are_pure() -> None:
    """No file of a pure package reaches outside."""
    checked = [path for path in files(*PURE) if path.as_posix() not in BUILD_TOOLS]
    assert [line for path in checked for line in impurities(path.as_posix(), tree_of(path))] == []


@pytest.mark.parametrize("text", TOUCHES)
def test_touch_is_noticed(text: str) -> None:
    """Each forbidden thing is reported where nothing excuses it."""
    assert len(list(impurities("fieldkit/model/planted.py", ast.parse(text)))) == 1


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_passes(text: str) -> None:
    """What only looks similar is left alone."""
    assert list(impurities("fieldkit/model/planted.py", ast.parse(text))) == []


@pytest.mark.parametrize("package", PURE)
def test_package_data_has_one_reader(package: str) -> None:
    """At most one module of a pure package reads the data that ships inside it."""
    readers = [
        path.as_posix()
        for path in files(package)
        if path.as_posix() not in BUILD_TOOLS
        and any(under(found.name, PACKAGE_DATA) for found in imports(tree_of(path)))
    ]
    assert len(readers) <= 1, readers


def test_build_tools_are_not_imported() -> None:
    """What writes files at build time is part of no program."""
    tools = [tool.removesuffix(".py").replace("/", ".") for tool in BUILD_TOOLS]
    importers = [
        f"{path}:{found.line}"
        for path in files(*PACKAGES)
        for found in imports(tree_of(path))
        if any(under(found.name, tool) for tool in tools)
    ]
    assert importers == []
