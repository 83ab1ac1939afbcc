"""Which tests run which lines, and how long each takes: measured once, with nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

from tests.mutation.apart import DIED, STOPPED, apart, run_tests
from tests.mutation.edits import Mutant
from tests.mutation.packages import ROOT, Package

MEASURE_SECONDS: Final = 1_800
"""Many times what the tests of a package take."""

IMPORTED: Final = ""
"""What runs while a module is loaded belongs to no test."""


@dataclass(slots=True)
class Reach:
    """The tests of a package, the lines they run and the seconds they take."""

    seconds: dict[str, float] = field(default_factory=dict)
    """By test, in the order of the run."""
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    """File, line, tests; `IMPORTED` among them for lines that run when the module is loaded."""

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that may notice a mutant, those of the file's own name first, then the quick ones.

        All tests, where the line runs as the module is loaded, or is not Python. The later lines of a
        statement are not always told apart from its first: then the line above that is known counts.
        """
        chosen = set(self.seconds)
        if mutant.path.endswith(".py"):
            lines = self.lines.get(mutant.path, {})
            reached = [lines[line] for line in range(mutant.line, mutant.last + 1) if line in lines]
            above = [line for line in lines if line < mutant.line]
            if not reached and above:
                reached = [lines[max(above)]]
            found: set[str] = set().union(*reached)
            chosen = chosen if IMPORTED in found else found
        own = f"test_{Path(mutant.path).stem}.py"
        return sorted(chosen, key=lambda test: (own not in test, self.seconds.get(test, 0.0)))


class _Meter:
    """Tells coverage which test runs, and keeps its time."""

    def __init__(self, cover: coverage.Coverage) -> None:
        self._cover = cover
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self._cover.switch_context(item.nodeid)
        self.seconds[item.nodeid] = 0.0
        try:
            return (yield)
        finally:
            self._cover.switch_context(IMPORTED)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longreprtext[-1_000:]}")


def measure(package: Package) -> Reach:
    """Run the package's tests once. Raises RuntimeError when they do not pass as they are."""

    def work(folder: Path) -> tuple[list[str], Reach]:
        cover = coverage.Coverage(data_file=None, config_file=False, include=[f"{ROOT / package.path}/*"])
        meter = _Meter(cover)
        cover.start()
        left_out = [f"--deselect={test}" for test in package.left_out]
        if run_tests([*package.tests, *left_out], meter, folder):
            meter.failed.append("pytest said that not all is well")
        cover.stop()
        data = cover.get_data()
        lines = {
            str(Path(path).relative_to(ROOT)): {
                line: set(tests) for line, tests in data.contexts_by_lineno(path).items()
            }
            for path in data.measured_files()
        }
        return meter.failed, Reach(meter.seconds, lines)

    answer = apart(work, MEASURE_SECONDS)
    if answer in (STOPPED, DIED):
        raise RuntimeError(f"the tests of {package.path} did not end with nothing changed: {answer}")
    failed, reach = answer
    if failed:
        raise RuntimeError(f"the tests of {package.path} do not pass with nothing changed: {failed[0]}")
    assert isinstance(reach, Reach)
    return reach
