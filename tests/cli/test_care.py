"""wipe, backup, restore: what a person does about the vault as a whole."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.vault.home import ERASED_MARK
from tests.cli.program import PASSPHRASE, Program, run_plain


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault with one draft."""
    made = Program(home=tmp_path_factory.mktemp("template") / "vault").create()
    made.json("new", "--set", "title=Synthetic title")
    return made


@pytest.fixture
def program(template: Program, tmp_path: Path) -> Program:
    """A copy of it."""
    return Program(home=shutil.copytree(template.home, tmp_path / "vault"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_wipe(program: Program) -> None:
    """Needs no passphrase; the folder is gone, and what it cannot do is said."""
    ran = run_plain("--home", str(program.home), "wipe", "--yes", "--json")
    assert ran.code is ExitCode.OK, ran.err
    assert ran.value["drill"] is False
    assert (ran.value["slots"], ran.value["overwritten"], ran.value["left"]) == (1, True, [])
    for words in ("before still opens", "Flash disks", "with the coordinators too"):
        assert words in ran.err
    assert not program.home.exists()
    again = run_plain("--home", str(program.home), "wipe", "--yes")
    assert again.code is ExitCode.LOCKED
    assert "nothing was erased" in again.err


@pytest.mark.parametrize(
    ("typed", "gone"), [("erase\n", True), ("Erase \n", True), ("yes\n", False), ("\n", False)]
)
def test_wipe_asks(program: Program, monkeypatch: pytest.MonkeyPatch, typed: str, gone: bool) -> None:
    """Without --yes a word has to be typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    ran = run_plain("--home", str(program.home), "wipe")
    assert ran.code is (ExitCode.OK if gone else ExitCode.INPUT)
    assert program.home.exists() is not gone


def test_drill(program: Program) -> None:
    """The vault stays byte for byte, and nothing is left beside it."""
    before = contents(program.home)
    ran = run_plain("--home", str(program.home), "wipe", "--drill", "--json")
    assert ran.code is ExitCode.OK, ran.err
    assert ran.value["drill"] is True
    assert contents(program.home) == before
    assert [path.name for path in program.home.parent.iterdir()] == [program.home.name]
    shown = run_plain("--home", str(program.home), "wipe", "--drill")
    assert "PRACTICE" in shown.out
    assert "ERASED" not in shown.out


def test_an_erase_cut_short_is_told(program: Program) -> None:
    """What stands in its place says so, and `wipe` goes on with it."""
    slots = program.home / "slots.cbor"
    slots.write_bytes(ERASED_MARK + bytes(500))
    for verb in (["list"], ["init"]):
        ran = program(*verb)
        assert ran.code is ExitCode.LOCKED, verb
    assert "was erased: nothing opens it any more" in program("list").err
    assert "`fieldkit wipe` goes on" in program("list").err
    assert run_plain("--home", str(program.home), "wipe", "--yes").code is ExitCode.OK
    assert not program.home.exists()


def test_backup_and_restore(program: Program, tmp_path: Path) -> None:
    """There and back; what has to be known is said; the copy holds the report."""
    file = tmp_path / "mine.backup"
    ran = program("backup", str(file), "--json")
    assert ran.code is ExitCode.OK, ran.err
    assert ran.value == {"file": str(file), "bytes": file.stat().st_size}
    assert "panic erase does not reach it" in ran.err
    assert program("backup", str(file)).code is ExitCode.LOCKED
    other = Program(home=tmp_path / "other")
    back = other("restore", str(file), "--json")
    assert back.code is ExitCode.OK, back.err
    assert back.value["home"] == str(other.home)
    assert "nothing that was written after that" in back.err
    assert [line["title"] for line in other.json("list")] == ["Synthetic title"]
    assert other("restore", str(file)).code is ExitCode.LOCKED


@pytest.mark.parametrize(
    ("content", "passphrase", "code"),
    [
        (None, PASSPHRASE, ExitCode.INPUT),
        (b"", PASSPHRASE, ExitCode.LOCKED),
        (b"a letter", PASSPHRASE, ExitCode.LOCKED),
    ],
)
def test_no_backup(tmp_path: Path, content: bytes | None, passphrase: str, code: ExitCode) -> None:
    """A file that is none is refused before a passphrase is asked for, and nothing is made."""
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    ran = run_plain("--home", str(tmp_path / "other"), "restore", str(file))
    assert ran.code is code, ran.err
    assert "hint" in ran.err
    assert not (tmp_path / "other").exists()


def test_wrong_passphrase_of_a_backup(program: Program, tmp_path: Path) -> None:
    """It makes nothing."""
    program("backup", str(tmp_path / "b"))
    other = Program(home=tmp_path / "other", passphrase="not this one at all")
    assert other("restore", str(tmp_path / "b")).code is ExitCode.LOCKED
    assert not other.home.exists()
