"""Nobody types: after a while the conversation locks the vault, with every entered word in it."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.actions import unlock
from fieldkit.cli.context import OPENING, Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.output import Output
from fieldkit.cli.passphrase import Passphrases
from fieldkit.cli.plain.desk import talk
from fieldkit.cli.plain.lines import IDLE_SECONDS, Idle, Typed
from fieldkit.tui.locking import IDLE_SECONDS as SCREENS_SECONDS
from fieldkit.vault.keyslots import FLOOR_COST

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
SOON = 0.2
"""Seconds without a line, instead of five minutes."""


@pytest.fixture
def keyboard() -> Iterator[tuple[int, int]]:
    """A terminal: what is typed into the first descriptor is read from the second."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def talked(home: Path, keyboard: tuple[int, int], typed: str) -> tuple[ExitCode, str]:
    """Type some lines, then nothing any more; how it ended and what was said."""
    ours, theirs = keyboard
    os.write(ours, typed.encode())
    said = io.StringIO()
    context = Context(
        home=home,
        output=Output(stdout=said, stderr=said),
        passphrases=Passphrases(given=PASSPHRASE, plain=True),
        plain=True,
        typed=Typed(descriptor=theirs, idle=SOON),
    )
    return talk(context), said.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty vault."""
    unlock.initialise(tmp_path / "vault", PASSPHRASE, cost=FLOOR_COST).close()
    return tmp_path / "vault"


def test_at_the_desk(home: Path, keyboard: tuple[int, int]) -> None:
    """It says why it ends, and the vault is closed: nothing of it is left open beside it."""
    code, said = talked(home, keyboard, "status\n")
    assert code is ExitCode.OK
    assert "Five minutes without a line." in said
    assert said.endswith("The vault is locked. What was saved stays saved.\n")
    assert not (home / "vault.db-wal").exists()
    assert said.index(OPENING) < said.index("? lists what can be typed here.")


def test_in_the_middle_of_a_report(home: Path, keyboard: tuple[int, int]) -> None:
    """What was entered is stored and named; what was typed without Enter is not, and that is said."""
    _, said = talked(home, keyboard, "new\nA title\nhalf a word")
    assert "A line that was not ended with Enter was not taken." in said
    assert "Everything you entered is saved: report 1" in said
    assert said.endswith("The vault is locked. What was saved stays saved.\n")
    assert not (home / "vault.db-wal").exists()
    with unlock.unlock(home, PASSPHRASE) as session:
        assert session.vault.drafts.load(1).draft.answers == {"title": "A title"}


def test_what_was_not_entered_reaches_no_shell(keyboard: tuple[int, int]) -> None:
    """Half a line that waits in the terminal is dropped with the wait: a name may be in it."""
    ours, theirs = keyboard
    os.write(ours, b"half a name")
    with pytest.raises(Idle):
        Typed(descriptor=theirs, idle=SOON).line()
    os.write(ours, b"\n")
    assert os.read(theirs, 100) == b"\n"


def test_a_line_in_time_goes_on(keyboard: tuple[int, int]) -> None:
    """The control: a line that is there is read, the wait begins anew behind it."""
    ours, theirs = keyboard
    typed = Typed(descriptor=theirs, idle=SOON)
    os.write(ours, b"one\ntwo\n")
    assert [typed.line(), typed.line()] == ["one", "two"]
    with pytest.raises(Idle):
        typed.line()


def test_as_long_as_in_the_screens() -> None:
    """The same five minutes everywhere, and the words say so."""
    assert IDLE_SECONDS == SCREENS_SECONDS == 5 * 60


def test_a_signal_just_before_the_wait_ends_it(
    keyboard: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its handler runs when the wait is over: so it must end the wait, however early it came."""
    waited, wait = list[list[int]](), select.select
    before = signal.signal(signal.SIGUSR1, lambda *_: None)

    def late(*watched: Any) -> tuple[list[int], list[int], list[int]]:
        if not waited:
            # As between the last look at signals and the call: what it does then, only its descriptor tells.
            signal.raise_signal(signal.SIGUSR1)
        else:
            os.write(keyboard[0], b"a line\n")
        found = wait(*watched)
        waited.append(found[0])
        return found

    monkeypatch.setattr("fieldkit.cli.plain.lines.select.select", late)
    try:
        assert Typed(keyboard[1], SOON).line() == "a line"
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert [keyboard[1] in found for found in waited] == [False, True]
    assert signal.set_wakeup_fd(-1) == -1
