"""A beginning for each process, and the two roads to the villain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.actions.world import Template
from tests.hostile.roads import Listener
from tests.hostile.scene import Beginning


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """A port on loopback, the same for every script, because the directory names it."""
    with Listener() as running:
        yield running


@pytest.fixture(scope="session")
def beginning(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Beginning:
    """Made once, copied by each script."""
    folder = tmp_path_factory.mktemp("beginning")
    return Beginning.make(folder, Template.make(folder / "template"), listener.address)
