"""How often Python looks for objects that hold each other, while very many others come and go."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = 20_000
"""New objects until the next look; Python's own number is 700."""


@contextmanager
def swept_seldom() -> Iterator[None]:
    """For a block that makes thousands of records one after the other.

    Nothing of theirs holds itself, so all of it is let go without a search; looking for it again and again
    was a tenth of a pull. Blocks follow each other, as exchanges do: each puts back what it found.
    """
    found, *others = gc.get_threshold()
    if found:
        gc.set_threshold(max(found, SELDOM), *others)
    try:
        yield
    finally:
        gc.set_threshold(found, *others)
