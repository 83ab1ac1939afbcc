"""What a pure package may not touch: files, network, clock, chance, processes, logs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import attributes, calls, imports, under

PURE = ("fieldkit/model", "fieldkit/forms", "fieldkit/export", "sync/protocol")

# Each would let the outside in; a pure function takes it as an argument instead.
FORBIDDEN_IMPORTS = (
    "asyncio",
    "concurrent",
    "ctypes",
    "getpass",
    "glob",
    "http",
    "importlib",
    "io.open",
    "locale",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "platform",
    "random",
    "secrets",
    "select",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uuid",
    "warnings",
)
FORBIDDEN_CALLS = ("breakpoint", "input", "open", "print")
# Ends of dotted names: the clock by other spellings.
FORBIDDEN_ENDINGS = ("date.today", "datetime.now", "datetime.today", "datetime.utcnow")
FORBIDDEN_ATTRIBUTES = ("sys.argv", "sys.stderr", "sys.stdin", "sys.stdout")

# A file that ships inside the package is a constant of the program. One module of a package may read it, so
# that everybody knows where: the protocol's dictionary, the compiled form.
PACKAGE_DATA = "importlib.resources"

# Development only: compiles the built-in form with pyxform and writes the result; nothing imports it.
BUILD_TOOLS = ("fieldkit/forms/xlsform.py",)


def impurities(path: str, tree: ast.Module) -> Iterator[str]:
    """Each place where a pure file reaches for the outside."""
    for found in imports(tree):
        for name in FORBIDDEN_IMPORTS:
            if under(found.name, name) and not under(found.name, PACKAGE_DATA):
                yield f"{path}:{found.line} imports {name}"
    for found in calls(tree):
        if found.name in FORBIDDEN_CALLS or any(under_end(found.name, end) for end in FORBIDDEN_ENDINGS):
            yield f"{path}:{found.line} calls {found.name}"
    for found in attributes(tree):
        if found.name in FORBIDDEN_ATTRIBUTES:
            yield f"{path}:{found.line} uses {found.name}"


def under_end(name: str, end: str) -> bool:
    """Whether a dotted name is the ending or ends in it."""
    return name == end or name.endswith("." + end)
