"""What every test run shares: how long property tests search, which tests run where, when a skip may pass."""

from __future__ import annotations

import os
import re
import resource
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent

# Folders whose tests load the whole machine, and those whose tests start servers, kill processes, count calls
# of the system, or try some act a thousand times.
FOLDERS = {"load": "serial", **dict.fromkeys(("bench", "faults", "forensics", "simulator"), "apart")}

# What `make test` chooses, one group after the other. A file that cannot hold tests of the group is not even
# read: to collect ten thousand tests takes each process longer than the serial ones need it.
SERIAL, APART, OTHERS = "serial", "apart and not serial", "not serial and not apart"
MARK = re.compile(r"\bmark\.(serial|apart)\b")

# The longest files of those that run apart, the longest first: one that began last would be waited for alone.
LONGEST = (
    *("test_kill_life.py", "test_histories.py", "test_course.py", "test_cut_every_byte.py"),
    *("test_io_errors.py", "test_disk_full.py", "test_whole_way.py", "test_bytes.py", "test_key_bytes.py"),
    *("test_kill_server.py", "test_hostile_pty.py", "test_kill_finish.py", "test_hostile_widgets.py"),
    *("test_mutants.py", "test_guide.py", "test_clock.py", "test_copies.py"),
)

# The tests of a file go to one process, because most share what they made first. Those of the first files
# here share nothing; those of the others share one run of the program with another file's.
LOOSE = frozenset({"test_hostile_widgets.py", "test_cuts.py"})
TOGETHER = {"test_server_files.py": "test_course.py"}

# `make deep` sets it: hours instead of minutes.
DEEP = bool(os.environ.get("FIELDKIT_DEEP"))

# Where tests get their folders, if it has room: waiting for a disk at each commit proves nothing and is half
# of what some cost. Whether a commit is durable is asked on disks of their own, in faults/test_power_cut.py.
MEMORY = Path("/dev/shm")
ROOM_BYTES = 1 << 30
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# `.ci/run` sets it to "all": what could not be tested is then a failure, never green silence.
REQUIRED = os.environ.get("FIELDKIT_REQUIRE") == "all"

# No deadline and no complaint about slowness: a busy machine is not a defect of the code.
_PATIENT = (HealthCheck.too_slow,)
settings.register_profile("every-run", deadline=None, derandomize=True, suppress_health_check=_PATIENT)
settings.register_profile("deep", deadline=None, max_examples=10_000, suppress_health_check=_PATIENT)
settings.load_profile("deep" if DEEP else "every-run")


_set_limit = resource.setrlimit


def _set_other_limit(which: int, limits: tuple[int, int]) -> None:
    """Opening a vault forbids core files for good, and what this process starts would inherit that: it could
    no longer be seen whether the program does it by itself.
    """
    if which != resource.RLIMIT_CORE:
        _set_limit(which, limits)


resource.setrlimit = _set_other_limit


def _folder(path: Path) -> str:
    return path.relative_to(TESTS).parts[0] if TESTS in path.parents else ""


def _marks(path: Path) -> set[str]:
    """Which of the marks `serial` and `apart` a file's tests may have."""
    folder = {FOLDERS[_folder(path)]} if _folder(path) in FOLDERS else set()
    return folder | set(MARK.findall(path.read_text(encoding="utf-8")))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread, in a run of one group, what has no tests of it."""
    group = config.option.markexpr
    if group not in (SERIAL, APART, OTHERS) or not collection_path.match("test_*.py"):
        return None
    if group == OTHERS:
        return True if _folder(collection_path) in FOLDERS else None
    return None if group.partition(" ")[0] in _marks(collection_path) else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of the folders above, and leave the deep ones out of an ordinary run."""
    for item in items:
        if _folder(item.path) in FOLDERS:
            item.add_marker(FOLDERS[_folder(item.path)])
        borrowed = {"serial", "apart"} & {mark.name for mark in item.iter_markers()} - _marks(item.path)
        if borrowed:
            raise pytest.UsageError(f"{item.nodeid}: write out pytest.mark.{borrowed.pop()} in this file")
    if config.option.markexpr == APART:
        items.sort(
            key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST)
        )
    if not DEEP:
        left_out = [item for item in items if item.get_closest_marker("deep")]
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than processors: half of the time of a screen's test is waiting for it to rest."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of `--dist loadfile`, with the exceptions above."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    scheduling = LoadFileScheduling(config, log)
    scheduling._split_scope = _scope_of
    return scheduling


def _scope_of(nodeid: str) -> str:
    """What of a test's name it has in common with those that go to the same process."""
    file = Path(nodeid.partition("::")[0])
    return nodeid if file.name in LOOSE else str(file.with_name(TOGETHER.get(file.name, file.name)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything is required; an expected failure stays what it is."""
    report = yield
    if REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"{item.nodeid} was skipped under FIELDKIT_REQUIRE=all: {_reason(report)}"
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself while it is collected."""
    report = yield
    if REQUIRED and report.skipped:
        report.longrepr = f"{collector.nodeid} was skipped under FIELDKIT_REQUIRE=all: {_reason(report)}"
        report.outcome = "failed"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the tests measured, passed or failed, from whichever process it comes."""
    lines = [
        line
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, line in report.user_properties
        if name == "figure"
    ]
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
