"""The real program is ended while somebody writes in it: which words are in the vault then (R7)."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldkit.actions import capture, unlock
from fieldkit.actions.errors import ActionError
from fieldkit.vault.keyslots import FLOOR_COST
from tests.tui.terminal import LOOK_SECONDS, PATIENCE_SECONDS, TMUX, Terminal
from tests.tui.test_terminal import PASSPHRASE, opened, programs

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux")

OLD_SECONDS = 2.0
"""What was seen on the screen so long before the program was killed must be in the vault."""

WORDS = [f"word{number}" for number in range(40)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with one draft."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        capture.new_draft(session, {"gov": "Aleppo"})
    return folder


@contextmanager
def writing(folder: Path, home: Path) -> Iterator[Terminal]:
    """The program with the draft open in the form, the cursor in its title."""
    with opened(folder, home) as shown:
        shown.type(PASSPHRASE)
        shown.press("Enter")
        shown.wait_for("1 draft", "0001")
        shown.press("e")
        shown.wait_for("What happened · page 1", "Title", "saved")
        yield shown


def type_word(shown: Terminal, word: str) -> float:
    """Type it; when it was seen on the screen."""
    shown.type(f"{word} ")
    shown.wait_until(lambda screen: f"{word} " in f"{screen} ".replace("\n", " "), word)
    return time.monotonic()


def end(home: Path, number: signal.Signals) -> None:
    """Send the program a signal."""
    (process,) = programs(home)
    os.kill(int(process), number)


def title(home: Path) -> str:
    """The title that is in the vault, once nobody else has it open."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with unlock.unlock(home, PASSPHRASE) as session:
                return session.vault.drafts.load(1).draft.title
        except ActionError:
            assert time.monotonic() < end, "the vault stays in use"
            time.sleep(LOOK_SECONDS)


def test_killed_in_the_middle_of_a_sentence(tmp_path: Path, made: Path) -> None:
    """Every word older than two seconds is there, and what is there is what was typed."""
    home = shutil.copytree(made, tmp_path / "vault")
    with writing(tmp_path, home) as shown:
        seen = {word: type_word(shown, word) for word in WORDS[:2]}
        for word in WORDS[2:]:
            if time.monotonic() - seen[WORDS[1]] > OLD_SECONDS:
                break
            seen[word] = type_word(shown, word)
        # Where all of them were typed sooner, none would be old.
        time.sleep(max(0.0, OLD_SECONDS + LOOK_SECONDS - (time.monotonic() - seen[WORDS[1]])))
        killed = time.monotonic()
        end(home, signal.SIGKILL)
        shown.wait_for("LEFT WITH 137")
    kept = title(home)
    old = [word for word, moment in seen.items() if killed - moment > OLD_SECONDS]
    assert WORDS[0] in old
    assert " ".join(WORDS).startswith(kept.strip())
    assert kept.split()[: len(old)] == old


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP])
def test_ended_by_a_signal(tmp_path: Path, made: Path, number: signal.Signals) -> None:
    """When the terminal goes, the system ends it or it is put to sleep, every word is stored."""
    home = shutil.copytree(made, tmp_path / "vault")
    with writing(tmp_path, home) as shown:
        for word in WORDS[:3]:
            type_word(shown, word)
        end(home, number)
        assert title(home).split() == WORDS[:3]
        for process in programs(home):
            os.kill(int(process), signal.SIGKILL)
