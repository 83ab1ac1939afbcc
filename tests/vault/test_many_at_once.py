"""Reports that are kept together are kept as if they came one after the other."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fieldkit.model.draft import Draft
from fieldkit.model.ids import DeviceId, IncidentId, RevisionId
from fieldkit.vault import incidents
from fieldkit.vault.db import Row
from fieldkit.vault.incidents import Headline
from fieldkit.vault.revisions import NewRevision
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW, bare_vault

TABLES = {
    "incident": "SELECT * FROM incident ORDER BY number",
    "revision": "SELECT * FROM revision ORDER BY id",
    "revision_parent": "SELECT * FROM revision_parent ORDER BY revision, position",
    "revision_part": "SELECT * FROM revision_part ORDER BY revision, lane",
    "incident_text": "SELECT * FROM incident_text ORDER BY row",
    "progress": "SELECT * FROM progress ORDER BY name",
}

HOSTILE = ("", "\x00", "'); DROP TABLE incident; --", "تقرير", "x" * 5_000)
FIRSTS, ALL = 12, 20
"""How many revisions follow nothing, and how many there are."""

TIMES = (0, NOW, NOW, NOW + 1, 253_402_300_799)


def stored(vault: Vault) -> dict[str, list[Row]]:
    """Everything that keeping a revision may change."""
    return {table: vault._database.rows(select) for table, select in TABLES.items()}


def rid(number: int) -> RevisionId:
    """One of few ids, so that they meet."""
    return RevisionId(bytes([number]) * 16)


def arrived(dice: random.Random, number: int) -> NewRevision:
    """The revision with this number: a report that follows nothing below FIRSTS, else one that does."""
    parents = () if number < FIRSTS else tuple({rid(dice.randrange(number)), rid(dice.randrange(FIRSTS))})
    text = dice.choice(HOSTILE)
    return NewRevision(
        id=rid(number),
        author=DeviceId(bytes([number % 3]) * 16),
        created=dice.choice(TIMES),
        parents=parents,
        content=text.encode() + bytes([number]),
        headline=Headline(title=text, words=dice.choice((None, None, "words of it"))),
        withdraws=bool(parents) and dice.random() < 0.3,
    )


@pytest.mark.parametrize("seed", range(40))
def test_together_is_as_one_by_one(tmp_path: Path, seed: int) -> None:
    """Twice in one batch, in two batches, beside what waited under a name: the same rows, the same count."""
    dice = random.Random(seed)
    all_of_them = [arrived(dice, number) for number in range(ALL)]
    batches = [dice.choices(all_of_them[:FIRSTS], k=dice.randrange(10)) for _ in range(3)]
    others = dice.choices(all_of_them[FIRSTS:], k=3)
    with bare_vault(tmp_path / "one") as one, bare_vault(tmp_path / "many") as many:
        for batch, other in zip(batches, others, strict=True):
            # A report that is here keeps its place, so what came alone comes last in both.
            placed = {row[0] for row in one._database.rows("SELECT id FROM incident")}
            in_order = sorted(batch, key=lambda new: new.id in placed)
            new = sum(one.revisions.keep(revision, now=NOW) for revision in in_order)
            assert many.revisions.keep_firsts(batch, now=NOW) == new
            assert one.revisions.keep(other, now=NOW) == many.revisions.keep(other, now=NOW)
            assert stored(many) == stored(one)


def test_what_follows_something_may_stand_among_them(empty_vault: Vault) -> None:
    """Whoever calls it with more than firsts gets the same as with `keep`."""
    dice = random.Random(7)
    batch = dice.choices([arrived(dice, number) for number in range(ALL)], k=60)
    count = empty_vault.revisions.keep_firsts(batch, now=NOW)
    held = len(stored(empty_vault)["revision"])
    assert count == held == len({new.id for new in batch})
    assert empty_vault.revisions.keep_firsts(batch, now=NOW) == 0


def test_a_full_second_goes_on_in_the_next(empty_vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for whom their second has no place stand in the next one, with their numbers."""
    monkeypatch.setattr(incidents, "SECOND_BITS", 1)
    batch = [
        NewRevision(
            id=rid(number),
            author=DeviceId(bytes(16)),
            created=60,
            parents=(),
            content=b"",
            headline=Headline(words=str(number)),
        )
        for number in range(5)
    ]
    assert empty_vault.revisions.keep_firsts(batch, now=NOW) == 5
    lines = empty_vault._database.rows("SELECT number, row - (1 << 20), id FROM incident ORDER BY number")
    assert lines == [(number + 1, number, rid(number)) for number in range(5)]
    found = empty_vault._database.rows("SELECT words FROM incident_text ORDER BY row")
    assert found == [(str(number),) for number in range(5)]


def test_numbers_go_on_after_them(empty_vault: Vault) -> None:
    """No number is given twice, and none is left out."""
    for numbers in ((1, 2, 3), (4, 2, 5)):
        for number in numbers:
            empty_vault.revisions.keep_firsts(
                [
                    NewRevision(
                        id=rid(number),
                        author=DeviceId(bytes(16)),
                        created=NOW,
                        parents=(),
                        content=b"",
                        headline=Headline(),
                    )
                ],
                now=NOW,
            )
        empty_vault.drafts.begin(Draft(form_id="incident", form_version=1), now=NOW)
    assert [row[0] for row in empty_vault._database.rows("SELECT number FROM incident ORDER BY 1")] == [
        *range(1, 8)
    ]
    assert incidents.find(empty_vault._database, IncidentId(rid(5))) is not None
