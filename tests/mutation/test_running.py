"""The rig notices what tests notice, and lets live what they do not; the deep run holds the score."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.mutation.apart import DIED, STOPPED, apart, install
from tests.mutation.edits import Mutant
from tests.mutation.judging import Outcome, Verdict, judge
from tests.mutation.packages import ROOT, mutants_of
from tests.mutation.reach import IMPORTED, Reach

PADDING = "sync/protocol/padding.py"
TESTS = "tests/protocol/test_padding.py"

JUDGE = """
from tests.mutation.judging import judge
from tests.mutation.packages import mutants_of
from tests.mutation.reach import IMPORTED, Reach
mutant = next(one for one in mutants_of({path!r}) if one.operator == {operator!r} and {old!r} in one.old)
reach = Reach({{{test!r}: 1.0}}, {{{path!r}: {{line: {{IMPORTED}} for line in range(1, 99)}}}})
print(judge(mutant, reach).outcome.name)
"""


def judged(operator: str, old: str, test: str) -> str:
    """The outcome for one mutant of the padding and one test, in a fresh process."""
    code = JUDGE.format(path=PADDING, operator=operator, old=old, test=f"{TESTS}::{test}")
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_a_mutant_is_caught_and_another_lives() -> None:
    """Two edits of the padding: its own test notices one and cannot notice the other."""
    edges = "test_edges[1024-1024]"
    assert judged("return", "return -(-length", edges) == "CAUGHT"
    assert judged("comparison", "length <= PAD_FINE_LIMIT", edges) == "SURVIVED"


def test_what_nothing_reaches_lives() -> None:
    """A line that no test runs is not caught."""
    mutant = mutants_of(PADDING)[0]
    assert judge(mutant, Reach()) == Verdict(mutant=mutant, outcome=Outcome.NOT_REACHED)


def test_which_tests_are_run() -> None:
    """Those that run the line, of its own file the quick first; all for what runs at loading and for SQL."""
    mutant = next(one for one in mutants_of(PADDING) if one.line == one.last)
    seconds = {"tests/protocol/test_x.py::a": 0.1, f"{TESTS}::b": 2.0, f"{TESTS}::c": 1.0, "d": 0.0}
    reach = Reach(seconds, {PADDING: {mutant.line: {*seconds} - {"d"}}})
    assert reach.tests_for(mutant) == [f"{TESTS}::c", f"{TESTS}::b", "tests/protocol/test_x.py::a"]
    reach.lines[PADDING] = {mutant.line - 2: {"d"}, mutant.line + 1: {*seconds}}
    assert reach.tests_for(mutant) == ["d"]
    reach.lines[PADDING][mutant.line] = {IMPORTED}
    assert set(reach.tests_for(mutant)) == set(seconds)
    assert set(reach.tests_for(mutants_of("fieldkit/vault/sql/feeds.sql")[0])) == set(seconds)


def test_what_a_process_apart_answers() -> None:
    """Its answer, that it was stopped, or that it died; its own failure is no verdict."""
    assert apart(lambda folder: folder.is_dir(), 60.0) is True
    assert apart(lambda folder: _wait_for_ever(), 1) == STOPPED
    assert apart(lambda folder: time.sleep(60), 0.05) == STOPPED
    assert apart(lambda folder: os._exit(3), 60.0) == DIED
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart(lambda folder: 1 // 0, 60.0)


def _wait_for_ever() -> None:
    while True:
        pass


def test_a_loaded_module_is_not_replaced() -> None:
    """Where the code is in memory already, a mutant would never run, and every one would live."""
    mutant = Mutant(
        path=PADDING, operator="x", line=1, last=1, start=0, end=0, old="", new="", context=""
    )  # fmt: skip
    import sync.protocol.padding

    assert Path(str(sync.protocol.padding.__file__)) == ROOT / PADDING
    with pytest.raises(RuntimeError, match="is loaded already"):
        install(mutant)


@pytest.mark.deep
@pytest.mark.apart
def test_score() -> None:
    """Of the sample, the tests notice 85 of 100 in each package: `make mutants`."""
    command = [sys.executable, "-m", "tests.mutation", "--verbose"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
