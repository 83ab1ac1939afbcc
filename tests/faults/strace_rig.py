"""Kills a program at one chosen system call with strace: a dry run counts the calls, a kill run repeats it.

A dry run writes down every call that can change a disk, with the file it went to. Each call that touched the
folder in question is one kill point. strace counts the calls of each thread by itself, so a point is named by
the call and how many of it its thread had made; a kill run must prove by its own log where it died.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CALLS: Final = (
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile"),
    *("fsync", "fdatasync", "sync_file_range", "msync"),
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"),
    *("truncate", "ftruncate", "fallocate"),
)
"""Every call that writes bytes, names or sizes, or makes them durable. What a processor lacks is left out."""

TIMEOUT_SECONDS: Final = 60
"""Longer than any workload takes on a busy machine: reaching it is a failure."""

_LINE: Final = re.compile(r"^(\d+) +(\w+)\((.*)$", re.MULTILINE)
_KILLED: Final = re.compile(r"^\d+ +\+\+\+ killed by SIGKILL \+\+\+$", re.MULTILINE)
_PLACE: Final = re.compile(r'<(/[^>]*)>|"([^"]+)"')
"""The file behind a descriptor, or a path as an argument; contents are not in the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call: its thread, its name, and every path it named or wrote to."""

    thread: int
    name: str
    places: tuple[str, ...]

    def place_in(self, folder: Path) -> str | None:
        """The path of the call that is the folder or lies in it, relative to it.

        A path that is relative in the log counts as one in the folder: better one point too many.
        """
        inside = (place for place in self.places if (folder / place).is_relative_to(folder))
        return next((os.path.relpath(folder / place, folder) for place in inside), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The `when`th call named `call` of whichever thread gets there; `place` is what it touched when dry."""

    call: str
    when: int
    place: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.call} {self.when} on {self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a log tells: the calls in order, and whether the program was killed."""

    calls: tuple[Call, ...]
    killed: bool

    def points(self, folder: Path) -> list[Point]:
        """Every call that touched the folder, in order; two threads that share a count share a point."""
        found = {
            (call.name, when): Point(call=call.name, when=when, place=place)
            for call, when in reversed(list(self._counted()))
            if (place := call.place_in(folder)) is not None
        }
        return list(reversed(found.values()))

    def died_at(self, point: Point, folder: Path) -> bool:
        """Whether the program was killed at the point, and the call was one on the folder."""
        return self.killed and any(
            (call.name, when) == (point.call, point.when) and call.place_in(folder) is not None
            for call, when in self._counted()
        )

    def _counted(self) -> Iterator[tuple[Call, int]]:
        counts: Counter[tuple[int, str]] = Counter()
        for call in self.calls:
            counts[call.thread, call.name] += 1
            yield call, counts[call.thread, call.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a program ended, what it had said by then, and what it had done."""

    returncode: int
    stdout: bytes
    stderr: bytes
    trace: Trace


def missing() -> str | None:
    """Why nothing can be traced here; None when it can."""
    if shutil.which("strace") is None:
        return "needs strace"
    trial = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    return None if trial.returncode == 0 else "needs the right to trace processes"


def start(
    program: Sequence[str],
    log: Path,
    *,
    point: Point | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program under strace, alone in a process group, to be killed at `point`."""
    traced = ",".join(f"?{name}" for name in CALLS)
    words = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", str(log), "-e", f"trace={traced}"]
    if point is not None:
        words += ["-e", f"inject={point.call}:signal=KILL:when={point.when}"]
    return subprocess.Popen(
        [*words, "--", *program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(env),
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )


def finish(process: subprocess.Popen[bytes], log: Path) -> Run:
    """Wait for the end of a started program, leave nothing of it, and read its log."""
    try:
        stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
    finally:
        kill_group(process)
    return Run(returncode=process.returncode, stdout=stdout, stderr=stderr, trace=read(log))


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill strace and what it traces."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A traced program's environment: no byte code to write, the same order of everything each time."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", **(extra or {})}


def read(log: Path) -> Trace:
    """Read a log that strace wrote with `start`."""
    text = log.read_text(encoding="utf-8", errors="replace")
    calls = tuple(
        Call(thread=int(thread), name=name, places=tuple(map("".join, _PLACE.findall(rest))))
        for thread, name, rest in _LINE.findall(text)
    )
    return Trace(calls=calls, killed=_KILLED.search(text) is not None)
