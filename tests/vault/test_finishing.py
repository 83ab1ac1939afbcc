"""Finishing and taking back: one transaction each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.model.draft import Draft
from fieldkit.model.ids import DeviceId, IncidentId, RevisionId
from fieldkit.model.state import State
from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.identity import NotJoined
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN, SOURCES
from tests.vault.world import NOW, World, bare_vault, signed, write

EMPTY = Draft(form_id="incident", form_version=1)


def test_a_draft_becomes_a_revision(vault: Vault, world: World) -> None:
    """The draft is gone, the revision has every lane's bytes, the line keeps its number and gets the id."""
    done = write(vault, world, "first")
    assert done.incident == IncidentId(done.id)
    assert (done.own, done.parents, done.author) == (True, (), DeviceId(world.device))
    assert set(done.parts) == {MAIN, SOURCES}
    assert vault.revisions.load(done.id) == done
    assert not vault.drafts.has(1)
    line = vault.records.line(1)
    assert (line.incident, line.state, line.headline.place) == (done.incident, State.WAITING, "Aleppo")


def test_the_next_revision_follows(vault: Vault, world: World) -> None:
    """A second revision joins the same incident, and the report is waiting again."""
    first = write(vault, world, "first")
    vault.drafts.begin(replace(EMPTY, incident=first.incident, base=(first.id,)), now=NOW)
    second = vault.finishing.finish(1, signed(world, {"title": "second"}, parents=(first.id,)), now=NOW)
    assert (second.incident, second.parents) == (first.incident, (first.id,))
    assert [line.headline.title for line in vault.records.page()] == ["second"]
    assert len(vault.revisions.of_incident(first.incident)) == 2


def test_finishing_is_one_transaction(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """If anything of it fails the draft is still there and nothing waits to be sent."""
    vault.drafts.begin(EMPTY, now=NOW)
    calls = 0

    def fail_second(*args: object, **kwargs: object) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return queue(*args, **kwargs)  # type: ignore[arg-type]

    queue = vault.outbox.queue
    monkeypatch.setattr(vault.outbox, "queue", fail_second)
    with pytest.raises(KeyboardInterrupt):
        vault.finishing.finish(1, signed(world, {"title": "x"}), now=NOW)
    assert calls == 2
    assert vault.drafts.has(1)
    assert vault.outbox.unsealed() == {}
    assert vault.revisions.incidents() == []
    monkeypatch.undo()
    vault.finishing.finish(1, signed(world, {"title": "x"}), now=NOW)


def test_the_id_must_be_that_of_the_content(vault: Vault, world: World) -> None:
    """The vault computes the revision id itself; a wrong one is a fault of the program and stores nothing."""
    vault.drafts.begin(EMPTY, now=NOW)
    wrong = replace(signed(world, {"title": "x"}), id=RevisionId(bytes(16)))
    with pytest.raises(OutOfStep):
        vault.finishing.finish(1, wrong, now=NOW)
    assert vault.drafts.has(1)


def test_finishing_needs_a_draft_and_an_organisation(vault: Vault, world: World, tmp_path: object) -> None:
    """Without a draft there is nothing to finish; without an organisation nobody to send it to."""
    write(vault, world, "first")
    with pytest.raises(NoSuchRecord):
        vault.finishing.finish(1, signed(world, {"title": "again"}), now=NOW)
    with pytest.raises(NoSuchRecord):
        vault.finishing.finish(7, signed(world, {"title": "again"}), now=NOW)
    home = vault.home.folder.with_name("other")
    with bare_vault(home) as other:
        other.drafts.begin(EMPTY, now=NOW)
        with pytest.raises(NotJoined):
            other.finishing.finish(1, signed(world, {"title": "x"}), now=NOW)
        assert other.drafts.has(1)


def test_the_same_report_twice_is_two_reports_only_if_it_differs(vault: Vault, world: World) -> None:
    """The id comes from the content: the very same bytes cannot be finished twice, and the draft stays."""
    write(vault, world, "first")
    number = vault.drafts.begin(EMPTY, now=NOW).number
    with pytest.raises(OutOfStep, match="finished before"):
        vault.finishing.finish(number, signed(world, {"title": "first"}), now=NOW)
    assert vault.drafts.has(number)


def test_taking_back(vault: Vault, world: World) -> None:
    """A withdrawal is a queued revision of its own; the line keeps its headline and shows withdrawn."""
    first = write(vault, world, "first")
    taken = replace(signed(world, {}, parents=(first.id,)), withdraws=True)
    vault.finishing.withdraw(1, taken, now=NOW)
    line = vault.records.line(1)
    assert (line.state, line.sent, line.headline.title, line.revisions) == (
        State.WITHDRAWN,
        State.WAITING,
        "first",
        2,
    )
    assert vault.outbox.unsealed()[MAIN][0] == 2
    assert vault.revisions.load(taken.id).withdraws


def test_what_was_never_finished_cannot_be_taken_back(vault: Vault, world: World) -> None:
    """A draft is discarded, not withdrawn."""
    vault.drafts.begin(EMPTY, now=NOW)
    with pytest.raises(NoSuchRecord, match="never finished"):
        vault.finishing.withdraw(1, replace(signed(world, {}), withdraws=True), now=NOW)
