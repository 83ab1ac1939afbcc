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
