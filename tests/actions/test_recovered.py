"""After a stop the next start says what is there; after a good end it says nothing."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.actions import capture, recovered, unlock
from fieldkit.actions.session import Session
from fieldkit.forms.builtin import incident_form
from fieldkit.vault.keyslots import FLOOR_COST

STRONG = "orbit lantern maple quilt harbor tunnel"
NOW = 1_790_000_000
ANSWERS = {"title": "Shots at night", "gov": "Example Region", "narrative": "five words of an account"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A vault with one draft, written long ago."""
    folder = tmp_path / "home"
    with unlock.initialise(folder, STRONG, cost=FLOOR_COST, clock=lambda: NOW - 9_999) as session:
        capture.new_draft(session, {"title": "Old"})
    return folder


def at(home: Path, *seconds: int) -> Session:
    """The vault, opened; its clock reads these times one after the other, then stays."""
    times = itertools.chain(seconds, itertools.repeat(seconds[-1]))
    return unlock.unlock(home, STRONG, clock=lambda: next(times))


def stopped(session: Session, watched: recovered.Watched) -> None:
    """As a crash leaves it: the system lets go of the lock, nothing is written."""
    assert watched.held is not None
    watched.held.handle.close()
    session.vault._database.close()


def test_a_stop_is_told_once(home: Path) -> None:
    """Which reports, how much of each, until which second; those from before are not meant."""
    session = at(home, NOW)
    watched = recovered.begin(session)
    assert watched.left is None
    capture.new_draft(session, ANSWERS)
    stopped(session, watched)

    session = at(home, NOW + 60)
    watched = recovered.begin(session)
    left = watched.left
    assert left is not None
    (draft,) = left.drafts
    assert (left.opened, left.more) == (NOW, 0)
    assert (draft.number, draft.title, draft.saved) == (2, "Shots at night", NOW)
    assert (draft.words, draft.answers) == (10, 3)
    recovered.told(session, left)
    recovered.close(session, watched.held)
    session.lock()

    with at(home, NOW + 120) as session:
        assert recovered.recovered(session) is None
    assert not list(home.glob("open-*"))


EARLY = 86_400
"""A clock whose battery is dead begins in 1970."""


@pytest.mark.parametrize("then", [EARLY, NOW - 3_600, NOW + 10**9])
def test_a_clock_that_was_set(home: Path, then: int) -> None:
    """Set back or far ahead between the opening, the saves and the next start: what was written is told, the
    last saved first, and nothing else.
    """
    with at(home, then + 50) as session:
        capture.new_draft(session, {"title": "Before, by a clock that ran ahead"})
    session = at(home, NOW)
    watched = recovered.begin(session)
    first = capture.new_draft(session, ANSWERS).number
    session.clock = lambda: then
    second = capture.new_draft(session, ANSWERS).number
    stopped(session, watched)
    session = at(home, then - 100)
    watched = recovered.begin(session)
    assert watched.left is not None
    assert [draft.number for draft in watched.left.drafts] == [second, first]
    session.clock = lambda: EARLY
    capture.edit(session, str(first), {"title": "Written again"})
    third = capture.new_draft(session, ANSWERS).number
    stopped(session, watched)
    with at(home, EARLY) as session:
        left = recovered.recovered(session)
        assert left is not None
        assert [draft.number for draft in left.drafts] == [third, first, second]
        assert left.opened == NOW


def test_what_a_finished_draft_had_is_not_given_again(home: Path) -> None:
    """The last draft saved before an opening is gone: what was saved since is told all the same."""
    with at(home, NOW - 500) as session:
        gone = capture.new_draft(session, {"title": "Gone"}).number
    session = at(home, NOW)
    watched = recovered.begin(session)
    session.vault.drafts.discard(gone)
    kept = capture.new_draft(session, ANSWERS).number
    stopped(session, watched)
    with at(home, NOW) as session:
        left = recovered.recovered(session)
        assert left is not None
        assert [draft.number for draft in left.drafts] == [kept]


def test_a_stop_of_an_earlier_program(home: Path) -> None:
    """It noted when it opened the vault, and nothing else: then the clock has to do."""
    session = at(home, NOW)
    watched = recovered.begin(session)
    number = capture.new_draft(session, ANSWERS).number
    session.vault._database.run("DELETE FROM progress WHERE name LIKE 'turn/%'")
    session.vault._database.run("UPDATE draft SET turn = 0")
    stopped(session, watched)
    with at(home, NOW + 60) as session:
        left = recovered.recovered(session)
        assert left is not None
        assert [draft.number for draft in left.drafts] == [number]


def test_a_stop_that_was_not_read_is_told_again(home: Path) -> None:
    """A second stop before anybody read it loses nothing."""
    for seconds in (NOW, NOW + 60):
        session = at(home, seconds)
        watched = recovered.begin(session)
        capture.new_draft(session, ANSWERS)
        stopped(session, watched)
    with at(home, NOW + 120) as session:
        left = recovered.recovered(session)
        assert left is not None
        assert left.opened == NOW
        assert [draft.number for draft in left.drafts] == [3, 2]
        assert len(left.openings) == 2


def test_a_good_end_says_nothing(home: Path) -> None:
    """Nor does a stop while nothing was written: nothing was in danger, and it is forgotten."""
    session = at(home, NOW)
    watched = recovered.begin(session)
    capture.new_draft(session, ANSWERS)
    recovered.close(session, watched.held)
    session.lock()
    session = at(home, NOW + 60)
    watched = recovered.begin(session)
    assert watched.left is None
    stopped(session, watched)
    session = at(home, NOW + 120)
    watched = recovered.begin(session)
    assert watched.left is None
    recovered.close(session, watched.held)
    assert recovered.recovered(session) is None
    session.lock()
    assert not list(home.glob("open-*"))


def test_a_bad_end_is_told(home: Path) -> None:
    """A program that ends itself after a fault locks the vault, and the next start still says so."""
    session = at(home, NOW)
    watched = recovered.begin(session)
    capture.new_draft(session, ANSWERS)
    recovered.close(session, watched.held, orderly=False)
    session.lock()
    with at(home, NOW + 60) as session:
        left = recovered.recovered(session)
        assert left is not None
        assert [draft.number for draft in left.drafts] == [2]


WRITER = """
import os, sys
from pathlib import Path
from fieldkit.actions import capture, recovered, unlock
session = unlock.unlock(Path(sys.argv[1]), sys.stdin.readline().strip())
watched = recovered.begin(session)
capture.new_draft(session, {"title": "Written elsewhere"})
print("saved", flush=True)
sys.stdin.read()
"""


def test_a_program_that_still_runs_is_no_crash(home: Path) -> None:
    """Only once it is killed does the next start tell of it."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdin is not None and writer.stdout is not None
    with writer:
        writer.stdin.write(f"{STRONG}\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "saved\n"
        with unlock.unlock(home, STRONG) as session:
            assert recovered.recovered(session) is None
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
            left = recovered.recovered(session)
    assert left is not None
    assert [draft.title for draft in left.drafts] == ["Written elsewhere"]


def test_words_and_answers() -> None:
    """Of items too; codes, dates and the items themselves are no words."""
    answers = {
        "title": "Two words",
        "kind": ["arrest"],
        "sources": [{"src": "S1", "src_name": "Example Name Three"}, {"src": "S2"}],
    }
    form = incident_form()
    assert recovered.count_words(form, answers) == 5  # type: ignore[arg-type]
    assert recovered.count_answers(answers) == 5  # type: ignore[arg-type]
