"""A small disk in a file: what is in the file is what would be left if the power went now.

The file system is ext4 on a loop device. What programs wrote but nobody made durable is in the kernel's
memory and not in the file, so a copy of the file, taken without unmounting, is the disk after a power cut.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE_BYTES = 64 << 20

TOOLS = ("mkfs.ext4", "mount", "umount", "cp", "sync")

LAZY_SECONDS = 300
"""How long ext4 may keep a change to itself; its own 5 s could save a program that never calls fsync."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted image."""

    image: Path
    folder: Path

    def settle(self) -> None:
        """Make everything durable that is on it now."""
        _run("sync", "-f", str(self.folder))

    def copy_as_after_a_power_cut(self) -> Path:
        """A copy of the image as it is at this instant."""
        copy = self.image.with_name(f"{self.image.stem}-cut{len(list(self.image.parent.iterdir()))}.img")
        _run("cp", "--sparse=always", str(self.image), str(copy))
        return copy


def missing() -> str | None:
    """Why no disk can be made here; None when one can."""
    if os.geteuid() != 0:
        return "needs root"
    for tool in TOOLS:
        if shutil.which(tool) is None:
            return f"needs {tool}"
    if not Path("/dev/loop-control").exists():
        return "needs loop devices"
    return None


@contextmanager
def new(image: Path) -> Iterator[Disk]:
    """An empty disk, mounted while the block lasts."""
    with image.open("xb") as file:
        file.truncate(SIZE_BYTES)
    _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))
    with mounted(image) as disk:
        yield disk


@contextmanager
def mounted(image: Path) -> Iterator[Disk]:
    """The disk of an image; after a power cut the file system mends itself while it is mounted."""
    folder = image.with_suffix("")
    folder.mkdir()
    _run("mount", "-o", f"loop,commit={LAZY_SECONDS}", str(image), str(folder))
    try:
        yield Disk(image, folder)
    finally:
        _run("umount", str(folder))


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(words)}: {done.stderr.strip()}")
