"""The control of the test of neighbours: a server that works on whatever came first."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import patch

from sync.server import admin
from sync.server.turns import Turns


@asynccontextmanager
async def at_once(turns: Turns, whose: bytes, size: int) -> AsyncIterator[None]:
    """A turn for everybody at any time."""
    yield


if __name__ == "__main__":
    with patch.object(Turns, "turn", at_once):
        sys.exit(admin.main())
