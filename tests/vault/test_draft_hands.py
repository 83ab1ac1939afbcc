"""Windows in which a draft is open: each stores its newest, none writes over another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.model.draft import Draft
from fieldkit.vault.draft_rows import StoredDraft
from fieldkit.vault.draft_steps import STEPS_KEPT
from fieldkit.vault.drafts import STEP_SECONDS, Hand
from fieldkit.vault.errors import Overtaken
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW

EMPTY = Draft(form_id="incident", form_version=1)


def hand(stamp: int, *, name: bytes = b"window-1", turned: bool = False, fresh: bool = False) -> Hand:
    """A window that opened the first edition."""
    return Hand(id=name, based=1, stamp=stamp, turned=turned, fresh=fresh)


def save(vault: Vault, by: Hand, title: str, *, after: int = 0, unread: str = "") -> StoredDraft:
    """Save a title, and perhaps a date that could not be read."""
    said = replace(EMPTY, answers={"title": title}, unread={("start",): unread} if unread else {})
    return vault.drafts.save(1, said, now=NOW + after, hand=by)


def titles(vault: Vault) -> tuple[list[object], list[object]]:
    """What undo and redo would bring back, oldest first."""
    past, later = vault.drafts.steps(1)
    return [step.answers.get("title") for step in past], [step.answers.get("title") for step in later]


def test_older_stamps_change_nothing(vault: Vault) -> None:
    """A worker that is late with what its window said before stores nothing."""
    vault.drafts.begin(EMPTY, now=NOW)
    save(vault, hand(2), "newer")
    assert save(vault, hand(1), "older").draft.title == "newer"
    assert save(vault, hand(2), "the same stamp").draft.title == "newer"
    assert save(vault, hand(3), "newest").draft.title == "newest"


def test_another_window_is_told_it_was_overtaken(vault: Vault) -> None:
    """Whoever opened an edition that is not the last stores nothing; the one that stored goes on."""
    vault.drafts.begin(EMPTY, now=NOW)
    save(vault, hand(1), "one")
    with pytest.raises(Overtaken):
        save(vault, hand(9, name=b"window-2"), "two")
    assert save(vault, hand(2), "one more").draft.title == "one more"
    later = Hand(id=b"window-3", based=vault.drafts.load(1).edition, stamp=1)
    assert save(vault, later, "three").draft.title == "three"
    with pytest.raises(Overtaken):
        save(vault, hand(3), "one again")


def test_the_command_line_overtakes_too(vault: Vault) -> None:
    """A change, an undo or a redo by nobody's window counts as one by another."""
    vault.drafts.begin(EMPTY, now=NOW)
    save(vault, hand(1), "one", after=STEP_SECONDS)
    vault.drafts.undo(1, now=NOW)
    with pytest.raises(Overtaken):
        save(vault, hand(2), "two")


def test_saving_the_same_is_no_new_edition(vault: Vault) -> None:
    """Looking at a draft, or saving what it says already, does not overtake a window."""
    first = vault.drafts.begin(EMPTY, now=NOW)
    assert vault.drafts.save(1, EMPTY, now=NOW).edition == first.edition
    assert save(vault, hand(1), "one").edition > first.edition


def test_an_act_of_its_own_is_a_step_of_its_own(vault: Vault) -> None:
    """Letters of one go share a step for a while; what is fresh does not, however soon it comes."""
    vault.drafts.begin(EMPTY, now=NOW)
    for stamp, title in enumerate(("a", "ab", "abc"), 1):
        save(vault, hand(stamp, fresh=stamp == 1), title)
    save(vault, hand(4, fresh=True), "other")
    assert titles(vault) == ([None, "abc"], [])


def test_undo_in_a_window_moves_the_draft(vault: Vault) -> None:
    """A turn goes to the step that says the same, with what could not be read; the later ones stay."""
    vault.drafts.begin(EMPTY, now=NOW)
    save(vault, hand(1, fresh=True), "a", unread="some day")
    save(vault, hand(2, fresh=True), "b")
    save(vault, hand(3, turned=True), "a", unread="some day")
    assert titles(vault) == ([None], ["b"])
    assert vault.drafts.load(1).draft.unread == {("start",): "some day"}
    save(vault, hand(4, turned=True), "b")
    assert titles(vault) == ([None, "a"], [])
    save(vault, hand(5, turned=True), "never stored")
    assert titles(vault)[0][-1] == "b", "what is nowhere becomes a step, and nothing is lost"


def test_only_so_many_steps(vault: Vault) -> None:
    """The oldest go first."""
    vault.drafts.begin(EMPTY, now=NOW)
    for stamp in range(1, STEPS_KEPT + 11):
        save(vault, hand(stamp, fresh=True), str(stamp))
    past, later = titles(vault)
    assert len(past) == STEPS_KEPT - 1 and past[-1] == str(STEPS_KEPT + 9) and later == []
