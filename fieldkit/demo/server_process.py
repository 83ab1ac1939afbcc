"""A real server in a process of its own, on loopback: what the demo talks to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Final

STOP_SECONDS: Final = 20
"""How long a graceful stop may take before the process is killed."""


class ServerProblem(Exception):
    """The server process could not do what the demo asked; the text is what it said."""


class ServerProcess:
    """`fieldkit-server` run from this installation; stopped when the `with` block ends."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log
        self.address = ""
        self._log_file: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Make the server's folder and serve on a free port of loopback.

        Returns the address once connections are accepted.
        """
        self._admin("init", str(self.folder))
        self._log_file = self.log.open("ab")
        self._process = subprocess.Popen(
            [*_command(), "serve", str(self.folder), "--listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log_file,
        )
        ready = self._process.stdout
        line = ready.readline() if ready is not None else b""
        if not line:
            raise ServerProblem(f"the server did not start: {self.log.read_text(errors='replace')[-500:]}")
        self.address = str(json.loads(line)["listening"])
        return self.address

    def ticket(self) -> str:
        """A fresh ticket for one organisation."""
        told = self._admin("ticket", str(self.folder), "--address", self.address, "--json")
        return str(json.loads(told)["ticket"])

    def stop(self) -> None:
        """Ask the server to finish what it is doing and end; kill it when it does not."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None
        if self._log_file is not None:
            self._log_file.close()
            self._log_file = None

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _admin(self, *arguments: str) -> str:
        done = subprocess.run(
            [*_command(), *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise ServerProblem(f"fieldkit-server {arguments[0]} failed: {done.stderr.strip()[-500:]}")
        return done.stdout


def _command() -> list[str]:
    return [sys.executable, "-m", "sync.server.admin"]
