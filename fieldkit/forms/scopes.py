"""What expressions can see: the answers that count, outside repeats and in one item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldkit.forms.definition import Kind, Question
from fieldkit.forms.evaluation import COLUMN, holds, to_text
from fieldkit.forms.expressions import Expression
from fieldkit.forms.trees import Result
from fieldkit.model.limits import MAX_INTEGER
from fieldkit.model.values import Value

Item = tuple[str, int]
"""One item of a repeat: its repeat and its number."""


@dataclass(slots=True)
class Scope(Mapping[str, Value]):
    """The answers of an item before those outside.

    An answer that is not asked for is not there: it counts for nothing, and will not be sent.
    """

    outer: dict[str, Value]
    inner: dict[str, Value] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Value:
        return self.inner[name] if name in self.inner else self.outer[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The same without an error for what is absent, which most answers of a long form are."""
        found = self.inner.get(name)
        return self.outer.get(name, default) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter({**self.outer, **self.inner})

    def __len__(self) -> int:
        return len({**self.outer, **self.inner})


@dataclass(frozen=True, slots=True)
class Columned(Mapping[str, Value]):
    """The same, with the columns of one entry of a list."""

    scope: Mapping[str, Value]
    columns: Mapping[str, str]
    code: str

    def __getitem__(self, name: str) -> Value:
        if not name.startswith(COLUMN):
            return self.scope[name]
        column = name.removeprefix(COLUMN)
        return self.code if column == "name" else self.columns[column]

    def __iter__(self) -> Iterator[str]:
        yield from self.scope
        yield from (COLUMN + name for name in ("name", *self.columns))

    def __len__(self) -> int:
        return len(self.scope) + len(self.columns) + 1


def offered(rule: Expression, scope: Mapping[str, Value], code: str, columns: Mapping[str, str]) -> bool:
    """Whether an entry of a list passes its filter."""
    return holds(rule, Columned(scope, columns, code))


def as_seen(question: Question, value: Value | None) -> Value | None:
    """An answer as expressions see it: a date is its EDTF alone, nothing written is no answer."""
    if question.kind is Kind.DATE and isinstance(value, list) and value:
        return value[0]
    return value


def as_answer(question: Question, result: Result) -> Value | None:
    """What an expression came to, as the answer of the question it is worked out for; None for nothing."""
    if question.kind is Kind.INTEGER:
        number = float(result) if not isinstance(result, str) else _number(result)
        whole = number is not None and number.is_integer() and abs(number) <= MAX_INTEGER
        return int(number) if whole and number is not None else None
    said = to_text(result)
    return None if said in ("", "NaN", "Infinity", "-Infinity") else said


def _number(text: str) -> float | None:
    plain = text.strip().removeprefix("-").replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdigit() else None
