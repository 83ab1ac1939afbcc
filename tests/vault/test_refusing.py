"""What a refusal and an acknowledgement touch: these frames, all of what belongs to them, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from fieldkit.vault.db import Database
from fieldkit.vault.outbox import SQL as OUTBOX
from fieldkit.vault.vault import Vault
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN
from sync.protocol.records import RecordType
from tests.vault.world import NOW, World, confirm, seal_all, write


@pytest.fixture
def sealed(vault: Vault, world: World) -> Vault:
    """A vault whose main lane holds an epoch and three records."""
    for title in ("one", "two", "three"):
        write(vault, world, title)
    seal_all(vault, world)
    return vault


def test_only_the_named_frames_are_looked_up(sealed: Vault) -> None:
    """An acknowledgement with holes proves nothing of the frames between."""
    incarnation = sealed.identities.require().incarnation
    assert set(sealed.delivery.opened_frames(MAIN, incarnation, range(1, 5))) == {1, 2, 3, 4}
    assert set(sealed.delivery.opened_frames(MAIN, incarnation, [1, 2, 4, 9])) == {1, 2, 4}
    assert sealed.delivery.opened_frames(MAIN, incarnation, []) == {}


def test_a_refused_epoch_is_refused_whole(sealed: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ratchet goes with it or neither does: else records would go on under a key nobody gets."""
    honest = Database.run

    def full(self: Database, sql: str, parameters: Sequence[object] = ()) -> int:
        if sql == OUTBOX["drop_ratchet"]:
            raise OSError("the disk is full")
        return honest(self, sql, parameters)

    with monkeypatch.context() as failing:
        failing.setattr(Database, "run", full)
        with pytest.raises(OSError, match="full"):
            sealed.delivery.keep_refusal(MAIN, 1, Refusal.MALFORMED)
    assert sealed.delivery.to_void() == []
    assert sealed.outbox.state(MAIN).ratchet is not None
    sealed.delivery.keep_refusal(MAIN, 1, Refusal.MALFORMED)
    assert [frame.sequence for frame in sealed.delivery.to_void()] == [1]
    assert sealed.outbox.state(MAIN).ratchet is None


def test_a_part_is_sent_anew_in_its_own_lane(sealed: Vault) -> None:
    """Lane and kind of record are two numbers: a part of the admin lane stays there, and stays a part."""
    revision = sealed.revisions.of_incident(sealed.revisions.incidents()[0])[0].id
    first = sealed.outbox.queue(ADMIN, RecordType.PART, now=NOW, revision=revision)
    again = sealed.outbox.send_anew(first, now=NOW)
    assert set(sealed.outbox.unsealed()) == {ADMIN}
    rows = sealed._database.rows("SELECT id, lane, type FROM outgoing WHERE sealed IS NULL AND replaced = 0")
    assert rows == [(again, ADMIN, RecordType.PART)]


def test_what_another_copy_takes_back_is_taken_back_whole(
    sealed: Vault, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is uncertain waits again, or, when the disk fails on the way, nothing of it."""
    confirm(sealed, world, MAIN)
    incarnation, waiting = sealed.identities.require().incarnation, sealed.delivery.pending_totals()
    honest = Database.run_many

    def full(self: Database, sql: str, parameters: Iterable[Sequence[object]]) -> int:
        honest(self, sql, list(parameters)[:1])
        raise OSError("the disk is full")

    with monkeypatch.context() as failing:
        failing.setattr(Database, "run_many", full)
        with pytest.raises(OSError, match="full"):
            sealed.delivery.contradicted(MAIN, incarnation, 2, b"o" * 32, b"o" * 32)
    assert sealed.delivery.pending_totals() == waiting
    assert sealed.delivery.contradicted(MAIN, incarnation, 2, b"o" * 32, b"o" * 32) == 4
    assert sealed.delivery.pending_totals()[0] == waiting[0] + 4
