"""How samples are changed that are no CBOR: JSON, typed text, files, words of a command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.protocol.changes import Change
from tests.protocol.mutations import Mutator

DEPTHS = (40, 330, 900, 980, 995, 5_000, 60_000)
"""Brackets inside brackets: what Python's own JSON reader takes, its limit, and far beyond."""

NUMBERS = ("1e999", "-1e999", "NaN", "Infinity", "1.5", "1e-7", "9" * 30, "9" * 5_000, "-0", "0.1e1")
"""Numbers that JSON can write and few expect."""


def json_bytes(mutator: Mutator, sample: bytes) -> bytes:
    """Another JSON text: a value in it changed, its depth, a number, or its bytes."""
    match mutator.pick(range(10)):
        case 0:
            deep = mutator.pick(DEPTHS)
            opening, closing = mutator.pick((("[", "]"), ('{"a":', "}")))
            return _put(mutator, sample, (opening * deep + "1" + closing * deep).encode())
        case 1:
            return _put(mutator, sample, mutator.pick(NUMBERS).encode())
        case 2 | 3 | 4:
            return mutator.noise(sample)
        case _:
            return json.dumps(json_value(mutator, sample), ensure_ascii=False, default=repr).encode(
                "utf-8", "surrogatepass"
            )


def _put(mutator: Mutator, sample: bytes, what: bytes) -> bytes:
    """Put something in the place of a value, which begins behind a colon or comma."""
    places = [at + 1 for at, byte in enumerate(sample) if byte in b":,["] or [0]
    at = mutator.pick(places)
    ends = [end for end in range(at, len(sample)) if sample[end] in b",]}"] or [len(sample)]
    return sample[:at] + what + sample[ends[0] :]


def toml_text(mutator: Mutator, sample: str) -> str:
    """Another settings file: a value in it changed, its depth or size, or its letters."""
    if mutator.pick(range(3)):
        return mutator.text(sample)
    lines = sample.splitlines()
    at = mutator.pick([at for at, line in enumerate(lines) if "=" in line])
    deep = mutator.pick(("[", "{a=", "[[")) * mutator.pick(DEPTHS)
    value = mutator.pick((deep, *NUMBERS, f'"h:{mutator.pick(NUMBERS)}"', '"[::1]:0"', "1979-05-27", '"'))
    lines[at] = f"{lines[at].partition('=')[0]}= {value}"
    return "\n".join(lines)


def json_value(mutator: Mutator, sample: bytes) -> Any:
    """The value of a JSON text, changed."""
    return _named(mutator.value(json.loads(sample)))


def _named(value: Any) -> Any:
    """The same where every key is text, as in JSON."""
    if isinstance(value, dict):
        return {str(key): _named(part) for key, part in value.items()}
    return [_named(part) for part in value] if isinstance(value, list) else value


def plain_value(mutator: Mutator, sample: Any) -> Any:
    """Another value in the place of one that was decoded already."""
    return mutator.value(sample)


def typed(mutator: Mutator, sample: str) -> str:
    """Other words; now and then very many."""
    if mutator.pick(range(40)) == 0:
        return mutator.pick(("9", "(", "-", "٣", "a ", "not ", "\u0301", "[")) * mutator.pick(
            (60, 3_000, 100_000)
        )
    return mutator.text(sample)


def typed_or_plain(mutator: Mutator, sample: Any) -> Any:
    """Other words, or another value where words were awaited."""
    if isinstance(sample, str) and mutator.pick(range(4)):
        return typed(mutator, sample)
    return mutator.value(sample)


def words(mutator: Mutator, sample: list[str]) -> list[str]:
    """Other words of a command line: one changed, left out, doubled or moved."""
    changed = [*sample]
    at = mutator.pick(range(len(changed)))
    match mutator.pick(range(5)):
        case 0:
            del changed[at]
        case 1:
            changed.insert(at, mutator.pick(sample))
        case 2:
            changed.insert(at, mutator.pick(("--", "-", "--json", "--help", "-h", "--=", "", "--home")))
        case _:
            changed[at] = mutator.text(changed[at])
    return changed


def second(change: Change) -> Change:
    """Change the second of a pair; the first stays."""

    def changed(mutator: Mutator, sample: tuple[Any, Any]) -> tuple[Any, Any]:
        return sample[0], change(mutator, sample[1])

    return changed


def sealed_by(seal: Callable[[bytes], bytes]) -> Change:
    """Change what is inside, then put on again what protects it."""
    return partial(_sealed_by, seal)


def _sealed_by(seal: Callable[[bytes], bytes], mutator: Mutator, sample: bytes) -> bytes:
    return seal(mutator.raw(sample))
