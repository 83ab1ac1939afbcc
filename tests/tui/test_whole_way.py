"""The way of one report through the real program: two terminals, a real server, a kill in the middle.

A reporter makes a vault on the first screen, joins, and writes the sample incident (restated for these tests)
with two victims and three sources. The program is killed in the middle of a sentence and opened again: what
is older than a second is there. The report is finished, sent, pulled in another terminal, and delivered.
"""

from __future__ import annotations

import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from fieldkit.actions import enrol, exchange, unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.support.server import start_server
from tests.tui.terminal import TMUX, Terminal, terminal
from tests.tui.typist import Typist, kill_program, without_times

pytestmark = [pytest.mark.skipif(TMUX is None, reason="needs tmux"), pytest.mark.apart]

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
ROOT = Path(__file__).resolve().parents[2]
OLD_ENOUGH_SECONDS = 1.3
"""What was typed before this is older than a second and saved; the rest is how long a busy machine takes."""

TITLE = "Arrest campaign in the northern Aleppo countryside"
ACCOUNT = (
    "Two groups began a joint campaign of arrests yesterday. S1 counted more than twenty-five people taken in"
    " less than a day. S2 says it ends when no cell is left. Two days earlier, armed men had come into the"
    " town of Mare' and shot at random."
)
LOST = " Where they are held is"
"""Typed in the last moment before the kill; it may be lost."""

KINDS = ("Person", "Family", "Group")
"""Of victims, in the order of the form."""

VICTIMS = (
    ("Group", (("Description", "More than twenty-five people arrested, not named"),)),
    ("Person", (("Name in Latin or other letters", "Invented Detainee"), ("Age at the time", "30-40"))),
)
SOURCES = (
    (("Identity", "Example Correspondent"), ("What the source said", "Counted the arrests on the first day")),
    (("Identity", "Example Official"), ("What the source said", "Named the aim of the campaign")),
    (("Identity", "Example Resident"), ("What the source said", "Finds the campaign overdue")),
)


@dataclass(frozen=True, slots=True)
class People:
    """A running server, the homes of a coordinator and of a reporter who is yet to come, and the invite."""

    folder: Path
    invite: Path

    def home(self, name: str) -> Path:
        """Somebody's vault."""
        return self.folder / name


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    """An organisation with one open invite."""
    server = start_server(tmp_path)
    with unlock.initialise(tmp_path / "desk-1", PASSPHRASE, cost=FLOOR_COST) as session:
        enrol.create_organisation(session, "Synthetic observers", server.ticket_text(), pseudonym="desk-1")
        invited = enrol.invite(session, "reporter", "north-7")
        exchange.sync(session)
    (tmp_path / "invite.txt").write_text(invited.text)
    yield People(tmp_path, tmp_path / "invite.txt")
    server.stop()


@contextmanager
def program(people: People, name: str) -> Iterator[Terminal]:
    """The program on somebody's vault, in a terminal of its own."""
    words = [sys.executable, "-m", "fieldkit.cli.main", "--home", str(people.home(name))]
    folder = people.folder / f"terminal-{name}-{time.monotonic_ns()}"
    folder.mkdir()
    with terminal(folder, f"cd {shlex.quote(str(ROOT))}; {shlex.join(words)}", environment={}) as shown:
        yield shown


def test_the_whole_way(people: People, snapshot: SnapshotAssertion) -> None:
    """From no vault to delivered, with a kill -9 in the middle of a sentence."""
    with program(people, "north-7") as shown:
        make_vault(shown)
        join(shown, people)
        write(shown, snapshot)
        time.sleep(OLD_ENOUGH_SECONDS)
        shown.type(LOST)
        kill_program(people.home("north-7"), signal.SIGKILL)
        shown.wait_for("LEFT WITH 137")
    with program(people, "north-7") as shown:
        unlock_vault(shown)
        shown.wait_for("The program was stopped before", TITLE)
        assert without_times(shown.settled()) == snapshot(name="after the kill")
        shown.press("Enter")
        finish(shown, snapshot)
        send(shown, snapshot)
        with program(people, "desk-1") as desk:
            unlock_vault(desk)
            pull(desk, snapshot)
        see_delivered(shown, snapshot)


def make_vault(shown: Terminal) -> None:
    """The first screen, a passphrase of one's own typed twice, no recovery words."""
    shown.wait_for("There is no vault here yet")
    shown.press("Enter")
    shown.wait_for("These six words were drawn")
    shown.type(PASSPHRASE)
    shown.wait_for("•" * 20)
    shown.press("Enter")
    shown.wait_for("Type the same passphrase once more")
    shown.type(PASSPHRASE)
    shown.press("Enter")
    shown.wait_for("Recovery words, if you want them")
    shown.press("Escape")


