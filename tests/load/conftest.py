"""Runs these tests alone, and prints what they measured when the run is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.figures import Figures

_FIGURES = Figures()


@pytest.fixture
def figures() -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return _FIGURES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A neighbour on the machine would be measured too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.serial)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every line, passed or failed."""
    if _FIGURES.lines:
        terminalreporter.section("load tests: figures")
        for line in _FIGURES.lines:
            terminalreporter.write_line(line)
