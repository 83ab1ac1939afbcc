"""Which bytes a dataclass shows of itself: its text may end in a traceback or a log."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator


def shown_bytes(package: str) -> Iterator[str]:
    """`Class.field` of every field of bytes, or of something named for a secret, that `repr` shows."""
    for found in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        for name, member in vars(importlib.import_module(found.name)).items():
            if inspect.isclass(member) and member.__module__ == found.name:
                yield from (f"{name}.{field}" for field in _shown(member))


def _shown(kind: type) -> Iterator[str]:
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            said = str(field.type)
            if field.repr and any(word in said for word in ("bytes", "Secret", "Token")):
                yield field.name
