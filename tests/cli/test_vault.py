"""init, status, doctor, and what stands before every verb that needs the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.cli import shapes
from fieldkit.cli.exit_codes import ExitCode
from tests.cli.program import PASSPHRASE, Program, run_plain


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An empty vault."""
    return Program(home=tmp_path_factory.mktemp("home") / "vault").create()


def test_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vault is made where there is none, and the passphrase that was given opens it."""
    from fieldkit.vault import keyslots

    monkeypatch.setattr(keyslots, "calibrate", lambda _: keyslots.FLOOR_COST)
    program = Program(home=tmp_path / "new")
    assert program.json("init") == {"home": str(program.home)}
    assert program.json("list") == []
    again = program("init")
    assert again.code is ExitCode.LOCKED
    assert "already" in again.err


def test_init_judges(tmp_path: Path) -> None:
    """A weak passphrase makes no vault."""
    program = Program(home=tmp_path / "new", passphrase="password1")
    ran = program("init")
    assert ran.code is ExitCode.INPUT
    assert "would be guessed" in ran.err
    assert not program.home.exists()


@pytest.mark.parametrize("verb", ["list", "status", "sync", "pull"])
def test_no_vault(tmp_path: Path, verb: str) -> None:
    """Without a vault every verb says so, before it asks for anything, and makes nothing."""
    ran = run_plain("--home", str(tmp_path / "none"), verb)
    assert ran.code is ExitCode.LOCKED
    assert "there is no vault in" in ran.err
    assert "fieldkit init" in ran.err
    assert not (tmp_path / "none").exists()


def test_wrong_passphrase(program: Program) -> None:
    """A wrong passphrase is code 4 and told apart from a damaged vault."""
    ran = Program(home=program.home, passphrase="not this one")("list", "--json")
    assert ran.code is ExitCode.LOCKED
    assert ran.error["message"] == "that passphrase does not open this vault"
    program("list")


def test_home_of_the_environment(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """FIELDKIT_HOME names the home where --home does not."""
    monkeypatch.setenv("FIELDKIT_HOME", str(program.home))
    assert "no terminal" in run_plain_without_terminal(monkeypatch)
    monkeypatch.setenv("FIELDKIT_HOME", str(program.home / "other"))
    assert "there is no vault" in run_plain_without_terminal(monkeypatch)


def run_plain_without_terminal(monkeypatch: pytest.MonkeyPatch) -> str:
    """What `list` says where no terminal can be opened."""
    monkeypatch.setattr("fieldkit.cli.passphrase._TERMINAL", "/nowhere/tty")
    return run_plain("list").err


def test_status(program: Program) -> None:
    """Figures of an empty vault that has not joined."""
    value = program.json("status")
    assert list(value) == list(shapes.STATUS.keys)
    assert (value["role"], value["drafts"], value["last_sync"]) == (None, 0, None)
    assert "nobody yet: join with an invite" in program("status").out


def test_doctor_opens_the_vault(program: Program) -> None:
    """With the passphrase the vault is looked into."""
    findings = program.json("doctor")
    assert all(list(finding) == list(shapes.FINDINGS.keys) for finding in findings)
    assert ("vault", "ok") in [(finding["title"], finding["level"]) for finding in findings]


def test_doctor_without_passphrase(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none can be asked for, what lies outside the vault is looked at all the same."""
    monkeypatch.setattr("fieldkit.cli.passphrase._TERMINAL", "/nowhere/tty")
    ran = run_plain("doctor", "--home", str(program.home), "--json")
    assert ran.code is ExitCode.OK
    assert "not looked into: locked" in [finding["detail"] for finding in ran.value]


def test_doctor_names_a_vault_that_does_not_open(program: Program) -> None:
    """A wrong passphrase is a finding of its own."""
    findings = Program(home=program.home, passphrase="not this one").json("doctor")
    assert findings[-1]["level"] == "problem"
    assert "does not open" in findings[-1]["detail"]
    program("list")


def test_doctor_without_vault(tmp_path: Path) -> None:
    """The doctor comes to an empty house too."""
    ran = run_plain("doctor", "--home", str(tmp_path / "none"), "--json")
    assert ran.code is ExitCode.OK
    assert ("home", "problem") in [(finding["title"], finding["level"]) for finding in ran.value]


def test_passphrase_is_nowhere(program: Program) -> None:
    """Nothing a run says holds the passphrase."""
    for verb in ("list", "status", "doctor"):
        ran = program(verb)
        assert PASSPHRASE not in ran.out + ran.err
