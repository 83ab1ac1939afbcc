"""Reads the places a seized machine is searched at: a raw disk, a folder, every process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.forensics.disguises import Hit, find, find_plain

BLOCK_BYTES = 4_096

PROC = Path("/proc")

TYPING = "tmux: client"
"""The name of what types for the person of a test, in this run or in another one beside it."""


def disk_bytes(image: Path) -> bytes:
    """Everything on a raw disk that is not zeros: files, journal, directories, blocks no longer in use."""
    with image.open("rb") as file:
        return b"".join(_blocks(file.fileno()))


def _blocks(handle: int) -> Iterator[bytes]:
    place, end = 0, os.fstat(handle).st_size
    empty = bytes(BLOCK_BYTES)
    while place < end:
        try:
            place = os.lseek(handle, place, os.SEEK_DATA)
        except OSError:  # nothing but holes from here on
            return
        hole = os.lseek(handle, place, os.SEEK_HOLE)
        for start in range(place, hole, BLOCK_BYTES):
            block = os.pread(handle, BLOCK_BYTES, start)
            if block != empty:
                yield block
        place = hole


def search_disk(image: Path, texts: Mapping[str, str]) -> list[Hit]:
    """Every text on a raw disk."""
    return find(disk_bytes(image), texts)


def search_folder(folder: Path, texts: Mapping[str, str]) -> dict[str, list[Hit]]:
    """Every file under a folder that holds a text, or is named by one."""
    found: dict[str, list[Hit]] = {}
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        name = os.fsencode(path.relative_to(folder))
        if hits := find(name + b"\0" + data, texts):
            found[str(path.relative_to(folder))] = hits
    return found


def search_processes(texts: Mapping[str, str]) -> dict[str, list[Hit]]:
    """Every process, ours or not, whose arguments or environment hold a text; but for the hand that types."""
    found: dict[str, list[Hit]] = {}
    for process in PROC.glob("[0-9]*"):
        try:
            data = b"\0".join((process / name).read_bytes() for name in ("cmdline", "environ"))
            name = (process / "comm").read_text().strip()
        except OSError:  # it ended, or belongs to the kernel
            continue
        if name == TYPING:
            continue
        if hits := find_plain(data, texts):
            found[process.name] = hits
    return found


def processes_in(folder: Path, word: str = "") -> list[int]:
    """The processes that work in a folder, and have a word among their arguments."""
    found = []
    for process in PROC.glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if (process / "cwd").readlink() == folder and (not word or word.encode() in words):
                found.append(int(process.name))
        except OSError:
            continue
    return found
