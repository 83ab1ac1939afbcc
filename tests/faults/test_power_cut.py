"""The power goes at the instant of an acknowledgement: what was acknowledged is on the disk.

The control runs the same with fsync switched off (libeatmydata), and must be caught.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import kill_finish, kill_server, loop_disk, server
from tests.faults.figures import Figures
from tests.faults.kill_finish import WORKLOADS
from tests.faults.kill_server import PARTS, Life
from tests.faults.loop_disk import Disk
from tests.faults.needs import need
from tests.faults.strace_rig import environment
from tests.faults.sweep import copy_of

NO_FSYNC = {"LD_PRELOAD": "libeatmydata.so"}

CONTROLS = 3
"""Anybody on the machine who calls sync(2) in the wrong second makes even the control's data durable."""

Fault = Callable[[Path, dict[str, str]], list[str]]
"""Lets the power go in a fresh folder, under an environment; what was wrong afterwards."""


@pytest.fixture(autouse=True)
def _root() -> None:
    need(loop_disk.missing())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with a draft."""
    need(loop_disk.missing())
    made = tmp_path_factory.mktemp("power") / "home"
    kill_finish.prepare(made)
    return made


@pytest.mark.parametrize("name", WORKLOADS)
def test_command_line(name: str, home: Path, tmp_path: Path, figures: Figures) -> None:
    """What `edit` and `finish` say they did is there after a power cut at their first word."""
    cut = command_line(name, home)
    assert cut(tmp_path / "honest", {}) == []
    need(no_eatmydata())
    assert_control_is_caught(cut, tmp_path)
    figures.add(f"power cut at the first word of `fieldkit {name}`: 0 lost; without fsync it is lost")


def test_server(tmp_path: Path, figures: Figures) -> None:
    """A frame with a receipt is there after a power cut at the instant the receipt arrives."""
    cut = receipts(tmp_path / "template")
    assert cut(tmp_path / "honest", {}) == []
    need(no_eatmydata())
    assert_control_is_caught(cut, tmp_path)
    figures.add("power cut at the server's receipt: 0 lost; without fsync the frames are lost")


def command_line(name: str, home: Path) -> Fault:
    """The power goes when the program has said its first word."""
    workload = WORKLOADS[name]
    before = kill_finish.look(copy_of(home))
    done = copy_of(home)
    assert kill_finish.run_cli(done, workload.words).returncode == 0
    after = kill_finish.look(done)

    def cut(folder: Path, env: dict[str, str]) -> list[str]:
        folder.mkdir()
        with loop_disk.new(folder / "disk.img") as disk:
            there = place(home, disk)
            image, said = cut_at_first_word(disk, there, workload.words, env)
        with loop_disk.mounted(image) as left:
            return kill_finish.faults(left.folder / home.name, workload, before, after, said)

    return cut


def cut_at_first_word(
    disk: Disk, home: Path, words: tuple[str, ...], env: dict[str, str]
) -> tuple[Path, bytes]:
    """The disk as it was when the program began to speak, and what it said."""
    ours, theirs = os.pipe()
    os.write(theirs, f"{kill_finish.PASSPHRASE}\n".encode())
    os.close(theirs)
    options = ["--home", str(home), "--passphrase-fd", str(ours)]
    process = subprocess.Popen(
        [sys.executable, *kill_finish.CLI, *options, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(env),
        pass_fds=[ours],
    )
    os.close(ours)
    assert process.stdout is not None
    try:
        first = os.read(process.stdout.fileno(), 1 << 16)
        process.send_signal(signal.SIGSTOP)
        image = disk.copy_as_after_a_power_cut()
        process.send_signal(signal.SIGCONT)
        rest, problems = process.communicate()
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0 and first, problems
    return image, first + rest


def receipts(template: Path) -> Fault:
    """The power goes when the client holds the receipt of its first request."""
    story = kill_server.prepare(template)

    def cut(folder: Path, env: dict[str, str]) -> list[str]:
        folder.mkdir()
        life = Life()
        with loop_disk.new(folder / "disk.img") as disk:
            there = place(template, disk)
            with server.serving(there, env) as serving:
                life.send(story, serving.address, PARTS[0])
                serving.process.send_signal(signal.SIGSTOP)
                image = disk.copy_as_after_a_power_cut()
        assert life.promised
        with loop_disk.mounted(image) as left:
            return kill_server.faults(left.folder / template.name, story, life)

    return cut


def place(folder: Path, disk: Disk) -> Path:
    """A durable copy of a folder on a disk."""
    there = disk.folder / folder.name
    shutil.copytree(folder, there)
    disk.settle()
    return there


def no_eatmydata() -> str | None:
    """Why the control cannot run."""
    trial = subprocess.run(["true"], env=environment(NO_FSYNC), capture_output=True, check=True)
    return "needs libeatmydata1 for the control" if trial.stderr else None


def assert_control_is_caught(cut: Fault, folder: Path) -> None:
    """The same test must find something lost when nothing is made durable."""
    for number in range(CONTROLS):
        if any("lost" in fault for fault in cut(folder / f"control-{number}", NO_FSYNC)):
            return
    raise AssertionError("with fsync switched off nothing was lost: this test could not see a lost record")
