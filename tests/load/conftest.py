"""What the load tests share."""

from __future__ import annotations

import pytest

from tests.faults.figures import Figures


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return Figures(request.node)
