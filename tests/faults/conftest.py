"""What the fault tests share: where figures are left, the warm process, a life lived once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import runs
from tests.faults.figures import Figures
from tests.faults.life import Life
from tests.faults.needs import need
from tests.faults.runs import Warm


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return Figures(request.node)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The process that the runs of the sweeps are forked from."""
    need(runs.missing())
    made = Warm(tmp_path_factory.mktemp("warm"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def life(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Twelve commands, and the world before each of them."""
    return Life(warm, tmp_path_factory.mktemp("life"))
