"""What an expression is made of once it was read (`expressions`), and what it can come to (`evaluation`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from fieldkit.model.values import Value

Result: TypeAlias = str | float | bool
"""What an expression comes to. Answers that are not plain text or numbers come as the text ODK would see."""

Evaluator: TypeAlias = Callable[[Mapping[str, Value], Value | None], Result]
"""Works something out over answers, and over the answer that is being checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A text or a number."""

    value: str | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`${name}`, or `.` where the name is empty."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the list that is being filtered; `name` is the code of an entry."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """Two sides and an operator."""

    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative:
    """A minus sign."""

    of: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function and its arguments."""

    function: str
    arguments: tuple[Tree, ...]


Tree: TypeAlias = Literal | Answer | Column | Binary | Negative | Call
