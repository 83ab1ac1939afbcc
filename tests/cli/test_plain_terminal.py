"""Plain mode in a real terminal: the whole work in lines, and not one escape byte."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldkit.actions import unlock, writing
from fieldkit.vault.keyslots import FLOOR_COST
from tests.support.pty_program import PtyProgram, pty_program

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
ESCAPE = 0x1B


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with a finished-looking draft whose title tries to act on the terminal."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        writing.begin(session, {"title": "Shots \x1b]0;owned\x07 [red]at night", "gov": "Aleppo"})
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "vault"))


@contextmanager
def opened(home: Path, *arguments: str, size: tuple[int, int] = (80, 24)) -> Iterator[PtyProgram]:
    """The program after the passphrase; no escape byte may have come when the block ends."""
    with pty_program(["--plain", "--home", str(home), *arguments], size=size) as program:
        program.wait_for("Passphrase: ")
        program.send(PASSPHRASE.encode() + b"\n")
        yield program
        program.quiet()
        assert ESCAPE not in program.output
        assert b"\x07" not in program.output


def test_the_whole_desk(home: Path) -> None:
    """List, find, write with items and a long text, look over, throw nothing away, leave."""
    with opened(home) as program:
        program.wait_for("? lists what can be typed here.")
        program.say("?", "quit")
        program.say("list", "[red]at night")
        program.say("search place:aleppo shots", "[red]at night")
        program.say("new", "Title (required):")
        program.say("Arrests at dusk \x1b[A", "Kind of event (required):")
        program.say("arrest", "When it began (required):")
        program.say("about 3 Aug 2026", "When it ended:")
        program.say(".", "saved: report 2")
        program.say("show 2", "Arrests at dusk")
        program.say("finish 2", "stays a draft")
        program.say("status", "drafts")
        program.say("nonsense", "There is no verb")
        program.say(".", "Nothing is being written here.")
        program.say("show", "Its number:")
        program.say("2", "Arrests at dusk")
        program.say("search", "What to look for:")
        program.say("nowhere at all", "Nothing found.")
        assert b"fieldkit: error" not in program.output
        program.say("quit", "The vault is locked.")
        assert program.ended() == 0


def test_lines_keep_to_the_width(home: Path) -> None:
    """A narrow terminal gets narrow lines."""
    with opened(home, "new", size=(40, 24)) as program:
        program.wait_for("Title (required):")
        program.say("?", "Title (required):")
        program.say(".", "so there is no")
        program.ended()
        lines = program.output.decode().replace("\r", "").split("\n")
        assert max(map(len, lines[2:])) <= 40


@pytest.mark.parametrize(("typed", "code"), [(b"\x03", 130), (b"\x04", 0)], ids=["Ctrl-C", "end of input"])
def test_stopping_leaves_everything_saved(home: Path, typed: bytes, code: int) -> None:
    """In the middle of a line: what was entered is in the vault, and the number is told."""
    with opened(home, "new") as program:
        program.wait_for("Title (required):")
        program.say("A title", "Kind of event (required):")
        if typed == b"\x03":
            program.send(b"arr")
        program.send(typed)
        program.wait_for("Everything you entered is saved: report 2")
        assert program.ended() == code
    with unlock.unlock(home, PASSPHRASE) as session:
        assert session.vault.drafts.load(2).draft.answers == {"title": "A title"}


def test_a_terminal_that_goes_leaves_everything_saved(home: Path) -> None:
    """The line hangs up: the vault is closed, with every entered word in it."""
    with opened(home) as program:
        program.wait_for("? lists")
        program.say("new", "Title (required):")
        program.say("A title", "Kind of event (required):")
        program.process.send_signal(signal.SIGHUP)
        program.ended()
    assert not (home / "vault.db-wal").exists()
    with unlock.unlock(home, PASSPHRASE) as session:
        assert session.vault.drafts.load(2).draft.answers == {"title": "A title"}


def test_a_line_longer_than_a_terminal_takes(home: Path) -> None:
    """The terminal drops what is behind 4,095 bytes: that is said, and nothing is taken for whole."""
    with opened(home, "new") as program:
        program.wait_for("Title (required):")
        program.say("word " * 1000, "longer than a terminal takes")
        program.wait_for("Title (required):", len(program.output) - 200)
        program.say(".", "no report")


def test_after_an_erase_nothing_is_called_saved(home: Path) -> None:
    """The verb works in the middle of a conversation, ends it, and nothing untrue is said behind it."""
    with opened(home) as program:
        program.wait_for("? lists")
        program.say("history 1", "Shots")
        program.say("wipe --drill", "PRACTICE")
        program.say("wipe --yes", "ERASED")
        assert program.ended() == 0
        assert b"stays saved" not in program.output
    assert not home.exists()


def test_a_wrong_passphrase_is_asked_again(home: Path) -> None:
    """What is typed next goes to the program and not to a shell that shows and remembers it."""
    with pty_program(["--plain", "--home", str(home)]) as program:
        program.wait_for("Passphrase: ")
        program.say("mistyped", "does not open this vault")
        program.wait_for("Passphrase: ", len(program.output) - 20)
        program.say(PASSPHRASE, "? lists")
        program.say("quit", "clear it, or close it")
        assert program.ended() == 0
    with pty_program(["list", "--home", str(home)]) as program:
        for _ in range(3):
            program.wait_for("Passphrase: ")
            program.output.clear()
            program.say("mistyped", "does not open")
        assert program.ended() == 4


def test_first_run(tmp_path: Path) -> None:
    """Without a vault one is made, in lines too."""
    new = tmp_path / "new"
    with pty_program(["--plain", "--home", str(new)]) as program:
        program.wait_for("Make one? Type yes or no:")
        program.say("maybe", "Neither was understood. Type yes or no:")
        program.say("yes", "The words above, or your own passphrase:")
        program.say(PASSPHRASE, "The same once more:")
        program.say(PASSPHRASE, "? lists what can be typed here.")
        assert program.output.count(b"Passphrase: ") == 0
        program.say("fieldkit join --help", "usage: fieldkit join")
        program.say("fieldkit lisst", "did you mean `list`?")
        program.say("quit", "The vault is locked.")
        assert program.ended() == 0
        assert ESCAPE not in program.output
