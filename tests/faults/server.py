"""A real server process on a folder: started plainly, or under strace to be killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync.protocol.enrolment import Ticket, parse_ticket
from tests.faults import strace_rig

STOP_SECONDS = 20
ADMIN = ("-m", "sync.server.admin")
LISTEN = ("--listen", "127.0.0.1:0")


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that accepts connections, unless something kills it."""

    process: subprocess.Popen[bytes]
    address: str


def initialise(folder: Path) -> Ticket:
    """Make a server's folder and a ticket for one organisation."""
    _admin("init", str(folder), "--address", "127.0.0.1:8440")
    return parse_ticket(str(json.loads(_admin("ticket", str(folder), "--json"))["ticket"]))


def _admin(*words: str) -> str:
    program = [sys.executable, *ADMIN, *words]
    return subprocess.run(
        program, capture_output=True, text=True, check=True, env=strace_rig.environment()
    ).stdout


def command(folder: Path, module: Sequence[str] = ADMIN) -> list[str]:
    """The command line that serves a folder on a free port."""
    return [sys.executable, *module, "serve", str(folder), *LISTEN]


def ready(process: subprocess.Popen[bytes]) -> str | None:
    """Wait for the address of a started server; None when it died before it was ready."""
    assert process.stdout is not None
    line = process.stdout.readline()
    return str(json.loads(line)["listening"]) if line.endswith(b"\n") else None


@contextmanager
def serving(
    folder: Path, env: Mapping[str, str] | None = None, module: Sequence[str] = ADMIN
) -> Iterator[Serving]:
    """Serve a folder; killed when the block ends, which may not harm anything that was acknowledged."""
    process = subprocess.Popen(
        command(folder, module),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=strace_rig.environment(env),
        start_new_session=True,
    )
    try:
        address = ready(process)
        if address is None:
            raise AssertionError(f"the server did not start: {process.communicate()[1].decode()[-800:]}")
        yield Serving(process, address)
    finally:
        strace_rig.kill_group(process)
        process.communicate()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask a server to end as an operator would, and return its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(STOP_SECONDS)
