"""Writing into a real vault through the desk the screens have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import unlock
from fieldkit.tui.desks.door import HomeDoor
from fieldkit.tui.desks.vault import VaultDesk
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart, Writing
from fieldkit.vault.keyslots import FLOOR_COST

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[VaultDesk]:
    """A vault with nothing in it, open."""
    with unlock.initialise(tmp_path / "vault", PASSPHRASE, cost=FLOOR_COST):
        pass
    opened = HomeDoor(tmp_path / "vault").open(PASSPHRASE)
    yield opened
    opened.lock()


def test_what_is_stored_comes_back(desk: VaultDesk) -> None:
    """Answers, and text that could not be read, with the way back over them."""
    writing: Writing = desk.writing
    draft = writing.begin({"title": "Shots"})
    draft.writer.write(("start",), "some day in spring")
    assert writing.store(draft.number, draft.writer.snapshot()) > 0
    again = writing.open(draft.number).writer
    assert again.snapshot().answers["title"] == "Shots"
    assert again.snapshot().unread == {("start",): "some day in spring"}
    assert again.can_undo


def test_two_windows(desk: VaultDesk) -> None:
    """The second one's words go into a report of their own, which is told once and then goes on there."""
    draft = desk.writing.begin({"title": "Shots"})
    one, two = desk.writing.open(draft.number), desk.writing.open(draft.number)
    one.writer.write(("title",), "Shots at night")
    desk.writing.store(one.number, one.writer.snapshot())
    two.writer.write(("title",), "Shots by day")
    with pytest.raises(KeptApart) as caught:
        desk.writing.store(two.number, two.writer.snapshot())
    assert caught.value.number != draft.number
    assert caught.value.when > 0
    assert "elsewhere" in caught.value.message
    assert caught.value.hint
    two.writer.write(("gov",), "Aleppo")
    assert desk.writing.store(caught.value.number, two.writer.snapshot()) > 0
    assert desk.writing.open(draft.number).writer.snapshot().answers["title"] == "Shots at night"
    kept = desk.writing.open(caught.value.number).writer.snapshot().answers
    assert (kept["title"], kept["gov"]) == ("Shots by day", "Aleppo")


def test_untouched_drafts_go(desk: VaultDesk) -> None:
    """A draft in which nothing was written is thrown away; one with a word in it is not."""
    empty, begun = desk.writing.begin(), desk.writing.begin({"title": "Shots"})
    assert desk.writing.abandon(empty.number)
    assert not desk.writing.abandon(begun.number)
    with pytest.raises(Trouble):
        desk.writing.open(empty.number)


def test_locked(desk: VaultDesk) -> None:
    """After a lock nothing is said to be stored."""
    draft = desk.writing.begin()
    draft.writer.write(("title",), "Shots")
    desk.lock()
    with pytest.raises(Trouble):
        desk.writing.store(draft.number, draft.writer.snapshot())


def test_finishing_before_joining(desk: VaultDesk) -> None:
    """What cannot be finished says what is in the way."""
    draft = desk.writing.begin({"title": "Shots"})
    with pytest.raises(Trouble) as caught:
        desk.writing.finish(draft.number)
    assert caught.value.message
