"""Memory of the replies that clients have not taken yet: when there is little left, new ones are shorter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LEAST_BYTES: Final = 131_072
"""A reply may always have so much: one frame in its envelope, with receipts and documents to spare."""

SHARE: Final = 8
"""One reply may have this part of what is left, so that the first few slow readers do not take it all."""


class Outgoing:
    """Counts the bytes of replies on their way. The loop's thread counts; any thread may ask for room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0

    def room(self) -> int:
        """Bytes that a new reply may have."""
        return max(LEAST_BYTES, (self._most - self._held) // SHARE)

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Count a reply while it is sent."""
        self._held += size
        try:
            yield
        finally:
            self._held -= size
