"""What --json prints: keys with their meaning, read from what an action returned and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from fieldkit.cli.output import Json

SECOND_DIGITS = 3
"""Decimals of the only floats there are, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key whose name differs from the attribute it is read from, or that holds objects."""

    meaning: str
    attribute: str = ""
    shape: Shape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One object, or an array of them. A key, once published, keeps its name and its meaning."""

    keys: Mapping[str, str | Key]
    array: bool = False

    def of(self, thing: object) -> dict[str, Json]:
        """The object for one thing: the keys named here and no others."""
        return {name: _read(thing, name, key) for name, key in self.keys.items()}

    def listed(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Every key with its meaning; `a[].b` is key b of each object in the array a."""
        for name, key in self.keys.items():
            yield prefix + name, key if isinstance(key, str) else key.meaning
            if isinstance(key, Key) and key.shape:
                yield from key.shape.listed(f"{prefix}{name}{'[]' if key.shape.array else ''}.")


def plain(value: object) -> Json:
    """A value as JSON has it. Raises TypeError for what has no one form there."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return round(value, SECOND_DIGITS)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no JSON form here")


def _read(thing: object, name: str, key: str | Key) -> Json:
    if isinstance(key, str):
        return plain(getattr(thing, name))
    value: object = getattr(thing, key.attribute or name)
    if key.shape is None or value is None:
        return plain(value)
    if key.shape.array and isinstance(value, list | tuple):
        return [key.shape.of(part) for part in value]
    return key.shape.of(value)
