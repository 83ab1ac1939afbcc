"""Revisions from elsewhere: once, in any order, never changed (threat model R17)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from fieldkit.model.draft import Draft
from fieldkit.model.ids import DeviceId, IncidentId, Lane, RevisionId
from fieldkit.model.state import State
from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.incidents import Headline
from fieldkit.vault.revisions import NewRevision
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW, World, signed, write

AUTHOR = DeviceId(b"a" * 16)
OTHER = DeviceId(b"o" * 16)


def named(name: str, *parents: str, created: int = NOW, withdraws: bool = False) -> NewRevision:
    """A revision whose id is a readable name."""
    return NewRevision(
        id=rid(name),
        author=AUTHOR,
        created=created,
        parents=tuple(rid(parent) for parent in parents),
        content=name.encode(),
        headline=Headline(title=name),
        withdraws=withdraws,
    )


def iid(name: str) -> IncidentId:
    """The id of the incident that a revision of this name begins."""
    return IncidentId(rid(name))


def rid(name: str) -> RevisionId:
    """A readable revision id."""
    return RevisionId(name.encode().ljust(16, b"."))


def keep(vault: Vault, *revisions: NewRevision) -> list[bool]:
    """Store them in this order."""
    return [vault.revisions.keep(revision, now=NOW) for revision in revisions]


GRAPH = [named("a"), named("b", "a", created=NOW + 1), named("c", "b", created=NOW + 2), named("m", "c", "z")]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_gives_one_incident(vault: Vault, order: tuple[int, ...]) -> None:
    """Whatever arrives first, all revisions end in the incident of the first one; twice changes nothing.

    The line shows what nothing follows, whatever the clocks claimed.
    """
    assert keep(vault, *(GRAPH[at] for at in order)) == [True] * 4
    assert keep(vault, *GRAPH) == [False] * 4
    (line,) = vault.records.page()
    assert (line.incident, line.revisions, line.own, line.state) == (iid("a"), 4, False, State.RECEIVED)
    assert line.headline.title == "m"
    held = {revision.id: revision for revision in vault.revisions.of_incident(iid("a"))}
    assert held[rid("m")].parents == (rid("c"), rid("z"))
    assert held[rid("b")].parts == {1: b"b"}


def test_a_missing_parent_holds_nothing_up(vault: Vault) -> None:
    """Two revisions of an incident whose first one is missing stand together under its name."""
    keep(vault, named("b", "a"), named("c", "a"))
    (line,) = vault.records.page()
    assert (line.incident, line.revisions) == (iid("a"), 2)


def test_both_drafts_survive_when_incidents_become_one(vault: Vault) -> None:
    """No word is lost when a late revision shows that two lines are one report."""
    keep(vault, named("a"), named("c", "b"))
    for incident in ("a", "b"):
        draft = Draft(
            form_id="incident",
            form_version=1,
            answers={"title": incident},
            incident=iid(incident),
            base=(rid("a"),),
        )
        vault.drafts.begin(draft, now=NOW)
    keep(vault, named("b", "a"))
    assert {stored.draft.title for stored in vault.drafts.all()} == {"a", "b"}
    assert [line.revisions for line in vault.records.page() if line.incident == iid("a")] == [3]


def test_a_draft_that_lost_its_line_finishes_into_the_incident(vault: Vault, world: World) -> None:
    """The draft left over is finished as a revision of the incident it belongs to."""
    first = write(vault, world, "first")
    keep(vault, replace(named("c", "b")))
    vault.drafts.begin(
        Draft(form_id="incident", form_version=1, incident=first.incident, base=(first.id,)),
        now=NOW,
    )
    left = vault.drafts.begin(
        Draft(form_id="incident", form_version=1, incident=iid("b"), base=(first.id,)),
        now=NOW,
    )
    keep(vault, replace(named("b"), parents=(first.id,)))
    finished = signed(world, {"title": "late"}, parents=(first.id,))
    assert vault.finishing.finish(left.number, finished, now=NOW).incident == first.incident
    assert len(vault.records.page()) == 1


def test_parts_come_before_or_after(vault: Vault) -> None:
    """A part waits for its revision and counts only when the same author wrote both."""
    assert vault.revisions.keep_part(rid("a"), Lane.SOURCES, OTHER, b"not mine")
    assert vault.revisions.keep_part(rid("a"), Lane.SOURCES, AUTHOR, b"mine")
    keep(vault, named("a"))
    assert vault.revisions.load(rid("a")).parts == {Lane.MAIN: b"a", Lane.SOURCES: b"mine"}


def test_the_first_part_stays(vault: Vault) -> None:
    """Another content for the same part is told and changes nothing; the same one again is fine."""
    keep(vault, named("a"))
    assert vault.revisions.keep_part(rid("a"), Lane.SOURCES, AUTHOR, b"one")
    assert vault.revisions.keep_part(rid("a"), Lane.SOURCES, AUTHOR, b"one")
    assert not vault.revisions.keep_part(rid("a"), Lane.SOURCES, AUTHOR, b"two")
    assert vault.revisions.load(rid("a")).parts[Lane.SOURCES] == b"one"


def test_withdrawn_is_what_stands_at_the_end(vault: Vault) -> None:
    """A head that takes the report back flags it; a later revision that follows it lifts the flag."""
    keep(vault, named("a"), named("w", "a", created=NOW + 1, withdraws=True))
    assert vault.records.page()[0].state is State.WITHDRAWN
    assert vault.records.page()[0].headline.title == "a"
    keep(vault, named("b", "w", created=NOW + 2))
    assert vault.records.page()[0].state is State.RECEIVED


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM revision",
        "UPDATE revision SET author = x'00'",
        "UPDATE revision SET created = 0",
        "UPDATE revision_part SET content = x'00'",
    ],
)
def test_the_schema_refuses_changes(vault: Vault, sql: str) -> None:
    """Not even the program itself can change or delete a finished revision."""
    keep(vault, named("a"))
    with pytest.raises(OutOfStep, match="finished revision"):
        vault._database.run(sql)


def test_unknown_revisions(vault: Vault) -> None:
    """What is not here is told."""
    assert vault.revisions.of_incident(iid("x")) == []
    with pytest.raises(NoSuchRecord):
        vault.revisions.load(rid("x"))
    assert vault.revisions.incidents() == []
    keep(vault, named("a"))
    assert vault.revisions.incidents() == [iid("a")]
