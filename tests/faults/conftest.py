"""Prints what the fault tests measured when the run is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import runs
from tests.faults.figures import Figures
from tests.faults.life import Life
from tests.faults.needs import need
from tests.faults.runs import Warm

_FIGURES = Figures()


@pytest.fixture
def figures() -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return _FIGURES


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every line, passed or failed."""
    if _FIGURES.lines:
        terminalreporter.section("fault tests: figures")
        for line in _FIGURES.lines:
            terminalreporter.write_line(line)
