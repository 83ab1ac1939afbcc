"""The rig itself: it finds the calls of a program, dies where it says, and catches a program that lies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import strace_rig
from tests.faults.needs import need
from tests.faults.strace_rig import Point, Run

HONEST = """
import os, sys
record, note = (os.path.join(sys.argv[1], name) for name in ("record", "note"))
new = os.open(record + ".new", os.O_WRONLY | os.O_CREAT)
os.write(new, b"af")
os.write(new, b"ter")
os.fsync(new)
os.rename(record + ".new", record)
os.write(1, b"saved")
os.unlink(note)
"""
THREADS = """
import os, sys, threading
def work():
    record = os.open(os.path.join(sys.argv[1], "record"), os.O_WRONLY)
    os.write(record, b"one")
    os.write(record, b"two")
for _ in range(2):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""
WAITING = """
import os, sys
record = os.open(os.path.join(sys.argv[1], "record"), os.O_WRONLY | os.O_TRUNC)
os.write(record, b"one")
os.write(1, b"w")
os.read(0, 2)
os.write(record, b"two")
"""
LYING = HONEST.replace('os.write(1, b"saved")\n', "").replace(
    "import os, sys\n", 'import os, sys; os.write(1, b"saved")\n'
)


@pytest.fixture(autouse=True)
def _strace() -> None:
    need(strace_rig.missing())


def folder_in(tmp_path: Path) -> Path:
    """A fresh folder that holds `record` and `note`."""
    folder = tmp_path / f"folder-{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    for name in ("record", "note"):
        (folder / name).write_text("before")
    return folder


def run(program: str, folder: Path, point: Point | None = None) -> Run:
    """Run a program on a folder, to its end or its death."""
    log = folder.with_suffix(".log")
    words = [sys.executable, "-c", program, str(folder)]
    return strace_rig.finish(strace_rig.start(words, log, point=point), log)


def lost(program: str, tmp_path: Path) -> list[Point]:
    """The kill points at which a program had said `saved` and its record was the old one."""
    dry = folder_in(tmp_path)
    bad = []
    for point in run(program, dry).trace.points(dry):
        folder = folder_in(tmp_path)
        moved = point.moved(dry, folder)
        killed = run(program, folder, moved)
        assert killed.trace.died_at(moved), f"not killed at {moved}"
        content = (folder / "record").read_text()
        assert content in {"before", "after"}
        if killed.stdout == b"saved" and content != "after":
            bad.append(point)
    return bad


def test_finds_every_call(tmp_path: Path) -> None:
    """The dry run lists the calls on the folder in order, and none on other places."""
    folder = folder_in(tmp_path)
    dry = run(HONEST, folder)
    assert dry.stdout == b"saved" and dry.returncode == 0 and not dry.trace.killed
    found = [str(point).replace("at2", "").replace("at ", " ") for point in dry.trace.points(folder)]
    assert found == [
        "write 1 on record.new",
        "write 2 on record.new",
        "fsync 1 on record.new",
        "rename 1 on record.new",
        "unlink 1 on note",
    ]
    assert dry.trace.shared(folder) == 0


def test_honest_program_passes(tmp_path: Path) -> None:
    """A program that replaces its record whole and speaks afterwards loses nothing at any point."""
    assert lost(HONEST, tmp_path) == []


def test_lying_program_is_caught(tmp_path: Path) -> None:
    """The control: a program that speaks before it has saved is caught at every call up to the rename."""
    assert [point.call[:6] for point in lost(LYING, tmp_path)] == ["write", "write", "fsync", "rename"]


def test_a_point_that_is_never_reached_is_no_kill(tmp_path: Path) -> None:
    """A run that went on to its end does not pass for a kill."""
    folder = folder_in(tmp_path)
    point = Point(call="fsync", place=str(folder / "record.new"), when=2)
    survived = run(HONEST, folder, point)
    assert survived.stdout == b"saved" and not survived.trace.died_at(point)


def test_points_that_threads_share_are_told(tmp_path: Path) -> None:
    """Two threads that make the same call on the same file share a point, and the rig says so."""
    folder = folder_in(tmp_path)
    trace = run(THREADS, folder).trace
    assert ([point.when for point in trace.points(folder)], trace.shared(folder)) == ([1, 2], 2)


def test_attaches_to_a_running_program(tmp_path: Path) -> None:
    """A program that is traced from its middle is killed by a count that begins there."""
    folder = folder_in(tmp_path)
    point = Point(call="write", place=str(folder / "record"), when=1)
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdout.read(1)
    log = folder.with_suffix(".log")
    tracer = strace_rig.attach(process.pid, log, point=point)
    process.communicate(b"go")
    strace_rig.finish(tracer, log)
    assert strace_rig.read(log).died_at(point)
    assert (folder / "record").read_text() == "one"
