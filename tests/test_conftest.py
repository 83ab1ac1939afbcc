"""The rules that every run shares hold: required skips fail, deep tests wait for `make deep`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")

SKIPS = "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('needs a rare tool')\n"
SKIPS_WHOLE = "import pytest\npytest.skip('needs a rare tool', allow_module_level=True)\n"
XFAILS = "import pytest\ndef test_a(): pytest.xfail('known')\ndef test_b(): pass\n"
DEEP = "import pytest\n@pytest.mark.deep\ndef test_a(): assert False\ndef test_b(): pass\n"

# (content of the test file, settings, exit code, words pytest must print)
RUNS = {
    "a skip passes by itself": (SKIPS, {}, 0, "1 passed, 1 skipped"),
    "a skip fails when required": (SKIPS, {"FIELDKIT_REQUIRE": "all"}, 1, "needs a rare tool"),
    "a skipped module fails when required": (
        SKIPS_WHOLE,
        {"FIELDKIT_REQUIRE": "all"},
        2,
        "needs a rare tool",
    ),
    "an expected failure may stay": (XFAILS, {"FIELDKIT_REQUIRE": "all"}, 0, "1 passed, 1 xfailed"),
    "deep tests wait": (DEEP, {}, 0, "1 passed, 1 deselected"),
    "deep tests run when asked": (DEEP, {"FIELDKIT_DEEP": "1"}, 1, "1 failed, 1 passed"),
}


@pytest.mark.parametrize(("content", "extra", "code", "words"), RUNS.values(), ids=RUNS)
def test_run(tmp_path: Path, content: str, extra: dict[str, str], code: int, words: str) -> None:
    """A small run under the real conftest leaves with the right code and says why."""
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  deep\n  serial\n  apart\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(content, encoding="utf-8")
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("FIELDKIT_", "PYTEST_"))
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:cov", "test_it.py"],
        cwd=tmp_path,
        env=ours | extra,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, words in run.stdout) == (code, True), run.stdout


BROKEN = "raise SystemError('this file was read')\n"
GROUPS = ("serial", "apart and not serial", "not serial and not apart")
SPREAD = {
    "load/test_serial.py": "def test_a(): pass\n",
    "faults/test_apart.py": "def test_a(): pass\n",
    "plain/test_serial_too.py": "import pytest\npytestmark = pytest.mark.serial\ndef test_a(): pass\n",
    "plain/test_mixed.py": "import pytest\n@pytest.mark.apart\ndef test_a(): pass\ndef test_b(): pass\n",
    "plain/test_plain.py": "def test_a(): pass\n",
}
CHOSEN = (
    {"load/test_serial.py::test_a", "plain/test_serial_too.py::test_a"},
    {"faults/test_apart.py::test_a", "plain/test_mixed.py::test_a"},
    {"plain/test_mixed.py::test_b", "plain/test_plain.py::test_a"},
)


def _collected(folder: Path, files: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """What pytest says of some files under the real conftest."""
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  deep\n  serial\n  apart\n", encoding="utf-8")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *words],
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_test_is_in_one_group(tmp_path: Path) -> None:
    """What `make test` runs one after the other are all tests, each once."""
    found = [_collected(tmp_path, SPREAD, "-m", group).stdout for group in GROUPS]
    assert tuple({line for line in told.splitlines() if "::" in line} for told in found) == CHOSEN
    makefile = (CONFTEST.parents[1] / "Makefile").read_text(encoding="utf-8")
    assert all(f"-m {group} " in makefile or f"-m '{group}' " in makefile for group in GROUPS)


@pytest.mark.parametrize(
    ("name", "group"),
    [("plain/test_it.py", GROUPS[0]), ("plain/test_it.py", GROUPS[1]), ("load/test_it.py", GROUPS[2])],
)
def test_what_has_no_tests_of_a_group_is_not_read(tmp_path: Path, name: str, group: str) -> None:
    """Reading all files takes each process longer than most of its tests; a run of all groups reads it."""
    assert "this file was read" not in _collected(tmp_path, {name: BROKEN}, "-m", group).stdout
    assert "this file was read" in _collected(tmp_path, {name: BROKEN}).stdout


def test_a_mark_that_the_file_does_not_name_is_refused(tmp_path: Path) -> None:
    """It would leave the test out of its own group, for that does not read the file."""
    files = {
        "plain/marks.py": "import pytest\nalone = pytest.mark.serial\n",
        "plain/test_it.py": "from marks import alone\n@alone\ndef test_a(): pass\n",
    }
    assert "write out pytest.mark.serial" in _collected(tmp_path, files, "-m", GROUPS[2]).stderr


def test_folders_apart_are_marked(tmp_path: Path) -> None:
    """A test under faults/ runs apart without saying so; one beside it does not."""
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  deep\n  serial\n  apart\n", encoding="utf-8")
    (tmp_path / "faults").mkdir()
    (tmp_path / "faults" / "test_kill.py").write_text("def test_a(): pass\n", encoding="utf-8")
    (tmp_path / "test_plain.py").write_text("def test_a(): pass\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "apart", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "faults/test_kill.py::test_a" in run.stdout
    assert "test_plain" not in run.stdout
