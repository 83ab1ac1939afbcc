"""Kills a program at one chosen system call with strace: a dry run counts the calls, a kill run repeats it.

A dry run writes down every call that can change a disk, with the file it went to. Each call that touched the
folder in question is one kill point: the Nth of its name on that file. strace counts the calls of each thread
by itself, so threads that make the same call on the same file share points; `Trace.shared` counts those.
A kill run must prove by its own log that it died there.
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
from dataclasses import dataclass, replace
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
_INJECTED: Final = " (INJECTED)\n"
_PLACE: Final = re.compile(r'<(/[^>]*)>|"([^"]+)"')
"""The file behind a descriptor, or a path as an argument; contents are not in the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call: its thread, its name, and every path it named or wrote to."""

    thread: int
    name: str
    places: tuple[str, ...]

    def place_in(self, folder: Path) -> str | None:
        """The path of the call that is the folder or lies in it."""
        return next((place for place in self.places if (folder / place).is_relative_to(folder)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The `when`th call named `call` on the file `place`, in whichever thread."""

    call: str
    place: str
    when: int

    def __str__(self) -> str:
        return f"{self.call} {self.when} on {Path(self.place).name}"

    def moved(self, old: Path, new: Path) -> Point:
        """The same point in a copy of the folder."""
        return replace(self, place=str(new / Path(self.place).relative_to(old)))


@dataclass(frozen=True, slots=True)
class Harm:
    """What happens at a point: the words of strace's `inject`."""

    words: str
    onwards: bool = False
    """Whether it happens to every later call of the point's name and file too."""


KILL: Final = Harm("signal=KILL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a log tells: the calls in order, and whether the program was killed."""

    calls: tuple[Call, ...]
    killed: bool
    injected: int = 0
    """How many calls were made to fail."""

    def points(self, folder: Path) -> list[Point]:
        """Every call that touched the folder, in order, those that share a point once."""
        return list(dict.fromkeys(self._found(folder)))

    def shared(self, folder: Path) -> int:
        """How many calls on the folder have no point of their own."""
        found = list(self._found(folder))
        return len(found) - len(set(found))

    def died_at(self, point: Point) -> bool:
        """Whether the program was killed, and the thread that had reached the point did nothing after it."""
        last = {thread: found for thread, found in self._numbered(Path(point.place))}
        return self.killed and point in last.values()

    def _found(self, folder: Path) -> Iterator[Point]:
        return (point for _, point in self._numbered(folder))

    def _numbered(self, folder: Path) -> Iterator[tuple[int, Point]]:
        counts: Counter[tuple[int, str, str]] = Counter()
        for call in self.calls:
            counts.update((call.thread, call.name, place) for place in set(call.places))
            place = call.place_in(folder)
            if place is not None:
                point = Point(call=call.name, place=place, when=counts[call.thread, call.name, place])
                yield call.thread, point


NO_TRACE: Final = Trace(calls=(), killed=False)


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
    return subprocess.Popen(
        [*_strace(log, point), "--", *program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(env),
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )


def attach(
    pid: int, log: Path, *, point: Point | None = None, does: Harm = KILL, calls: Sequence[str] = CALLS
) -> subprocess.Popen[bytes]:
    """Trace a running program from now on; returns once every thread of it is traced.

    `does` happens at the point, in the words of strace's `inject`.
    """
    tracer = subprocess.Popen(
        [*_strace(log, point, does, calls, quiet=False), "-p", str(pid)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert tracer.stderr is not None
    said = b""
    for line in tracer.stderr:
        said += line
        if b" attached" in line:  # written when every thread has been interrupted for the first time
            return tracer
    tracer.wait()
    raise AssertionError(f"strace could not attach: {said.decode()}")


def _strace(
    log: Path, point: Point | None, does: Harm = KILL, calls: Sequence[str] = CALLS, *, quiet: bool = True
) -> list[str]:
    traced = ",".join(f"?{name}" for name in calls)
    words = ["strace", "-f", "-y", "-s", "0", "-o", str(log), "-e", f"trace={traced}"]
    if quiet:
        words.append("-qq")
    if point is not None:
        when = f"{point.when}{'+' if does.onwards else ''}"
        words += ["-P", point.place, "-e", f"inject={point.call}:{does.words}:when={when}"]
    return words


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


def kill_traced(process: subprocess.Popen[bytes]) -> None:
    """Kill what strace started, so that strace itself still writes its log to the end."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(pid), signal.SIGKILL)


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
    return Trace(calls=calls, killed=_KILLED.search(text) is not None, injected=text.count(_INJECTED))
