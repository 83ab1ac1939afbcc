"""Puts hostile text into every string that a screen is given, whatever its desk is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import cycle
from typing import Any

from fieldkit.forms.definition import Form

NAMES = frozenset(
    {"place", "repeat", "question", "value", "lane", "answers", "form", "problems", "left_out", "meters"}
)
"""Fields that name a place in a form: the program compares them with its own. Answers are made hostile at
their source instead.
"""

LEFT = (Form, Enum, BaseException, type)
"""What is handed through as it is."""


class Poison:
    """Gives the strings one after another, and takes them off again from what comes back."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._next: Iterator[str] = cycle(texts)
        self._real: dict[str, str] = {}
        self.used = 0

    def text(self, real: str = "") -> str:
        """The next hostile text, before what really stands there."""
        self.used += 1
        made = next(self._next) + real
        self._real[made] = real
        return made

    def into(self, value: Any) -> Any:
        """The same with every string of it made hostile; an object answers as before, hostilely."""
        if type(value) is str:
            return self.text(value) if value else value
        if value is None or isinstance(value, (bool, int, float, bytes, *LEFT)):
            return value
        if isinstance(value, list | tuple):
            return type(value)(self.into(one) for one in value)
        if isinstance(value, Mapping | frozenset | set):
            return value
        if is_dataclass(value) and _frozen(value):
            return self._copy(value)
        if callable(value) and not is_dataclass(value):
            return self._call(value)
        return Poisoned(value, self)

    def out_of(self, value: Any) -> Any:
        """What the screens hand back, as it really is."""
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._real.get(value, value)
        if isinstance(value, list | tuple):
            return type(value)(self.out_of(one) for one in value)
        return value._real if isinstance(value, Poisoned) else value

    def _copy(self, value: Any) -> Any:
        """Another frozen object, of the same class."""
        taken = [one.name for one in fields(value) if one.init and one.name not in NAMES]
        return replace(value, **{name: self.into(getattr(value, name)) for name in taken})

    def _call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            real = [self.out_of(one) for one in given]
            return self.into(function(*real, **{name: self.out_of(one) for name, one in named.items()}))

        return called


class Poisoned:
    """An object whose every answer is hostile."""

    def __init__(self, real: Any, poison: Poison) -> None:
        self.__dict__.update(_real=real, _poison=poison)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if name in NAMES or name.startswith("_"):
            return value
        return self._poison.into(value)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)

    def __eq__(self, other: object) -> bool:
        return bool(self._real == (other._real if isinstance(other, Poisoned) else other))

    def __hash__(self) -> int:
        return hash(self._real)


def _frozen(value: object) -> bool:
    return bool(getattr(type(value), "__dataclass_params__").frozen)  # noqa: B009 - mypy knows no such name
