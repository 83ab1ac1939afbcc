"""Shell completion offers what the parser takes; each shell runs its script here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.cli.catalogue import FORMATS, STATES, VERBS
from fieldkit.cli.completing.scripts import SCRIPTS
from fieldkit.cli.contract import GLOBALS
from tests.cli.program import run_plain

BASH, ZSH, FISH = (shutil.which(name) for name in ("bash", "zsh", "fish"))

ZSH_STAND_INS = """
compdef() { : }
compadd() { shift; for one in "$@"; do if [[ $one == ${PREFIX}* ]]; then print -r -- "$one"; fi; done }
_files() { for one in *; do print -r -- "$one"; done }
_path_files() { for one in *(/); do print -r -- "$one"; done }
"""
"""What zsh itself does with what a script hands it."""

ZSH_TYPES = """
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner 'PS1=; autoload -U compinit; compinit -u -D; source ./_fieldkit; echo READY-$((1+1))'
zpty -r inner seen '*READY-2*'
zpty -w -n inner $'fieldkit --home somewhere org inv\t'
zpty -r inner seen '*org invite*'
print -r -- $seen
zpty -d inner
"""
"""Types into a zsh of its own, and waits for what that one makes of it."""

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


def zsh_offered(typed: str, folder: Path) -> set[str]:
    """What zsh is handed after `fieldkit` and what is typed."""
    words = " ".join(f'"{word}"' for word in ["fieldkit", *typed.split(" ")])
    script = f"""
        {ZSH_STAND_INS}
        {SCRIPTS["zsh"](VERBS)}
        words=({words}); CURRENT=$#words; PREFIX=$words[-1]
        _fieldkit
    """
    return ran(folder, str(ZSH), "-f", "-c", script)


def fish_offered(typed: str, folder: Path) -> set[str]:
    """What fish offers after `fieldkit` and what is typed."""
    script = f"{SCRIPTS['fish'](VERBS)}\ncomplete -C {shlex.quote('fieldkit ' + typed)}"
    said = ran(folder, str(FISH), "--no-config", "-c", script)
    return {line.partition("\t")[0] for line in said}


def ran(folder: Path, *command: str) -> set[str]:
    """The lines a shell prints; no word of complaint with them."""
    home = {
        "HOME": str(folder.with_name(f"{folder.name}-person")),
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=folder, timeout=60, env=home
    )
    assert done.stderr == ""
    return set(done.stdout.split("\n")) - {""}


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize(("typed", "wanted"), TYPED)
def test_bash_offers(tmp_path: Path, typed: str, wanted: set[str]) -> None:
    """Verbs, the second words of `org`, options, choices; nothing where nothing can be known."""
    agrees(offered(typed, tmp_path), typed, wanted)


@pytest.mark.skipif(ZSH is None, reason="needs zsh")
@pytest.mark.parametrize(("typed", "wanted"), TYPED)
def test_zsh_offers(tmp_path: Path, typed: str, wanted: set[str]) -> None:
    """The same."""
    agrees(zsh_offered(typed, tmp_path), typed, wanted)


@pytest.mark.skipif(FISH is None, reason="needs fish")
@pytest.mark.parametrize(("typed", "wanted"), TYPED)
def test_fish_offers(tmp_path: Path, typed: str, wanted: set[str]) -> None:
    """The same; it offers options once a dash is typed."""
    last = typed.rpartition(" ")[2]
    agrees(
        fish_offered(typed, tmp_path), typed, {word for word in wanted if last or not word.startswith("-")}
    )


def agrees(found: set[str], typed: str, wanted: set[str]) -> None:
    """Whether what is offered is what was wanted; where one word was begun, nothing else."""
    assert wanted <= found
    if typed.rpartition(" ")[2] or not wanted or "--" in typed:
        assert found == wanted


@pytest.mark.skipif(ZSH is None, reason="needs zsh")
def test_zsh_completes_at_a_prompt(tmp_path: Path) -> None:
    """A zsh of somebody's own, the script sourced, a word begun, Tab."""
    (tmp_path / "_fieldkit").write_text(SCRIPTS["zsh"](VERBS))
    assert any("org invite" in line for line in ran(tmp_path, str(ZSH), "-f", "-c", ZSH_TYPES))


@pytest.mark.skipif(None in (ZSH, FISH), reason="needs zsh and fish")
@pytest.mark.parametrize("offer", [zsh_offered, fish_offered], ids=["zsh", "fish"])
def test_files_and_folders(offer: Callable[[str, Path], set[str]], tmp_path: Path) -> None:
    """Folders for --home, files for --from."""
    (tmp_path / "vaults").mkdir()
    (tmp_path / "answers.json").touch()
    assert {one.rstrip("/") for one in offer("--home ", tmp_path)} == {"vaults"}
    assert "answers.json" in offer("new --from ", tmp_path)


@pytest.mark.skipif(FISH is None, reason="needs fish")
def test_fish_tells_a_verb_from_a_word_like_one(tmp_path: Path) -> None:
    """A search for the word `list` has no --state, and a folder called `list` is no verb."""
    assert fish_offered("search list --st", tmp_path) == set()
    assert fish_offered("--home list sy", tmp_path) == {"sync"}


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
