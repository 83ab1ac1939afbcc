"""Runs these tests alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.figures import Figures


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return Figures(request.node)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A neighbour on the machine would be measured too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.serial)
