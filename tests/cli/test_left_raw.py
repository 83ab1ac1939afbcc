"""A terminal that a killed program left raw: the next conversation on it works, and ends with it whole."""

from __future__ import annotations

import os
import pty
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import unlock
from fieldkit.cli.terminal import GIVE_BACK
from fieldkit.vault.keyslots import FLOOR_COST
from tests.support.pty_program import pty_program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
LINES = termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty vault."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST).close()
    return folder


@pytest.fixture
def raw() -> Iterator[None]:
    """Every terminal that is opened is raw from the beginning, as after kill -9 of the screens."""
    real = pty.openpty

    def left_raw() -> tuple[int, int]:
        master, slave = real()
        tty.setraw(slave)
        return master, slave

    pty.openpty = left_raw
    yield
    pty.openpty = real


def whole(descriptor: int) -> bool:
    """Whether a terminal reads lines, shows them, and turns Enter and line ends into what they should be."""
    modes = termios.tcgetattr(descriptor)
    ends = bool(modes[0] & termios.ICRNL and modes[1] & termios.OPOST and modes[1] & termios.ONLCR)
    return ends and modes[3] & LINES == LINES


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
def test_the_desk_in_lines(home: Path, raw: None, terminal: str) -> None:
    """Enter ends a line, what is typed shows; a simple terminal is sent no sequence all the same."""
    arguments = ["--plain", "--home", str(home)]
    with pty_program(arguments, environment={"TERM": terminal}) as program:
        assert not whole(program.master)
        program.wait_for("Passphrase: ")
        program.send(PASSPHRASE.encode() + b"\r")
        program.wait_for("Opening the notebook: this takes some seconds.\r\n")
        program.wait_for("? lists what can be typed here.\r\n> ")
        program.send(b"status\r")
        program.wait_for("status\r\nyou ")
        program.send(b"quit\r")
        program.wait_for("The vault is locked.")
        assert program.ended() == 0
        assert whole(program.master)
        assert program.output.count(GIVE_BACK.encode()) == (terminal != "dumb")


def test_a_verb_that_asks_for_the_passphrase(home: Path, raw: None) -> None:
    """It can be typed and ended with Enter."""
    with pty_program(["--home", str(home), "status"]) as program:
        program.wait_for("Passphrase: ")
        program.send(PASSPHRASE.encode() + b"\r")
        program.wait_for("organisation")
        assert program.ended() == 0


def test_the_screens_leave_it_whole(home: Path, raw: None) -> None:
    """They take it over as it should be, so that this is what they give back."""
    with pty_program(["--home", str(home)]) as program:
        program.wait_for("passphrase")
        program.quiet()
        program.send(b"\x11")
        assert program.ended() == 0
        assert whole(program.master)


def test_a_whole_terminal_is_sent_nothing(home: Path) -> None:
    """The control: without harm done, not a byte."""
    with pty_program(["--plain", "--home", str(home)]) as program:
        assert whole(program.master)
        program.wait_for("Passphrase: ")
        assert b"\x1b" not in program.output
        os.kill(program.process.pid, 9)
