"""A fault of the program leaves its type and place in the vault, and no word of anybody's (R27)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fieldkit.actions import crash_note, status, unlock
from fieldkit.actions.session import Session
from fieldkit.vault.keyslots import FLOOR_COST
from fieldkit.vault.openings import CRASHES_KEPT

SECRET = "orbit lantern maple quilt harbor tunnel"
WITNESS = "a witness called Example"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    unlock.initialise(folder, SECRET, cost=FLOOR_COST).close()
    return folder


def fault(line: int) -> BaseException:
    """One with somebody's words in it, from one of two places."""
    told_by = WITNESS
    try:
        if line:
            raise ValueError(told_by)
        raise KeyError(told_by)
    except (ValueError, KeyError) as error:
        return error


def at(session: Session, now: int) -> Session:
    """The same at another time."""
    session.clock = lambda: now
    return session


def test_notes(home: Path) -> None:
    """Type, place, time; the same fault again is one note; nothing of its words is anywhere in the vault."""
    with unlock.unlock(home, SECRET) as session:
        first = crash_note.note(at(session, 1_790_000_000), fault(1))
        crash_note.note(at(session, 1_790_000_100), fault(0))
        again = crash_note.note(at(session, 1_790_000_200), fault(1))
        assert (first.kind, first.id) == ("ValueError", again.id)
        found = crash_note.notes(session)
        assert [(note.kind, note.at) for note in found] == [
            ("ValueError", 1_790_000_200), ("KeyError", 1_790_000_100),
        ]  # fmt: skip
        rows = session.vault._database.rows("SELECT name FROM progress")
        assert not any("witness" in str(name) for (name,) in rows)
        told = [finding for finding in status.doctor(home, session) if finding.title == "crash"]
        assert [finding.level for finding in told] == ["warning", "warning"]
        assert f"ValueError, id {first.id}" in told[0].detail
        assert not any("witness" in f"{finding.detail}{finding.hint}" for finding in told)


def test_only_so_many_are_kept(home: Path) -> None:
    """The oldest go."""
    with unlock.unlock(home, SECRET) as session:
        for number in range(CRASHES_KEPT + 5):
            kind = type(f"Fault{number}", (Exception,), {})
            crash_note.note(at(session, 1_800_000_000 + number), kind(os.urandom(4).hex()))
        found = crash_note.notes(session)
        assert len(found) == CRASHES_KEPT
        assert found[0].kind == f"Fault{CRASHES_KEPT + 4}"
