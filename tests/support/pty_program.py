"""A program on a terminal of its own, every byte it writes to it kept."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PATIENCE_SECONDS = 60.0
"""How long to wait for a text: a busy machine is not a defect of the code."""

QUIET_SECONDS = 0.5
"""Without a byte for so long, a program has drawn what a key changed."""

_TAKE_TERMINAL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
# Tests that run behind a terminal pass on that Ctrl-C is ignored.
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


class PtyProgram:
    """The program, and everything it has written."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self.master = master
        """The other end of its terminal."""
        self.process = process
        self.output = bytearray()

    def send(self, typed: bytes) -> None:
        """Type."""
        os.write(self.master, typed)

    def wait_for(self, text: str, after: int = 0) -> None:
        """Until it has written a text behind so many bytes. Fails with what it wrote when it does not."""
        wanted, end = text.encode(), time.monotonic() + PATIENCE_SECONDS
        while wanted not in self.output[after:]:
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(
                    f"waited in vain for {text!r}; it wrote:\n{bytes(self.output[after:])!r}"
                )

    def say(self, line: str, then: str) -> None:
        """Type a line, and wait for a text behind it."""
        before = len(self.output)
        self.send(line.encode() + b"\n")
        self.wait_for(then, before)

    def quiet(self) -> None:
        """Until nothing comes any more."""
        while self._read(QUIET_SECONDS):
            pass

    def cost(self, typed: bytes) -> int:
        """Bytes it writes for a key."""
        self.quiet()
        before = len(self.output)
        self.send(typed)
        self.quiet()
        return len(self.output) - before

    def ended(self) -> int:
        """Its exit code, when it has ended by itself."""
        while self._read(PATIENCE_SECONDS):
            pass
        return self.process.wait(PATIENCE_SECONDS)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            came = os.read(self.master, 65_536)
        except OSError:  # the other end is closed
            return False
        self.output += came
        return bool(came)


@contextmanager
def pty_program(
    arguments: Sequence[str],
    *,
    size: tuple[int, int] = (80, 24),
    environment: Mapping[str, str] | None = None,
) -> Iterator[PtyProgram]:
    """`fieldkit` with arguments on a terminal of columns and rows; ended at the end of the block."""
    master, slave = pty.openpty()
    columns, rows = size
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    known = {name: value for name, value in os.environ.items() if name not in ("SSH_CONNECTION", "NO_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-c", _TAKE_TERMINAL, sys.executable, "-m", "fieldkit.cli.main", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        cwd=ROOT,
        env={**known, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})},
    )
    os.close(slave)
    try:
        yield PtyProgram(master, process)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(master)
