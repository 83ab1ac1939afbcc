"""Runs programs in the warm process, plainly, traced, or with a fault at one chosen call."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Any

from tests.faults import strace_rig
from tests.faults.look import PASSPHRASE
from tests.faults.strace_rig import CALLS, KILL, NO_TRACE, Harm, Point, Trace

RUN_SECONDS = 60
"""Longer than any run takes on a busy machine."""

POLL_SECONDS = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a run ended, what it said, and what it had done if it was traced."""

    code: int
    out: bytes
    err: str
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One of several programs that a run is made of."""

    program: str
    words: tuple[str, ...]
    stdin: str = ""
    unless: str | None = None
    """What the first job need only print, and this one is left out."""


@dataclass(slots=True)
class Started:
    """A run that waits for its start, or is under way."""

    pid: int
    out: Path
    err: Path
    _connection: socket.socket = field(repr=False)
    _answers: IO[str] = field(repr=False)

    def go(self) -> None:
        """Let it begin."""
        self._connection.sendall(b"g")

    def wait(self) -> int:
        """Its exit code, negative for the signal that ended it."""
        try:
            return int(self._answers.readline())
        finally:
            self.close()

    def close(self) -> None:
        """Let go of it."""
        self._answers.close()
        self._connection.close()

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def seen(ran: Ran) -> Any:
    """What a look has found, None where there is no vault. Raises AssertionError when it cannot be opened."""
    if ran.code:
        raise AssertionError(f"the vault does not open whole: {ran.err[-800:]}")
    return json.loads(ran.out)


def command(home: Path, *words: str, stdin: str = "", unless: str | None = None) -> Job:
    """The command line on a home, as one of several."""
    given = ("--home", str(home), "--passphrase-fd", "0")
    return Job(program="fieldkit", words=(*words, *given), stdin=f"{PASSPHRASE}\n{stdin}", unless=unless)


def missing() -> str | None:
    """Why nothing can be run and traced here; None when it can."""
    if os.geteuid() != 0:
        return "needs root: the programs hide themselves from whoever traces them"
    return strace_rig.missing()


class Warm:
    """The warm process, ours until `close`. Its runs may go on side by side."""

    def __init__(self, scratch: Path, environment: Mapping[str, str] | None = None) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = scratch
        self._names = count()
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("")  # Linux chooses an abstract name
        listener.listen(16)
        self._address: Any = listener.getsockname()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"],
            stdin=listener.fileno(),
            stdout=subprocess.PIPE,
            env=strace_rig.environment(environment),
        )
        listener.close()
        assert self._process.stdout is not None
        if self._process.stdout.readline() != b"warm\n":
            self.close()
            raise AssertionError("the warm process did not start")

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def close(self) -> None:
        """End it, and every run with it."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def begin(
        self,
        program: str,
        words: Sequence[str],
        *,
        stdin: str = "",
        port: int | None = None,
        largest_file: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Started:
        """Prepare a run, which begins with `go`. No file grows beyond `largest_file` bytes in it."""
        name = f"run-{next(self._names)}"
        streams = [self._scratch / f"{name}.{stream}" for stream in ("in", "out", "err")]
        streams[0].write_text(stdin)
        for stream in streams[1:]:
            stream.touch()
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(RUN_SECONDS)
        connection.connect(self._address)
        job = {
            "program": program,
            "words": list(words),
            "streams": [str(stream) for stream in streams],
            "port": port,
            "largest_file": largest_file,
            "environment": dict(environment or {}),
        }
        connection.sendall(json.dumps(job).encode() + b"\n")
        answers = connection.makefile("r")
        pid = int(answers.readline())
        return Started(pid, streams[1], streams[2], connection, answers)

    def run(
        self,
        program: str,
        words: Sequence[str],
        *,
        stdin: str = "",
        port: int | None = None,
        largest_file: int | None = None,
        trace: Path | None = None,
        point: Point | None = None,
        does: Harm = KILL,
        calls: Sequence[str] = CALLS,
    ) -> Ran:
        """Run a program to its end; with `trace`, a log, under strace, which does its harm at `point`."""
        started = self.begin(program, words, stdin=stdin, port=port, largest_file=largest_file)
        try:
            if trace is None:
                started.go()
                code = started.wait()
                found = NO_TRACE
            else:
                tracer = strace_rig.attach(started.pid, trace, point=point, does=does, calls=calls)
                started.go()
                try:
                    code = started.wait()
                except BaseException:
                    started.kill()
                    raise
                finally:
                    strace_rig.finish(tracer, trace)
                found = strace_rig.read(trace)
        except BaseException:
            started.kill()
            raise
        ran = Ran(code=code, out=started.out.read_bytes(), err=started.err.read_text(), trace=found)
        for left in (started.out, started.err, started.out.with_suffix(".in")):
            left.unlink()
        return ran

    def fieldkit(
        self, home: Path, *words: str, stdin: str = "", program: str = "fieldkit", **options: Any
    ) -> Ran:
        """Run the command line on a home."""
        given = ("--home", str(home), "--passphrase-fd", "0")
        return self.run(program, (*words, *given), stdin=f"{PASSPHRASE}\n{stdin}", **options)

    def several(self, jobs: Sequence[Job], *, port: int | None = None) -> list[Ran | None]:
        """Run programs one after the other in one process; None for what was left out."""
        plan = self._scratch / f"plan-{next(self._names)}"
        plan.write_text(json.dumps([asdict(job) for job in jobs]), encoding="utf-8")
        ran = self.run("several", (str(plan),), port=port)
        plan.unlink()
        if ran.code:
            raise AssertionError(f"what follows a kill did not run: {ran.code} {ran.err[-800:]}")
        return [
            told and Ran(code=told["code"], out=told["out"].encode(), err=told["err"], trace=NO_TRACE)
            for told in json.loads(ran.out)
        ]

    def look(self, home: Path) -> Any:
        """What `tests.faults.look` finds in a home. Raises AssertionError when it cannot be opened."""
        return seen(self.run("look", (str(home),)))

    @contextmanager
    def server(self, folder: Path, program: str = "server") -> Iterator[Serving]:
        """A server on a folder, killed when the block ends."""
        started = self.begin(program, ("serve", str(folder), "--listen", "127.0.0.1:0"))
        try:
            started.go()
            yield Serving(started=started, port=_port(started))
        finally:
            started.kill()
            with suppress(OSError, ValueError):
                started.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A warm server that takes connections."""

    started: Started
    port: int


def _port(started: Started) -> int:
    until = time.monotonic() + RUN_SECONDS
    while time.monotonic() < until and Path(f"/proc/{started.pid}").exists():
        line = started.out.read_bytes()
        if line.endswith(b"\n"):
            return int(json.loads(line)["listening"].rpartition(":")[2])
        time.sleep(POLL_SECONDS)
    raise AssertionError(f"the server did not start: {started.err.read_text()[-800:]}")
