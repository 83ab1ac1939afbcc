"""What differs between systems: durable replacement, private processes (threat model R2, R28)."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.vault import platform
from fieldkit.vault.errors import UnsafeHome
from fieldkit.vault.home import Home


def test_a_failed_replacement_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fails before the rename, what was there is whole."""
    path = tmp_path / "file"
    platform.write_durably(path, b"old", temporary=tmp_path / "file.new")

    def fail(handle: int) -> None:
        raise OSError("disk")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk"):
        platform.write_durably(path, b"new", temporary=tmp_path / "file.new")
    assert path.read_bytes() == b"old"
    monkeypatch.undo()
    platform.write_durably(path, b"new", temporary=tmp_path / "file.new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux")
def test_the_process_is_private() -> None:
    """No core file, no debugger of the same user, checked from inside a process that did it."""
    code = (
        "import ctypes, resource\n"
        "from fieldkit.vault.platform import harden_process\n"
        "core = lambda: resource.getrlimit(resource.RLIMIT_CORE)[0]\n"
        "get = lambda: (ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), core())\n"
        "before = get()[0]\n"
        "print(before, harden_process(), *get())\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1", "[]", "0", "0"]


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux")
@pytest.mark.parametrize(("answer", "missing"), [(0, 0), (-1, 1)])
def test_what_the_system_is_asked(monkeypatch: pytest.MonkeyPatch, answer: int, missing: int) -> None:
    """No core file, neither now nor later; not dumpable; a system that will not is named."""
    asked: list[tuple[object, ...]] = []

    class Library:
        """The C library, which only writes down."""

        def prctl(self, *arguments: int) -> int:
            """prctl(2)."""
            asked.append(arguments)
            return answer

    monkeypatch.setattr(resource, "setrlimit", lambda *limits: asked.append(limits))
    monkeypatch.setattr(ctypes, "CDLL", lambda name, use_errno: Library())
    assert len(platform.harden_process()) == missing
    set_dumpable = 4
    assert asked == [(resource.RLIMIT_CORE, (0, 0)), (set_dumpable, 0, 0, 0, 0)]


@pytest.mark.parametrize(
    ("mode", "open_to_others"), [(0o700, False), (0o701, True), (0o740, True), (0o777, True)]
)
def test_folders_open_to_others(tmp_path: Path, mode: int, open_to_others: bool) -> None:
    """Any right of group or others counts."""
    tmp_path.chmod(mode)
    assert platform.others_may_enter(tmp_path) is open_to_others
    tmp_path.chmod(0o700)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    """A home is a folder."""
    (tmp_path / "file").touch()
    with pytest.raises(UnsafeHome, match="not a folder"):
        Home(tmp_path / "file").check_private()


def test_an_open_folder_is_not_made_a_home(tmp_path: Path) -> None:
    """Creating in a folder that others may enter is refused; nothing is put there."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    with pytest.raises(UnsafeHome):
        Home(folder).prepare()
    assert list(folder.iterdir()) == []
