"""The real door and desk, on a real vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import capture, unlock
from fieldkit.tui.desks.door import HomeDoor
from fieldkit.tui.desks.vault import VaultDesk
from fieldkit.tui.ports.door import Desk, Door
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.vault.keyslots import FLOOR_COST

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with five drafts."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        for number in range(1, 6):
            sources = [{"src": "S1", "src_name": "Example Name"}]
            capture.new_draft(session, {"title": f"Report {number}", "sources": sources})
    return folder


@pytest.fixture
def desk(home: Path) -> Iterator[VaultDesk]:
    """The vault, opened."""
    opened = HomeDoor(home).open(PASSPHRASE)
    yield opened
    opened.lock()


def test_they_are_what_the_screens_ask_for(home: Path, desk: VaultDesk) -> None:
    """Both satisfy the ports by shape; mypy holds the rest."""
    door: Door = HomeDoor(home)
    opened: Desk = desk
    assert (door.place, door.exists()) == (str(home), True)
    assert opened.reports.summary().drafts == 5


def test_no_vault(tmp_path: Path) -> None:
    """A home without a vault is told apart, and looking makes nothing."""
    assert not HomeDoor(tmp_path / "none").exists()
    assert not (tmp_path / "none").exists()


def test_wrong_passphrase(home: Path) -> None:
    """A wrong passphrase is trouble with a hint."""
    with pytest.raises(Trouble) as caught:
        HomeDoor(home).open("not this one")
    assert "does not open" in caught.value.message
    assert caught.value.hint


def test_pages(desk: VaultDesk) -> None:
    """Pages follow each other without a gap or a repetition, and the last one says so."""
    first = desk.reports.page(None, 2)
    second = desk.reports.page(first.following, 2)
    third = desk.reports.page(second.following, 2)
    numbers = [line.number for page in (first, second, third) for line in page.lines]
    assert sorted(numbers) == [1, 2, 3, 4, 5]
    assert third.following is None
    whole = desk.reports.page(None, 100)
    assert [line.number for line in whole.lines] == numbers
    assert whole.following is None


def test_reading_leaves_sources_out(desk: VaultDesk) -> None:
    """A report is read without who its sources are."""
    reading = desk.reports.read(3)
    assert "Report 3" in reading.heading
    assert any(passage.text == "Report 3" for passage in reading.passages)
    assert "Example Name" not in repr([(passage.label, passage.text) for passage in reading.passages])
    assert "Account: An answer is required." in reading.notes
    assert not any("narrative" in note for note in reading.notes)


def test_unknown_number(desk: VaultDesk) -> None:
    """A report that is not there is trouble, not a crash."""
    with pytest.raises(Trouble):
        desk.reports.read(999)


def test_locked_desk_answers_with_trouble(desk: VaultDesk) -> None:
    """After a lock every question is trouble; a second lock does nothing."""
    desk.lock()
    desk.lock()
    for ask in (lambda: desk.reports.page(None, 2), lambda: desk.reports.read(1), desk.reports.summary):
        with pytest.raises(Trouble):
            ask()


def test_preparing_loads_what_opening_needs(home: Path) -> None:
    """After `prepare` nothing heavy is left to import."""
    import sys

    HomeDoor(home).prepare()
    assert {"fieldkit.actions.unlock", "fieldkit.actions.records", "fieldkit.actions.status"} <= set(
        sys.modules
    )
