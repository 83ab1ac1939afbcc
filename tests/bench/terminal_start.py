"""A program in a terminal of its own (a pty), and the moment a text appears in what it writes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

PATIENCE_SECONDS: Final = 60.0
COLUMNS, LINES = 80, 24
QUIT: Final = b"\x11"
READ_BYTES: Final = 65_536


class Screen:
    """What the program writes, byte for byte."""

    def __init__(self, terminal: int, began: float) -> None:
        self._terminal = terminal
        self._written = b""
        self.began = began
        """Moment of the start, by the system's monotonic clock."""

    def type(self, text: bytes) -> None:
        """Press keys."""
        os.write(self._terminal, text)

    def moment_of(self, text: bytes) -> float:
        """When the text had been written; raises TimeoutError with the end of what came instead."""
        return self._until(lambda: text in self._written, text)

    def still(self, seconds: float) -> None:
        """Read on until nothing has come for so long."""
        while self._read(seconds):
            pass

    def _until(self, there: Callable[[], bool], what: bytes) -> float:
        end = time.monotonic() + PATIENCE_SECONDS
        while not there():
            if time.monotonic() > end or not self._read(PATIENCE_SECONDS):
                raise TimeoutError(f"waited in vain for {what!r} after {self._written[-500:]!r}")
        return time.monotonic()

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return False
        try:
            read = os.read(self._terminal, READ_BYTES)
        except OSError:  # the program has ended
            return False
        self._written += read
        return bool(read)


@contextmanager
def started(arguments: Sequence[str]) -> Iterator[Screen]:
    """This interpreter with these arguments, in a terminal of 80 by 24; asked to quit at the end."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    known = {name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"}
    began = time.monotonic()
    program = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        env=known | {"TERM": "xterm-256color"},
    )
    os.close(its)
    screen = Screen(ours, began)
    try:
        yield screen
        screen.type(QUIT)
        screen.still(1.0)
    finally:
        program.kill()
        program.wait()
        os.close(ours)