def unlock_vault(shown: Terminal) -> None:
    """The passphrase."""
    shown.wait_for("passphrase")
    shown.type(PASSPHRASE)
    shown.press("Enter")
    shown.wait_for("locks in")


def join(shown: Terminal, people: People) -> None:
    """The invite out of its file, the words to compare, a pseudonym."""
    shown.wait_for("Joining an organisation", "fki1.")
    shown.type(str(people.invite))
    shown.press("Enter")
    shown.wait_for("Read these words to whoever gave you the invite")
    shown.type("north-7")
    shown.press("Enter")
    shown.wait_for("This vault belongs to an organisation")
    shown.press("Enter")
    shown.wait_for("No reports yet")


def write(shown: Terminal, snapshot: SnapshotAssertion) -> None:
    """Quick capture, then the form: kind, two victims, three sources; the account last."""
    hands = Typist(shown)
    shown.press("n")
    shown.wait_for("New report")
    hands.write("Title", TITLE)
    hands.write("When it began", "yesterday")
    hands.write("Governorate or region", "Aleppo")
    shown.press("F6")
    shown.wait_for("What happened · page 1")
    shown.press("F3")
    shown.wait_for("Problem ")
    hands.choose("Kind of event", "arrest")
    hands.to_page("Victims")
    for number, (kind, answers) in enumerate(VICTIMS, start=1):
        hands.add_item(f"V{number}")
        hands.pick("Person, family or group", KINDS.index(kind) + 1)
        hands.fill(answers)
    hands.to_page("Sources")
    for number, answers in enumerate(SOURCES, start=1):
        hands.add_item(f"S{number}")
        hands.fill(answers)
    hands.to_page("Victims", back=True)
    shown.wait_for("V2 · Invented Detainee", " saved ")
    assert without_times(shown.settled()) == snapshot(name="victims")
    hands.to_page("What happened", back=True)
    hands.write("Account", ACCOUNT)
    shown.wait_for(ACCOUNT.rsplit(maxsplit=1)[-1], " saved ")


def finish(shown: Terminal, snapshot: SnapshotAssertion) -> None:
    """Open the draft again, see that every old word is there, and finish it."""
    shown.wait_for(TITLE[:20])
    shown.press("e")
    shown.wait_for("What happened · page 1")
    shown.press("F9")
    page = without_times(shown.wait_for("Review:"))
    assert page == snapshot(name="review")
    read = " ".join(Typist(shown).read_all().split())
    for text in {*ACCOUNT.split(". "), *words_of(VICTIMS), *words_of(SOURCES)}:
        assert text in read
    shown.press("F9")
    shown.wait_for("F9 again finishes it")
    shown.press("F9")
    shown.wait_for("FINISHED AND SIGNED", "not sent yet")


def send(shown: Terminal, snapshot: SnapshotAssertion) -> None:
    """The sync screen, and the tick of the server."""
    shown.press("F5")
    shown.wait_for("to send", "s Send now")
    assert without_times(shown.settled()) == snapshot(name="before sending")
    shown.press("s")
    shown.wait_for("✓")
    assert without_times(shown.settled()) == snapshot(name="sent")


def pull(desk: Terminal, snapshot: SnapshotAssertion) -> None:
    """A coordinator fetches it, and reads it."""
    desk.wait_for("No reports yet", "n New")
    desk.press("p")
    desk.wait_for("1 new report came", "north-7 is told")
    desk.press("Escape")
    desk.wait_for(TITLE[:15])
    assert without_times(desk.settled()) == snapshot(name="pulled")
    desk.press("Enter")
    desk.wait_for("What happened", "Two groups began")


def see_delivered(shown: Terminal, snapshot: SnapshotAssertion) -> None:
    """The reporter's next exchange brings the second tick."""
    shown.press("s")
    shown.wait_for("✓✓")
    assert without_times(shown.settled()) == snapshot(name="delivered")


def words_of(items: object) -> set[str]:
    """Every answer of the nested tuples above."""
    if isinstance(items, str):
        return {items}
    if isinstance(items, tuple) and len(items) == 2 and all(isinstance(part, str) for part in items):
        return {items[1]}
    assert isinstance(items, tuple)
    return set().union(*(words_of(part) for part in items))
