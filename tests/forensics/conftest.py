"""The course of events is played once; every test looks at another of the places it went through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import loop_disk, strace_rig
from tests.faults.figures import Figures
from tests.faults.needs import need
from tests.forensics.course import Course, played
from tests.tui.terminal import TMUX


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Everything that a run of the program left, searched and kept."""
    need(strace_rig.missing())
    need(loop_disk.missing())
    need("needs tmux" if TMUX is None else None)
    with played(tmp_path_factory.mktemp("course")) as done:
        yield done


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a test leaves the lines it wants to be quoted."""
    return Figures(request.node)
