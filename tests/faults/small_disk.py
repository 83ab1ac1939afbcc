"""A disk with room for a few more pages only: a tmpfs of a certain size with ballast in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = 4_096
"""What a tmpfs gives room in."""

SIZE_BYTES = 4 << 20
"""Holds the homes and the server of these tests, and ballast."""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A mounted tmpfs."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def leave(self, pages: int) -> None:
        """Fill it up but for so many pages."""
        free = self._free_pages() - pages
        assert free >= 0, f"expected more than {pages} free pages, there are {pages + free}"
        with self._ballast.open("xb") as file:
            file.write(bytes(free * PAGE_BYTES))
        assert self._free_pages() == pages

    def clear(self) -> None:
        """Give the space back."""
        self._ballast.unlink()

    def _free_pages(self) -> int:
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize // PAGE_BYTES


def missing() -> str | None:
    """Why no disk can be made here; None when one can."""
    if os.geteuid() != 0:
        return "needs root"
    return None if shutil.which("mount") and shutil.which("umount") else "needs mount and umount"


@contextmanager
def mounted(folder: Path) -> Iterator[SmallDisk]:
    """A small disk at a new folder."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_BYTES},mode=0700", "tmpfs", str(folder)]
    subprocess.run(words, check=True, capture_output=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
