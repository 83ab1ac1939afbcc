"""What a killed drill leaves is removed at the next start, and nothing else ever is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.vault import drill_stage
from fieldkit.vault.drill_stage import MARK, WORDS

DRILL = """
import sys
from pathlib import Path
from fieldkit.vault.drill_stage import stage
with stage(Path(sys.argv[1])) as made:
    made.slots.write_bytes(bytes(700))
    made.database.write_bytes(bytes(9_000))
    print(made.folder.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder beside which drills are held."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def names(home: Path) -> set[str]:
    """What stands beside the home."""
    return {path.name for path in home.parent.iterdir()} - {home.name}


def test_a_drill_leaves_nothing(home: Path) -> None:
    """However it ends but by a kill."""
    with drill_stage.stage(home) as made:
        made.slots.write_bytes(b"x")
        assert names(home) == {made.folder.name}
    with pytest.raises(KeyError), drill_stage.stage(home) as made:
        made.database.write_bytes(b"x")
        raise KeyError
    assert names(home) == set()


def test_a_killed_one_is_cleared(home: Path) -> None:
    """Once it is killed; as long as it goes on it is left alone."""
    run = [sys.executable, "-c", DRILL, str(home)]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as drill:
        assert drill.stdout is not None
        name = drill.stdout.readline().strip()
        drill_stage.clear_left(home)
        assert {path.name for path in (home.parent / name).iterdir()} >= {"slots.cbor", "vault.db", MARK}
        drill.kill()
        drill.wait()
    assert names(home) == {name}
    drill_stage.clear_left(home)
    assert names(home) == set()


def left(home: Path, name: str = "home.drill-01234567") -> Path:
    """As a killed drill leaves it."""
    folder = home.with_name(name)
    folder.mkdir()
    for file, content in ((MARK, WORDS), ("slots.cbor", b"x"), ("vault.db", b"x"), ("drill.lock", b"")):
        (folder / file).write_bytes(content)
    return folder


@pytest.mark.parametrize("file", [*["", "slots.cbor", "vault.db", "drill.lock"], "all"])
def test_killed_at_any_moment(home: Path, file: str) -> None:
    """Whichever of its files are there; an empty folder, too."""
    folder = left(home)
    for path in folder.iterdir():
        if file in ("all", path.name):
            path.unlink()
    drill_stage.clear_left(home)
    assert names(home) == set()


@pytest.mark.parametrize(
    "case",
    ["a file more", "no mark", "another mark", "a link", "another name", "another home", "a folder in it"],
)
def test_nothing_else(home: Path, tmp_path: Path, case: str) -> None:
    """What only looks like one stays, byte for byte."""
    name = {"another name": "home.drill-0123456", "another home": "home2.drill-01234567"}.get(case)
    folder = left(home, name) if name else left(home)
    if case == "a file more":
        (folder / "letter").write_text("somebody's")
    elif case == "a folder in it":
        (folder / "blobs").mkdir()
    elif case == "no mark":
        (folder / MARK).unlink()
    elif case == "another mark":
        (folder / MARK).write_bytes(WORDS + b"!")
    elif case == "a link":
        shutil.move(folder, tmp_path / "elsewhere")
        os.symlink(tmp_path / "elsewhere", folder)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    drill_stage.clear_left(home)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
