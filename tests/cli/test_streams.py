"""The program as a process: its streams, a pipe that closes, the keyboard's interrupt, a missing terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.program import PASSPHRASE, Program

COMMAND = [sys.executable, "-m", "fieldkit.cli.main"]

# A process started in the background may have been told to ignore the keyboard; this one listens.
LISTENING = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from fieldkit.cli.main import main; sys.exit(main())"
)

PATIENCE_SECONDS = 60

INTERRUPTS = 5
"""Times: one that comes just before the program waits is easily lost."""

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault with one draft."""
    made = Program(home=tmp_path_factory.mktemp("home") / "vault").create()
    made("new", "--set", "title=مارع")
    return made


def start(
    *arguments: str, command: list[str] = COMMAND, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """The program as a process of its own, without a terminal."""
    return subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )


def test_passphrase_then_answers_on_standard_input(program: Program) -> None:
    """With descriptor 0 the first line is the passphrase and the rest is what `-` stands for."""
    given = f'{PASSPHRASE}\n{{"title": "By pipe"}}'.encode()
    out, err = start(
        "new", "--from", "-", "--passphrase-fd", "0", "--json", "--home", str(program.home)
    ).communicate(given, timeout=PATIENCE_SECONDS)
    assert json.loads(out)["title"] == "By pipe", err


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_data_is_utf8(program: Program, locale: str) -> None:
    """Whatever the locale says, data that goes into a pipe is UTF-8."""
    process = start(
        "show", "1", "--passphrase-fd", "0", "--home", str(program.home), environment={"LC_ALL": locale}
    )
    out, err = process.communicate(f"{PASSPHRASE}\n".encode(), timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, err
    assert "مارع" in out.decode()


def test_no_terminal(program: Program) -> None:
    """Without a terminal and a descriptor: code 2, a hint, an object, nothing on standard output."""
    process = start("list", "--json", "--home", str(program.home))
    out, err = process.communicate(b"not read\n", timeout=PATIENCE_SECONDS)
    assert (process.returncode, out) == (2, b"")
    *_, hint, last = err.decode().splitlines()
    assert hint.startswith("fieldkit: hint: run it in a terminal, or give one line on a file descriptor")
    assert json.loads(last)["error"]["name"] == "usage"


def test_closed_pipe() -> None:
    """A reader that has read enough is no error, and nothing complains at the end."""
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run([*COMMAND, "--help"], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="closes by number")
@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        ((1,), ("completion", "bash"), 0),
        ((0, 1, 2), ("completion", "bash"), 0),
        ((2,), ("completion", "no-such-shell"), 2),
        ((0,), ("new", "--from", "-", "--passphrase-fd", "0"), 2),
    ],
    ids=["output", "all", "talk", "input"],
)
def test_closed_streams(closed: tuple[int, ...], words: tuple[str, ...], code: int) -> None:
    """Started without a stream the program does its work and ends with its code."""
    close = f"import os, sys; [os.close(number) for number in {closed}]; os.execv(sys.argv[1], sys.argv[1:])"
    run = subprocess.run(
        [sys.executable, "-c", close, *COMMAND, *words], capture_output=True, cwd=ROOT, check=False
    )
    assert run.returncode == code
    assert b"Traceback" not in run.stderr


def test_interrupt(tmp_path: Path) -> None:
    """Ctrl-C leaves with 130 and one line, without a traceback."""
    fifo = tmp_path / "answers"
    os.mkfifo(fifo)
    for _ in range(INTERRUPTS):
        process = start("new", "--from", str(fifo), command=[sys.executable, "-c", LISTENING])
        writing = opened_by(process, fifo)
        try:
            # The program has opened the other end, so it is in the middle of its verb.
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        finally:
            process.kill()
            os.close(writing)
        assert (process.returncode, out) == (130, b"")
        assert err.decode().strip() == "fieldkit: interrupted; what was saved stays saved"


def opened_by(process: subprocess.Popen[bytes], fifo: Path) -> int:
    """The writing end of a pipe, once a program has opened the other. Fails when that ended without it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        if process.poll() is not None:
            break
        time.sleep(0.001)
    process.kill()
    raise AssertionError(f"it never read what it was given: {process.communicate()}")


def test_screens_need_a_terminal(program: Program) -> None:
    """Without a verb and without a terminal: code 2 and what to do instead."""
    process = start("--home", str(program.home))
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out) == (2, b"")
    assert b"the screens need a terminal" in err


def test_internal_error_says_no_word(program: Program) -> None:
    """A fault of the program ends in type and id: no traceback, no local, no message (R27)."""
    broken = (
        "import fieldkit.actions.records as records\n"
        "def fail(*_, **__):\n    told_by = 'a witness called Example'\n    raise ValueError(told_by)\n"
        "records.list_records = fail\n"
        "import sys; from fieldkit.cli.main import main; sys.exit(main())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", broken, "list", "--passphrase-fd", "0", "--home", str(program.home)],
        input=f"{PASSPHRASE}\n".encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr.startswith(b"fieldkit: error: internal error ValueError, id ")
    assert b"witness" not in run.stderr
    assert b"Traceback" not in run.stderr
    assert b"told_by" not in run.stderr
