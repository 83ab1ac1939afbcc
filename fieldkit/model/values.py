"""The plain tree an incident's answers are made of, before encoding and after decoding."""

from __future__ import annotations

from typing import TypeAlias

Value: TypeAlias = str | int | bool | list["Value"] | dict[str, "Value"]
"""One answer. No None and no float: a question without an answer is absent, and fractions are scaled
integers.

A partial date is `[edtf]` or `[edtf, words]`, a count `{"min": 3, "max": 5}` with either end absent, a choice
of several a list of codes, a repeat a list of maps, latitude and longitude integers in micro-degrees.
"""

Answers: TypeAlias = dict[str, Value]
"""Answers by question name. Groups leave no trace here: a name is unique in its form."""

Path: TypeAlias = tuple[str | int, ...]
"""Where in an answer tree something stands.

`("title",)`, or repeat, item, question: `("victims", 0, "v_name")`.
"""


def copy_value(value: Value) -> Value:
    """A deep copy, so that no two revisions share a list or map that one of them might change."""
    if isinstance(value, list):
        return [copy_value(part) for part in value]
    if isinstance(value, dict):
        return {name: copy_value(part) for name, part in value.items()}
    return value


def copy_answers(answers: Answers) -> Answers:
    """A deep copy of a whole tree of answers."""
    return {name: copy_value(value) for name, value in answers.items()}


def items_of(answers: Answers, repeat: str) -> list[Answers]:
    """The items of one repeat; whatever is not a map there is left out rather than trusted."""
    value = answers.get(repeat)
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def text_of(answers: Answers, name: str) -> str:
    """A text answer, or the empty string when it is absent or something else."""
    value = answers.get(name)
    return value if isinstance(value, str) else ""
