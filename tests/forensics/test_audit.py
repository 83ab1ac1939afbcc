"""The write audit itself: no way of writing a text goes past it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import strace_rig
from tests.faults.needs import need
from tests.forensics import audit, leaky
from tests.forensics.audit import Audit
from tests.forensics.canaries import WRITTEN
from tests.forensics.disguises import find

ROOT = Path(__file__).resolve().parents[2]

# Way of leaking → how the audit must tell of it.
BYTES = ("write", "pwrite", "writev", "pwritev", "in pieces", "removed again", "another process")
ELSEWHERE = ("socket", "terminal", "memory file", "symlink")
NAMES = ("rename", "folder")


def audited(way: str, folder: Path) -> Audit:
    """Leak in one way, under audit."""
    need(strace_rig.missing())
    log = folder.with_suffix(".log")
    folder.mkdir()
    program = [sys.executable, "-m", "tests.forensics.leaky", way, str(folder)]
    subprocess.run(audit.command(program, log), cwd=ROOT, check=True, capture_output=True)
    return audit.read(log, ROOT)


@pytest.mark.parametrize("way", [*BYTES, *ELSEWHERE, *NAMES])
def test_written_text_is_found(way: str, tmp_path: Path) -> None:
    """The place is named, and the file or name it is in."""
    folder = tmp_path / "folder"
    found = audited(way, folder)
    places = found.places_with(WRITTEN)
    assert {hit.name for hits in places.values() for hit in hits} == {"narrative"}
    inside = [place for place in places if str(folder) in place]
    assert bool(inside) == (way not in ELSEWHERE), places
    if way in BYTES:
        assert any(place in found.changed for place in inside), found.changed


def test_mapped_file_is_named(tmp_path: Path) -> None:
    """What goes through memory is not in the log, but the file is: it has to be read itself."""
    found = audited("mmap", tmp_path / "folder")
    assert "mmap" in found.changed[str(tmp_path / "folder" / "leak")]


def test_unseen_bytes_are_told(tmp_path: Path) -> None:
    """Bytes that the kernel moves by itself are not passed over in silence."""
    assert audited("sendfile", tmp_path / "folder").unseen == {"sendfile"}


@pytest.mark.parametrize("way", ["argument", "environment"])
def test_started_programs_are_seen(way: str, tmp_path: Path) -> None:
    """Arguments and environment of every child, however short it lived."""
    started = audited(way, tmp_path / "folder").started
    assert {hit.name for hit in find(b"\0".join(started), WRITTEN)} == {"narrative"}


def test_every_way_is_tried() -> None:
    """The control program has no way that no test looks at."""
    tried = {*BYTES, *ELSEWHERE, *NAMES, "mmap", "sendfile", "argument", "environment"}
    assert tried | {"dies"} == set(leaky.WAYS)
