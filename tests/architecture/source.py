"""Reads the project's own source as syntax trees: what each file imports and calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("fieldkit", "sync")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something a file does that a rule may forbid: the dotted name it reaches and the line it stands on."""

    name: str
    line: int


def files(*folders: str) -> list[Path]:
    """All Python files below the folders, as paths relative to the project."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of one file of the project."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def imports(tree: ast.Module) -> Iterator[Found]:
    """Every absolute import, early or late, also those spelled as a call of `import_module` or `__import__`.

    `from a.b import c` counts as `a.b.c`: a submodule and a name look the same from outside.
    A dynamic import of something that is not written out counts as `?`.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Found(name=alias.name, line=node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield Found(name=f"{node.module}.{alias.name}", line=node.lineno)
        elif isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in (
            "import_module",
            "__import__",
        ):
            first = node.args[0] if node.args else None
            known = isinstance(first, ast.Constant) and isinstance(first.value, str)
            yield Found(
                name=str(first.value) if known and isinstance(first, ast.Constant) else "?", line=node.lineno
            )


def calls(tree: ast.Module) -> Iterator[Found]:
    """Every call of a plainly named thing: `open`, `datetime.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := dotted(node.func)):
            yield Found(name=name, line=node.lineno)


def attributes(tree: ast.Module) -> Iterator[Found]:
    """Every plainly named attribute, called or not: `sys.stdout`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := dotted(node)):
            yield Found(name=name, line=node.lineno)


def dotted(node: ast.expr) -> str:
    """The dotted name of an expression, or nothing when it is not one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted(node.value)):
        return f"{left}.{node.attr}"
    return ""


def under(name: str, package: str) -> bool:
    """Whether a dotted name is the package or lies in it."""
    return name == package or name.startswith(package + ".")
