"""What every test of a parser asks: that hostile input raises the one exception, with the right code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sync.protocol.errors import ProtocolError, Refusal


@contextmanager
def refused(code: Refusal = Refusal.MALFORMED, words: str | None = None) -> Iterator[None]:
    """The block raises ProtocolError with this code, and with these words in its message."""
    with pytest.raises(ProtocolError, match=words) as caught:
        yield
    assert caught.value.code is code
