"""What a vector is before it is a file, and the random bytes that are drawn once and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.vectors.mini.names import sha256
from tests.vectors.mini.operations import perform

HERE = Path(__file__).parents[1]
FILES = HERE / "files"
KEPT = HERE / "randomised.json"


@dataclass(frozen=True, kw_only=True)
class Vector:
    """One vector: a sentence, an operation, its input, what must come of it."""

    name: str
    about: str
    operation: str
    input: dict[str, Any]
    expect: str
    also: tuple[str, ...] = ()
    proposed: str = ""


def hexed(value: Any) -> Any:
    """Bytes as hex, wherever they are."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [hexed(one) for one in value]
    return value


def good(name: str, about: str, operation: str, **given: Any) -> Vector:
    """A vector that must be accepted."""
    fields = {key: hexed(value) for key, value in given.items()}
    return Vector(name=name, about=about, operation=operation, input=fields, expect="ok")


def bad(expect: str, name: str, about: str, operation: str, **given: Any) -> Vector:
    """A vector that must be refused; `expect` may name further classes that fit, after a bar."""
    first, *also = expect.split("|")
    fields = {key: hexed(value) for key, value in given.items()}
    return Vector(name=name, about=about, operation=operation, input=fields, expect=first, also=tuple(also))


def as_file(section: int, vector: Vector) -> dict[str, Any]:
    """The JSON of a vector; refuses one that the mini implementation sees differently."""
    result, output = perform(vector.operation, vector.input)
    if result != vector.expect:
        raise ValueError(f"§{section} {vector.name}: declared {vector.expect!r}, came {result!r}")
    found: dict[str, Any] = {
        "about": vector.about,
        "section": str(section),
        "operation": vector.operation,
        "input": vector.input,
        "expect": vector.expect,
    }
    if vector.also:
        found["also"] = list(vector.also)
    if vector.proposed:
        found["proposed"] = vector.proposed
    if output:
        found["output"] = output
    return found


@dataclass
class Kept:
    """Bytes that cannot be made twice, by what they were made of."""

    known: dict[str, list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def get(self, what: str, source: bytes, make: Callable[[], tuple[bytes, ...]]) -> tuple[bytes, ...]:
        """The bytes drawn the first time this was asked for."""
        name = f"{what} {sha256(source)[:12].hex()}"
        self.used.add(name)
        if name not in self.known:
            self.known[name] = [one.hex() for one in make()]
        return tuple(bytes.fromhex(one) for one in self.known[name])

    def load(self) -> None:
        """Read what is committed, if anything is."""
        if KEPT.exists():
            self.known = json.loads(KEPT.read_text(encoding="utf-8"))

    def text(self) -> str:
        """What to commit: nothing that no vector uses."""
        return json.dumps({name: self.known[name] for name in sorted(self.used)}, indent=1) + "\n"


kept = Kept()
