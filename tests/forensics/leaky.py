"""A program that leaks a text in the way it is told to: the control of every audit. `leaky.py WAY FOLDER`."""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.forensics.canaries import MAIN

TEXT = MAIN["narrative"]
RAW = TEXT.encode()


def _file(folder: Path) -> int:
    return os.open(folder / "leak", os.O_RDWR | os.O_CREAT)


def _write_to_temporary(folder: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=folder, delete=True) as file:
        file.write(RAW)


def _map(folder: Path) -> None:
    handle = _file(folder)
    os.ftruncate(handle, 4_096)
    with mmap.mmap(handle, 4_096) as mapped:
        mapped[: len(RAW)] = RAW


def _in_pieces(folder: Path) -> None:
    handle = _file(folder)
    for number in range(0, len(RAW), 5):
        os.write(handle, RAW[number : number + 5])


def _copy(folder: Path) -> None:
    source = folder / "source"
    source.write_bytes(RAW)
    with source.open("rb") as file:
        os.sendfile(_file(folder), file.fileno(), 0, len(RAW))


def _rename(folder: Path) -> None:
    (folder / "harmless").write_bytes(b"x")
    (folder / "harmless").rename(folder / TEXT)


def _send(folder: Path) -> None:
    left, right = socket.socketpair()
    left.sendmsg([RAW])
    right.close()


WAYS: dict[str, Callable[[Path], object]] = {
    "write": lambda folder: os.write(_file(folder), RAW),
    "pwrite": lambda folder: os.pwrite(_file(folder), RAW, 100),
    "writev": lambda folder: os.writev(_file(folder), [RAW[:9], RAW[9:]]),
    "pwritev": lambda folder: os.pwritev(_file(folder), [RAW], 7),
    "in pieces": _in_pieces,
    "removed again": _write_to_temporary,
    "another process": lambda folder: subprocess.run(["tee", folder / "leak"], input=RAW, check=True),
    "socket": _send,
    "terminal": lambda folder: print(TEXT, flush=True),
    "mmap": _map,
    "sendfile": _copy,
    "rename": _rename,
    "symlink": lambda folder: (folder / "link").symlink_to(TEXT),
    "folder": lambda folder: (folder / TEXT).mkdir(),
    "memory file": lambda folder: os.write(os.memfd_create("plain"), RAW),
    "argument": lambda folder: subprocess.run(["true", TEXT], check=True),
    "environment": lambda folder: subprocess.run(["true"], env={"REPORT": TEXT}, check=True),
    "dies": lambda folder: (_file(folder), TEXT, ctypes.string_at(0)),
}


if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]))
