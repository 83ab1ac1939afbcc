"""Structure-aware mutations: of bytes, and of the values that they encode, also inside byte strings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, TypeVar

import cbor2

STRANGE: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    23,
    24,
    255,
    2**31,
    2**63 - 1,
    2**63,
    2**64 - 1,
    -(2**63),
    b"",
    bytes(8),
    bytes(16),
    bytes(32),
    "",
    "x" * 300,
    "\u202e",
    [],
    [[]],
    {},
    {0: 0},
    {"a": b""},
    [[[[[[[[]]]]]]]],
    1.5,
    cbor2.CBORTag(2, b"\xff" * 9),
    cbor2.CBORSimpleValue(99),
]
"""Values at the edges of every type, some that no canonical item holds."""

HEADS = bytes.fromhex(
    "00 17 18 1b 1f 20 3b 40 58 5b 5f 60 78 7f 80 98 9b 9f a0 b8 bb bf c0 d8 f4 f6 f7 f9 fb ff"
)
"""First bytes of items: of each type, short, long, indefinite."""


Option = TypeVar("Option")


class Mutator:
    """Changes samples at random, from a seed; the same seed gives the same changes."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def raw(self, sample: bytes) -> bytes:
        """Another version of some bytes."""
        if self._random.random() < 0.5:
            try:
                value = cbor2.loads(sample)
            except (cbor2.CBORError, ValueError):
                return self._bytes(sample)
            return self._encoded(self.value(value), sample)
        return self._bytes(sample)

    def noise(self, sample: bytes) -> bytes:
        """Other bytes, whatever they encode."""
        return self._bytes(sample)

    def pick(self, options: Sequence[Option]) -> Option:
        """One of several."""
        return self._random.choice(options)

    def value(self, value: Any) -> Any:
        """Another version of a value: one place of it changed, seldom more."""
        for _ in range(self._random.choice((1, 1, 1, 2, 3))):
            value = self._changed(value, 0)
        return value

    def text(self, sample: str) -> str:
        """Another version of a text."""
        letters = [*sample]
        for _ in range(self._random.randint(1, 4)):
            at = self._random.randrange(len(letters) + 1)
            pick = self._random.choice(sample + "\u202e\ud800é+/=-_ \n\0")
            letters[at : at + self._random.randrange(3)] = [pick] * self._random.randrange(3)
        return "".join(letters)

    def _encoded(self, value: Any, sample: bytes) -> bytes:
        try:
            return cbor2.dumps(value)
        except (cbor2.CBORError, ValueError, TypeError, OverflowError):
            return self._bytes(sample)

    def _changed(self, value: Any, depth: int) -> Any:
        """Go down a random way and change what is there."""
        if isinstance(value, list) and value and self._random.random() < 0.8:
            return self._list(value, depth)
        if isinstance(value, dict) and value and self._random.random() < 0.8:
            return self._dict(value, depth)
        if isinstance(value, bytes) and value and self._random.random() < 0.7:
            return self.raw(value)
        if isinstance(value, int) and self._random.random() < 0.5:
            return value + self._random.choice((-1, 1, 256, 2**32, -value * 2))
        return self._random.choice(STRANGE)

    def _list(self, value: list[Any], depth: int) -> list[Any]:
        at = self._random.randrange(len(value))
        changed = [*value]
        match self._random.randrange(6):
            case 0:
                del changed[at]
            case 1:
                changed.insert(at, self._random.choice([*STRANGE, value[at]]))
            case 2:
                other = self._random.randrange(len(value))
                changed[at], changed[other] = changed[other], changed[at]
            case _:
                changed[at] = self._changed(value[at], depth + 1)
        return changed

    def _dict(self, value: dict[Any, Any], depth: int) -> dict[Any, Any]:
        key = self._random.choice([*value])
        changed = dict(value)
        match self._random.randrange(6):
            case 0:
                del changed[key]
            case 1:
                changed[self._random.choice((-1, 0, 9, 99, "1", b"\1", 2**40))] = value[key]
                return dict(sorted(changed.items(), key=lambda item: cbor2.dumps(item[0])))
            case 2:
                return dict(reversed(changed.items()))
            case _:
                changed[key] = self._changed(value[key], depth + 1)
        return changed

    def _bytes(self, sample: bytes) -> bytes:
        raw = bytearray(sample or b"\0")
        for _ in range(self._random.choice((1, 1, 2, 4))):
            at = self._random.randrange(len(raw) + 1)
            match self._random.randrange(7):
                case 0:
                    raw[at : at + 1] = bytes([self._random.randrange(256)])
                case 1:
                    raw[at : at + 1] = bytes([self._random.choice(HEADS)])
                case 2:
                    raw[at:at] = self._random.randbytes(self._random.randrange(1, 9))
                case 3:
                    del raw[at : at + self._random.randrange(1, 40)]
                case 4:
                    del raw[at:]
                case 5:
                    raw[at:at] = raw[at : at + self._random.randrange(1, 40)]
                case _:
                    if at < len(raw):
                        raw[at] ^= 1 << self._random.randrange(8)
        return bytes(raw)
