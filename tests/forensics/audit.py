"""A write audit: every byte and every name that a program hands to the system, taken from strace's log.

Everything is logged in hexadecimal and in full, so nothing a program writes can break or hide from the log.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from tests.forensics.disguises import Hit, find

WRITING: Final = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg")
"""Calls whose strings go to the descriptor that stands before them."""

COPYING: Final = ("sendfile", "copy_file_range", "splice", "tee")
"""Calls that move bytes the log does not see; nobody has to make them."""

NAMING: Final = (
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "truncate", "creat", "memfd_create", "shmget"),
    *("setxattr", "lsetxattr", "fsetxattr", "bind"),
)
"""Calls that make, change or remove something by its name."""

OPENING: Final = ("open", "openat", "openat2")
OTHERS: Final = ("execve", "execveat", "mmap", "ftruncate", "vmsplice", "io_uring_setup")

LONGEST_BYTES: Final = 1 << 20
"""Of one call that the log keeps whole; far more than the program writes at once."""

_LINE: Final = re.compile(r"^(\d+) +(\w+)\((.*)$", re.MULTILINE)
_TOKEN: Final = re.compile(r'<((?:\\x[0-9a-f]{2})+)>|"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_WRITABLE: Final = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)\b")
_SHARED: Final = re.compile(r"\bPROT_WRITE\b.*\bMAP_SHARED")
_FAILED: Final = re.compile(r"\) += -1 ")


@dataclass(slots=True, kw_only=True)
class Audit:
    """What one program, with all its threads and children, handed to the system."""

    written: dict[str, bytearray] = field(default_factory=dict, repr=False)
    """Place → everything that was written to it, in order. A place is a file, terminal, pipe or socket."""
    changed: dict[str, set[str]] = field(default_factory=dict)
    """File → calls that opened it for writing, made, mapped, renamed, linked or removed it."""
    started: list[bytes] = field(default_factory=list, repr=False)
    """Arguments and environment of every program that was started."""
    unseen: set[str] = field(default_factory=set)
    """Calls whose bytes the log cannot show."""

    def places_with(self, texts: Mapping[str, str]) -> dict[str, list[Hit]]:
        """Where texts went: to which place, or into which name."""
        found = {place: hits for place, data in self.written.items() if (hits := find(bytes(data), texts))}
        for name in self.changed:
            if hits := find(os.fsencode(name), texts):
                found[f"the name {name}"] = hits
        return found


def command(program: Sequence[str], log: Path | str) -> list[str]:
    """The command line that runs a program under audit. `log` may hold a shell's words."""
    return ["strace", "--seccomp-bpf", "-qq", *_options(log), "--", *program]


def attach(pid: int, log: Path) -> subprocess.Popen[bytes]:
    """Audit a running program until it ends; returns once every thread of it is seen."""
    words = ["strace", *_options(log), "-p", str(pid)]
    tracer = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    for line in tracer.stderr:
        if b" attached" in line:
            return tracer
    tracer.wait()
    raise AssertionError("strace could not attach")


def _options(log: Path | str) -> list[str]:
    calls = ",".join(f"?{name}" for name in (*WRITING, *COPYING, *NAMING, *OPENING, *OTHERS))
    shown = ["-y", "-v", "-xx", "-s", str(LONGEST_BYTES)]
    return ["-f", *shown, "-o", str(log), "-e", f"trace={calls}"]


def read(log: Path, cwd: Path) -> Audit:
    """Read a log; `cwd` is the folder the program was started in."""
    found = Audit()
    for _, name, rest in _LINE.findall(log.read_text(encoding="ascii")):
        if not _FAILED.search(rest):
            _take(found, name, rest, cwd)
    return found


def _take(found: Audit, name: str, rest: str, cwd: Path) -> None:
    tokens = [(_bytes(place), _bytes(text), cut) for place, text, cut in _TOKEN.findall(rest)]
    if any(cut for _, _, cut in tokens):
        raise AssertionError(f"{name} wrote more than the audit keeps of one call")
    places = [os.fsdecode(place) for place, _, _ in tokens if place]
    texts = [text for place, text, _ in tokens if not place]
    if name in WRITING:
        found.written.setdefault(places[0], bytearray()).extend(b"".join(texts))
    elif name in COPYING or name in ("vmsplice", "io_uring_setup"):
        found.unseen.add(name)
    elif name.startswith("execve"):
        found.started.append(b"\0".join(texts))
    elif name == "mmap":
        if _SHARED.search(rest) and places:
            _change(found, name, places)
    elif name == "ftruncate":
        _change(found, name, places[:1])
    elif name in NAMING or _WRITABLE.search(rest):
        _change(found, name, _names(tokens, cwd))


def _names(tokens: Iterable[tuple[bytes, bytes, str]], cwd: Path) -> list[str]:
    """The absolute names among the arguments: a relative one is in the folder that stands before it."""
    folder, names = str(cwd), []
    for place, text, _ in tokens:
        if place:
            folder = os.fsdecode(place)
        elif text:
            names.append(str(PurePosixPath(folder) / os.fsdecode(text)))
    return names


def _change(found: Audit, name: str, places: Iterable[str]) -> None:
    for place in places:
        found.changed.setdefault(place, set()).add(name)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
