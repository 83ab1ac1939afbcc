"""What the tests of the screens share."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.actions.conftest import first, reporter, template, world

__all__ = ["first", "reporter", "template", "world"]
"""Laptops and a server in memory, for the desks."""


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on asyncio."""
    return "asyncio"


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This laptop's clock stands in London's winter."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
