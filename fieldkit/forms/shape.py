"""Takes typed entries out of decoded JSON; says where a form definition is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.forms.definition import FormError, Words

MAX_TEXT_CHARS = 2_000
"""Length of one label, hint or expression, characters."""

MAX_ENTRIES = 2_000
"""Entries of one list."""


class Shape:
    """One JSON object and the place it stands at. What is not asked for by name is an error at the end."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise FormError(f"{place}: expected an object, got {type(data).__name__}")
        self._data: dict[str, object] = data
        self._asked: set[str] = set()
        called = data.get("name")
        self.place = (
            f"{place} {called}" if isinstance(called, str) and len(called) < MAX_TEXT_CHARS else place
        )

    def text(self, name: str, default: str | None = None) -> str:
        """A text; absent only where there is a default."""
        value = self._take(name, default)
        if not isinstance(value, str) or len(value) > MAX_TEXT_CHARS or (not value and default is None):
            raise FormError(f"{self.place}: {name} must be a text of 1 to {MAX_TEXT_CHARS} characters")
        return value

    def name(self, name: str, pattern: re.Pattern[str]) -> str:
        """A text that keeps to a pattern."""
        value = self.text(name)
        if not pattern.fullmatch(value):
            raise FormError(f"{self.place}: {name} must match {pattern.pattern}, got {value[:40]!r}")
        return value

    def integer(self, name: str) -> int:
        """A whole number from 1 up."""
        value = self._take(name, None)
        if type(value) is not int or not 1 <= value < 2**31:
            raise FormError(f"{self.place}: {name} must be a whole number from 1 up")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when absent."""
        value = self._take(name, False)
        if type(value) is not bool:
            raise FormError(f"{self.place}: {name} must be true or false")
        return value

    def words(self, name: str, *, optional: bool = False) -> Words:
        """The same words in one or more languages."""
        value = self._take(name, {} if optional else None)
        pairs = value.items() if isinstance(value, dict) else ()
        fine = all(isinstance(text, str) and 0 < len(text) <= MAX_TEXT_CHARS for _, text in pairs)
        if not isinstance(value, dict) or not fine or not (value or optional):
            raise FormError(f"{self.place}: {name} must give words by language")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, one at least."""
        value = self._take(name, None)
        if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
            raise FormError(f"{self.place}: {name} must be a list of texts")
        return value

    def shape(self, name: str) -> Shape:
        """An object."""
        return Shape(self._take(name, None), f"{self.place}: {name}")

    def children(self, name: str) -> list[Shape]:
        """A list of objects, one at least."""
        value = self._take(name, None)
        if not isinstance(value, list) or not 0 < len(value) <= MAX_ENTRIES:
            raise FormError(f"{self.place}: {name} must be a list of 1 to {MAX_ENTRIES} objects")
        return [Shape(entry, self.place) for entry in value]

    def lists(self) -> Iterator[tuple[str, list[Shape]]]:
        """Every entry of this object as a list of objects."""
        for name in self._data:
            yield name, self.children(name)

    def nothing_else(self) -> None:
        """Raises FormError when an entry was never asked for: a misspelt one must not be ignored."""
        extra = sorted(set(self._data) - self._asked)
        if extra:
            raise FormError(f"{self.place}: unknown entry {extra[0][:40]!r}")

    def _take(self, name: str, default: object) -> object:
        self._asked.add(name)
        value = self._data.get(name, default)
        if value is None:
            raise FormError(f"{self.place}: {name} is missing")
        return value
