"""Shell completion offers what the parser takes; bash runs its script here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fieldkit.cli.catalogue import FORMATS, STATES, VERBS
from fieldkit.cli.completing.scripts import SCRIPTS
from fieldkit.cli.contract import GLOBALS
from tests.cli.program import run_plain

BASH = shutil.which("bash")

TYPED = [
    ("", {"init", "new", "org", "--home"}),
    ("sy", {"sync"}),
    ("org ", {"create", "invite", "members", "restart-log"}),
    ("org inv", {"invite"}),
    ("org invite ", {"reporter", "coordinator", "--days"}),
    ("--home somewhere li", {"list"}),
    ("--passphrase-fd 3 org cr", {"create"}),
    ("list --st", {"--state"}),
    ("list --state ", set(STATES)),
    ("list --state w", {"waiting", "withdrawn"}),
    ("export --format ", set(FORMATS)),
    ("completion ", {"bash", "zsh", "fish"}),
    ("list --limit ", set()),
    ("nothing ", set()),
]


def offered(typed: str, folder: Path) -> set[str]:
    """What bash offers after `fieldkit` and what is typed."""
    words = " ".join(f'"{word}"' for word in ["fieldkit", *typed.split(" ")])
    program = f"""
        {SCRIPTS["bash"](VERBS)}
        compopt() {{ :; }}
        COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        _fieldkit
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    assert BASH is not None
    ran = subprocess.run(
        [BASH, "-u", "-c", program], capture_output=True, text=True, check=True, cwd=folder, timeout=30
    )
    assert ran.stderr == ""
    return set(ran.stdout.split("\n")) - {""}


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize(("typed", "wanted"), TYPED)
def test_bash_offers(tmp_path: Path, typed: str, wanted: set[str]) -> None:
    """Verbs, the second words of `org`, options, choices; nothing where nothing can be known."""
    found = offered(typed, tmp_path)
    assert wanted <= found
    if typed.rpartition(" ")[2] or not wanted or "--" in typed:
        assert found == wanted


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_bash_offers_files_and_folders(tmp_path: Path) -> None:
    """Folders for --home, files for --from; names with spaces stay one word."""
    (tmp_path / "a vault").mkdir()
    (tmp_path / "answers.json").touch()
    assert offered("--home ", tmp_path) == {"a vault"}
    assert offered("new --from ", tmp_path) == {"a vault", "answers.json"}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_every_verb_and_option_is_there(shell: str) -> None:
    """Each script names every verb, option and choice of the catalogue."""
    script = SCRIPTS[shell](VERBS)
    for verb in VERBS:
        for word in verb.path:
            assert re.search(rf"[\s\"']{word}\b", script)
        for argument in (*verb.arguments, *GLOBALS):
            name = argument.name.lstrip("-")
            assert not argument.is_option or re.search(rf"(--|-l ){name}\b", script), argument.name
            assert all(choice in script for choice in argument.choices)


def test_it_is_printed_without_a_vault(tmp_path: Path) -> None:
    """The verb needs no vault, and prints what the shell reads."""
    ran = run_plain("--home", str(tmp_path / "none"), "completion", "bash")
    assert ran.out == SCRIPTS["bash"](VERBS)
    assert ran.err == ""


@pytest.mark.parametrize("line", [["--version"], ["list", "--version"], ["--home", "x", "--version"]])
def test_version(line: list[str]) -> None:
    """`--version` says which one it is, wherever it stands, and does nothing else."""
    ran = run_plain(*line)
    assert re.fullmatch(r"fieldkit \d+\.\d+\S*\n", ran.out)
    assert ran.code == 0
