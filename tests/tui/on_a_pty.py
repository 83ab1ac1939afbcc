"""Runs a program on a real pseudo-terminal, and keeps every byte it writes there."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path

PATIENCE_SECONDS = 240
OTHERS = frozenset({"TMUX", "SSH_CONNECTION", "COLUMNS", "LINES"})
"""What another terminal has told the tests."""

ROOT = Path(__file__).resolve().parents[2]


def written(command: Sequence[str], *, size: tuple[int, int] = (80, 24)) -> tuple[int, bytes]:
    """Its exit code, and what it wrote. Fails when it does not end."""
    ours, theirs = pty.openpty()
    width, height = size
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in OTHERS}
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
        start_new_session=True,
        close_fds=True,
    )
    os.close(theirs)
    found, end = bytearray(), time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < end:
            try:
                chunk = os.read(ours, 65_536)
            except OSError:  # Linux: nobody has the other end any more
                break
            if not chunk:
                break
            found += chunk
        return process.wait(timeout=max(1, end - time.monotonic())), bytes(found)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
