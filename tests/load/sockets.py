"""What the kernel knows of a server process: its memory, its descriptors, the connections it holds."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path

import pytest

TCP_TABLE = Path("/proc/net/tcp")
LOOPBACK = "127.0.0.{}"
KIB = 1_024
READINGS = 3
LISTEN = "0A"
"""State of a listening socket."""

End = tuple[str, int]
"""An IPv4 address and a port."""


def need_files(count: int) -> None:
    """Raise this process's limit of open files, or skip: children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        pytest.skip(f"needs {count} open files, the system allows {hard}")
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def memory_bytes(pid: int, name: str = "VmHWM") -> int:
    """The most memory a process ever had (VmHWM), or what it has now (VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * KIB
    raise AssertionError(f"no {name} of process {pid}")


def sockets(pid: int) -> int:
    """How many sockets a process has open."""
    count = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            count += str(link.readlink()).startswith("socket:")
    return count


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used, its own and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def held(port: int) -> set[End]:
    """The other ends of the connections that some process holds on a local port.

    What was accepted has an inode until its process closes it, whatever either end has said by then. The
    kernel passes over a few lines of a table that changes while it is read, so it is read more than once.
    """
    return set().union(*(_listed(port) for _ in range(READINGS)))


def _listed(port: int) -> set[End]:
    found = set()
    for line in TCP_TABLE.read_text().splitlines()[1:]:
        fields = line.split()
        if fields[9] != "0" and int(fields[1].rpartition(":")[2], 16) == port and fields[3] != LISTEN:
            found.add(_end(fields[2]))
    return found


def _end(text: str) -> End:
    """`0100007F:1F90`, the address in the machine's byte order."""
    address, _, port = text.partition(":")
    return ".".join(str(byte) for byte in bytes.fromhex(address)[::-1]), int(port, 16)
