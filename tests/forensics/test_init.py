"""Making a vault: the six offered words are on the private screen, and afterwards nowhere at all (R4, R8)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fieldkit.actions import unlock
from tests.faults import loop_disk, strace_rig
from tests.faults.needs import need
from tests.forensics.desk import sitting
from tests.forensics.disguises import find
from tests.forensics.places import search_disk, search_folder, search_processes
from tests.tui.terminal import TMUX, terminal

OFFERED = "six offered words"
REFUSED = "passphrase that was refused"

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux")


def test_offered_words_are_nowhere(tmp_path: Path) -> None:
    """Not on the raw disk, in a file, a process, a pipe or what the terminal remembers; and they open it."""
    need(strace_rig.missing())
    need(loop_disk.missing())
    with loop_disk.new(tmp_path / "laptop.img") as disk:
        user, temporary = disk.folder / "user", disk.folder / "temporary"
        user.mkdir(mode=0o700)
        temporary.mkdir()
        texts = {REFUSED: "password password"}
        with sitting(tmp_path, user, temporary) as desk:
            desk.begin("init", "--home vault init")
            offered = desk.shown.wait_for("There is no other way in", "The words above")
            (texts[OFFERED],) = (line.strip() for line in offered.splitlines() if line.startswith("    "))
            desk.type_secret(texts[REFUSED])
            desk.shown.wait_for("Not taken:")
            desk.type_secret(texts[OFFERED])
            desk.shown.wait_for("The same once more")
            processes = search_processes(texts)
            desk.type_secret(texts[OFFERED])
            desk.end("init")
            remembered = desk.shown.scrollback() + desk.shown.other_screen()
            desk.leave()
        disk.settle()
        assert find(remembered.encode(), texts) == []
        assert processes == {}
        assert search_disk(disk.image, texts) == []
        assert search_folder(user, texts) == {}
        places = desk.audits["init"].places_with(texts)
        assert {(place, hit.name) for place, hits in places.items() for hit in hits} == {
            ("/dev/tty", OFFERED)
        }
        changed = {Path(place) for place in desk.audits["init"].changed}
        assert {path.parent for path in changed} <= {user, user / "vault", Path("/dev")}
        with unlock.unlock(user / "vault", texts[OFFERED]):
            pass


@pytest.mark.parametrize(
    "command",
    ["echo {}; seq 100", "echo {}; tput smcup", "tput smcup; echo {}; tput rmcup; tput smcup; echo {}"],
    ids=["scrolled away", "behind another screen", "on another screen"],
)
def test_terminal_search_finds(command: str, tmp_path: Path) -> None:
    """The control: what a terminal remembers is seen, wherever it keeps it."""
    text = "lanterns over the quarry at noon"
    with terminal(tmp_path, command.format(text, text), environment={}) as shown:
        shown.wait_for("LEFT WITH")
        remembered = shown.scrollback() + shown.other_screen()
    assert {hit.name for hit in find(remembered.encode(), {OFFERED: text})} == {OFFERED}


@pytest.mark.parametrize("place", ["argument", "environment"])
def test_process_search_finds(place: str) -> None:
    """The control: a text among the arguments or in the environment of a running process is seen."""
    text = "lanterns over the quarry at noon"
    reading, writing = os.pipe()
    words = ["cat", "-", text] if place == "argument" else ["cat"]
    child = os.posix_spawnp(
        "cat",
        words,
        {"PATH": os.environ["PATH"]} | ({"REPORT": text} if place == "environment" else {}),
        file_actions=[
            (os.POSIX_SPAWN_DUP2, reading, 0),
            (os.POSIX_SPAWN_CLOSE, writing),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    os.close(reading)
    try:
        assert str(child) in search_processes({OFFERED: text})
    finally:
        os.close(writing)
        os.waitpid(child, 0)
