"""Drafts that were thrown away come back whole within the hour, whatever the clock does meanwhile."""

from __future__ import annotations

import pytest

from fieldkit.model.draft import Draft
from fieldkit.vault.discarded import UNDO_SECONDS
from fieldkit.vault.errors import NoSuchRecord
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW


def draft(title: str) -> Draft:
    """One with a title."""
    return Draft(form_id="incident", form_version=1, answers={"title": title})


def begun(vault: Vault, title: str, *, now: int = NOW) -> int:
    """A new draft's number."""
    return vault.drafts.begin(draft(title), now=now).number


@pytest.mark.parametrize("later", [-10 * UNDO_SECONDS, -1, 0, UNDO_SECONDS - 1])
def test_the_way_back(vault: Vault, later: int) -> None:
    """Within the hour, and after the clock was set back by a second or by years."""
    number = begun(vault, "one")
    vault.discarded.discard(number, now=NOW)
    assert vault.discarded.newest(now=NOW + later) == number
    vault.discarded.restore(number, now=NOW + later)
    assert vault.drafts.load(number).draft.answers == {"title": "one"}


def test_it_ends(vault: Vault) -> None:
    """After an hour nothing is kept; where the clock was set back, an hour after that was noticed."""
    first, second = begun(vault, "one"), begun(vault, "two")
    for number in (first, second):
        vault.discarded.discard(number, now=NOW)
    assert vault.discarded.newest(now=NOW - 500) == second
    assert vault.discarded.newest(now=NOW - 501 + UNDO_SECONDS) == second
    with pytest.raises(NoSuchRecord):
        vault.discarded.restore(first, now=NOW - 500 + UNDO_SECONDS)
    assert vault.discarded.newest(now=NOW - 500 + UNDO_SECONDS) is None


def test_a_row_that_is_given_again(vault: Vault) -> None:
    """Drafts of one second, thrown away one after the other, stood in the same row: each comes back."""
    numbers = []
    for title in ("one", "two", "three"):
        numbers.append(begun(vault, title))
        vault.discarded.discard(numbers[-1], now=NOW)
    standing = begun(vault, "stays")
    for number in (numbers[1], numbers[2], numbers[0]):
        vault.discarded.restore(number, now=NOW)
    titles = {one.number: one.draft.title for one in vault.drafts.all()}
    assert titles == dict(zip((*numbers, standing), ("one", "two", "three", "stays"), strict=True))


def test_thrown_away_again(vault: Vault) -> None:
    """A draft that came back is thrown away with what it says now; the steps before come back too."""
    number, other = begun(vault, "one"), begun(vault, "other")
    for later, title in ((10, "two"), (20, "three")):
        vault.discarded.discard(number, now=NOW)
        vault.discarded.discard(other, now=NOW)
        vault.discarded.restore(number, now=NOW)
        vault.discarded.restore(other, now=NOW)
        vault.drafts.save(number, draft(title), now=NOW + later)
    past, _ = vault.drafts.steps(number)
    assert [step.answers["title"] for step in past] == ["one", "two"]
    assert vault.drafts.load(other).draft.title == "other"
