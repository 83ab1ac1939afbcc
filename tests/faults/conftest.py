"""Prints what the fault tests measured when the run is over."""

from __future__ import annotations

import pytest

from tests.faults.figures import Figures

_FIGURES = Figures()


@pytest.fixture
def figures() -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return _FIGURES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every line, passed or failed."""
    if _FIGURES.lines:
        terminalreporter.section("fault tests: figures")
        for line in _FIGURES.lines:
            terminalreporter.write_line(line)
