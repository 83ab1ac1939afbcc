"""A real terminal for the program: a tmux session on a socket of its own, read as plain text."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TMUX = shutil.which("tmux")

PATIENCE_SECONDS = 30.0
"""How long to wait for a text: a busy machine is not a defect of the code."""

LOOK_SECONDS = 0.05

SETTLED_LOOKS = 4
"""So many looks without a change, and a screen has settled."""


class Terminal:
    """One program in one terminal."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def screen(self) -> str:
        """What the terminal shows, a line each, without spaces at the ends."""
        return "\n".join(line.rstrip() for line in self._tmux("capture-pane", "-p").splitlines()).rstrip("\n")

    def scrollback(self) -> str:
        """What it shows and everything that was scrolled out of sight."""
        return self._tmux("capture-pane", "-p", "-S", "-")

    def other_screen(self) -> str:
        """The screen that is behind the one shown, if the terminal keeps one."""
        return self._tmux("capture-pane", "-p", "-q", "-a")

    def cursor(self) -> tuple[int, int]:
        """Column and row of the terminal's own cursor."""
        column, row = self._tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return int(column), int(row)

    def settled(self) -> str:
        """The screen once it does not change from one look to the next few; the keys pressed before have done
        their work, unless the machine is very busy.
        """
        seen, same = (self.screen(), self.cursor()), 0
        end = time.monotonic() + PATIENCE_SECONDS
        while same < SETTLED_LOOKS and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
            now = (self.screen(), self.cursor())
            seen, same = now, same + 1 if now == seen else 0
        return seen[0]

    def title(self) -> str:
        """The window title the program has set."""
        return self._tmux("display-message", "-p", "#{pane_title}").strip()

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._tmux("send-keys", *keys)

    def wait_for(self, *texts: str) -> str:
        """The screen once it shows all these texts. Fails with the screen as it is when they do not come."""
        return self.wait_until(lambda screen: all(text in screen for text in texts), " and ".join(texts))

    def wait_until(self, good: Callable[[str], bool], what: str) -> str:
        """The screen once it passes."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not good(screen := self.screen()):
            assert time.monotonic() < end, f"waited in vain for {what}; the screen is:\n{screen}"
            time.sleep(LOOK_SECONDS)
        return screen

    def _tmux(self, *arguments: str) -> str:
        return _run(self._socket, *arguments).stdout


@contextmanager
def terminal(
    folder: Path, command: str, *, size: tuple[int, int] = (80, 24), environment: Mapping[str, str]
) -> Iterator[Terminal]:
    """Run a shell command in a terminal of a size; the terminal goes when the block ends."""
    socket = folder / "tmux"
    width, height = size
    # What is printed when it ends can be waited for, and the terminal stays open to be read.
    ending = f"{command}; echo LEFT WITH $?; sleep 600"
    _run(
        socket,
        "-f",
        os.devnull,
        "new-session",
        "-d",
        "-x",
        str(width),
        "-y",
        str(height),
        ending,
        **environment,
    )
    try:
        yield Terminal(socket)
    finally:
        _run(socket, "kill-server")


def _run(socket: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if name not in ("TMUX", "SSH_CONNECTION")}
    return subprocess.run(
        ["tmux", "-S", str(socket), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**known, "TERM": "screen-256color", "LC_ALL": "C.UTF-8", **environment},
    )
