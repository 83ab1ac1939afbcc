"""The rig itself: it finds the calls of a program, dies where it says, and catches a program that lies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults import strace_rig
from tests.faults.needs import need
from tests.faults.strace_rig import Point, Run

HONEST = """
import os, sys
os.chdir(sys.argv[1])
new = os.open("new", os.O_WRONLY | os.O_CREAT)
os.write(new, b"after")
os.fsync(new)
os.rename("new", "record")
os.write(1, b"saved")
os.unlink("note")
"""
LYING = HONEST.replace('os.write(1, b"saved")\n', "").replace(
    "import os, sys\n", 'import os, sys; os.write(1, b"saved")\n'
)


@pytest.fixture(autouse=True)
def _strace() -> None:
    need(strace_rig.missing())


def run(program: str, tmp_path: Path, point: Point | None = None) -> tuple[Run, Path]:
    """Run a program in a fresh folder that holds `record` and `note`."""
    folder = tmp_path / f"folder-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    for name in ("record", "note"):
        (folder / name).write_text("before")
    log = folder.with_suffix(".log")
    words = [sys.executable, "-c", program, str(folder)]
    return strace_rig.finish(strace_rig.start(words, log, point=point), log), folder


def test_finds_every_call(tmp_path: Path) -> None:
    """The dry run lists the calls on the folder in order, and none on other places."""
    dry, folder = run(HONEST, tmp_path)
    assert dry.stdout == b"saved" and dry.returncode == 0 and not dry.trace.killed
    found = [
        (point.call.removesuffix("at").removesuffix("at2"), point.place) for point in dry.trace.points(folder)
    ]
    assert found == [("write", "new"), ("fsync", "new"), ("rename", "new"), ("unlink", "note")]


def lost(program: str, tmp_path: Path) -> list[Point]:
    """The kill points at which a program had said `saved` and its record was the old one."""
    dry, folder = run(program, tmp_path)
    bad = []
    for point in dry.trace.points(folder):
        killed, left = run(program, tmp_path, point)
        assert killed.trace.died_at(point, left), f"not killed at {point}"
        content = (left / "record").read_text()
        assert content in {"before", "after"}
        if killed.stdout == b"saved" and content != "after":
            bad.append(point)
    return bad


def test_honest_program_passes(tmp_path: Path) -> None:
    """A program that replaces its record whole and speaks afterwards loses nothing at any point."""
    assert lost(HONEST, tmp_path) == []


def test_lying_program_is_caught(tmp_path: Path) -> None:
    """The control: a program that speaks before it has saved is caught at every call up to the rename."""
    assert [point.call[:6] for point in lost(LYING, tmp_path)] == ["write", "fsync", "rename"]


def test_a_point_that_is_never_reached_is_no_kill(tmp_path: Path) -> None:
    """A run that was not killed says so, and so does one killed at a call on another place."""
    survived, folder = run(HONEST, tmp_path, Point(call="fsync", when=9, place="new"))
    assert not survived.trace.died_at(Point(call="fsync", when=9, place="new"), folder)
    point = Point(call="write", when=2, place="stdout")
    elsewhere, folder = run(HONEST, tmp_path, point)
    assert elsewhere.trace.killed and not elsewhere.trace.died_at(point, folder)
