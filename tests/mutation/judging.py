"""Whether the tests notice a mutant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

import pytest

from tests.mutation.apart import DIED, STOPPED, apart, install, run_tests
from tests.mutation.edits import Mutant
from tests.mutation.reach import Reach

BASE_SECONDS: Final = 30.0
_LEFT_OUT: Final = -1
SLOWER: Final = 8
"""A run may take so many times as long as without a mutant, on a machine that has other work too."""


class Outcome(Enum):
    """What became of a mutant."""

    CAUGHT = "caught"
    TOO_SLOW = "too slow"
    SURVIVED = "survived"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A mutant, what became of it, and the test that noticed."""

    mutant: Mutant
    outcome: Outcome
    by: str = ""

    @property
    def lives(self) -> bool:
        """No test noticed."""
        return self.outcome in (Outcome.SURVIVED, Outcome.NOT_REACHED)


class _Chosen:
    """Leaves only some tests, in an order, and keeps the first failure.

    A test that nobody knows is left too: a mutant may change what a table of cases is made of.
    """

    def __init__(self, tests: Sequence[str], known: Collection[str]) -> None:
        self._place = dict.fromkeys(known, _LEFT_OUT) | {test: at for at, test in enumerate(tests)}
        self.failed = ""
        self.ran = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if self._place.get(item.nodeid) != _LEFT_OUT]
        items[:] = sorted(chosen, key=lambda item: self._place.get(item.nodeid, len(self._place)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = f"loading {report.nodeid}"


def judge(mutant: Mutant, reach: Reach) -> Verdict:
    """Run the tests that reach a mutant until one fails."""
    tests = reach.tests_for(mutant)
    if not tests:
        return Verdict(mutant=mutant, outcome=Outcome.NOT_REACHED)
    usual = sum(reach.seconds[test] for test in tests)
    files = sorted({test.partition("::")[0] for test in tests})

    def work(folder: Path) -> tuple[int, str, int]:
        install(mutant)
        chosen = _Chosen(tests, reach.seconds)
        return run_tests(files, chosen, folder), chosen.failed, chosen.ran

    answer = apart(work, BASE_SECONDS + SLOWER * usual)
    if answer == STOPPED:
        return Verdict(mutant=mutant, outcome=Outcome.TOO_SLOW)
    if answer == DIED:
        return Verdict(mutant=mutant, outcome=Outcome.CAUGHT, by="the process died")
    code, failed, ran = answer
    if code == 0 and not ran:
        raise RuntimeError(f"{mutant.name}: expected {len(tests)} tests to run, none did")
    outcome = Outcome.SURVIVED if code == 0 else Outcome.CAUGHT
    return Verdict(mutant=mutant, outcome=outcome, by=failed)


def check_rig(mutant: Mutant, reach: Reach) -> None:
    """Control: an edit that changes nothing must survive, or every mutant would count as caught.

    Raises RuntimeError.
    """
    same = Mutant(**{name: getattr(mutant, name) for name in Mutant.__slots__} | {"new": mutant.old})
    verdict = judge(same, reach)
    if verdict.outcome is not Outcome.SURVIVED:
        raise RuntimeError(f"an edit that changes nothing was {verdict.outcome.value} ({verdict.by})")
