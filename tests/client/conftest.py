"""What the tests over real TLS share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.tiny_server import TinyServer, tiny_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TinyServer]:
    """A server that echoes."""
    with tiny_server(tmp_path) as running:
        yield running
