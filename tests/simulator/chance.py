"""Chance without chance: every byte of a history follows from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from sync.protocol.signing import RootKey, SigningKey

Bytes = Callable[[int], bytes]
"""Gives that many bytes."""


def stream(*names: object) -> Bytes:
    """An endless stream of bytes for these names; other names, another stream."""
    start = hashlib.sha256(repr(names).encode()).digest()
    numbers = count()

    def draw(size: int) -> bytes:
        found = b""
        while len(found) < size:
            found += hashlib.sha256(start + next(numbers).to_bytes(8, "big")).digest()
        return found[:size]

    return draw


@contextmanager
def drawn_keys(draw: Bytes) -> Iterator[None]:
    """Inside the block new keys come from the stream: device ids, and so every order by them, repeat."""
    real = SigningKey.generate, RootKey.generate
    SigningKey.generate = lambda: SigningKey.from_bytes(draw(32))  # type: ignore[method-assign]
    RootKey.generate = lambda: RootKey.from_bytes(draw(64))  # type: ignore[method-assign]
    try:
        yield
    finally:
        SigningKey.generate, RootKey.generate = real  # type: ignore[method-assign]
