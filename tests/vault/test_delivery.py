"""States are derived from receipts and acknowledgements, and frames stay until they are proven open (R16)."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from fieldkit.model.state import State
from fieldkit.vault.delivery import least
from fieldkit.vault.errors import OutOfStep
from fieldkit.vault.evidence import Finding
from fieldkit.vault.vault import Vault
from sync.protocol.acknowledgement import build_acknowledgement, check_acknowledgement, sequences_of
from sync.protocol.chain import ChainLog
from sync.protocol.errors import Refusal
from sync.protocol.frames import parse
from sync.protocol.ids import (
    MAIN,
    NO_HASH,
    SOURCES,
    Chain,
    Device,
    Incarnation,
    Lane,
    device_id,
)
from sync.protocol.receipts import covered
from sync.protocol.records import Gossip
from sync.protocol.sealing import EpochReader, epoch_id, open_epoch
from tests.vault.world import NOW, ORGANISATION, World, confirm, seal_all, signed, write

ONE, TWO = Device(b"1" * 16), Device(b"2" * 16)
MINE = Incarnation(b"\1" * 8)


def acknowledge(vault: Vault, lane: Lane, by: Device, *sequences: int) -> None:
    """A coordinator's checked acknowledgement."""
    vault.delivery.acknowledge(lane, MINE, sequences, by, at=NOW)


def test_the_ticks(vault: Vault, world: World) -> None:
    """Each step of a report's way, and no state before all lanes have reached it."""
    done = write(vault, world, "first")

    def state(k: int = 1) -> State:
        line = vault.records.line(1, delivered_by=k)
        assert line.state is vault.delivery.state_of(done.id, delivered_by=k)
        assert vault.records.delivered(delivered_by=k) == int(line.state is State.DELIVERED)
        return line.state

    assert state() is State.WAITING
    seal_all(vault, world)
    assert state() is State.WAITING
    confirm(vault, world, MAIN)
    assert state() is State.WAITING
    confirm(vault, world, SOURCES)
    assert state() is State.RECEIVED
    acknowledge(vault, MAIN, ONE, 2)
    assert state() is State.RECEIVED
    acknowledge(vault, SOURCES, ONE, 2)
    assert state() is State.DELIVERED
    assert state(2) is State.RECEIVED
    acknowledge(vault, MAIN, TWO, 2)
    acknowledge(vault, SOURCES, ONE, 2)
    assert state(2) is State.RECEIVED
    acknowledge(vault, SOURCES, TWO, 2)
    assert state(2) is State.DELIVERED
    assert vault.delivery.acknowledged_by(SOURCES, MINE, 2) == [ONE, TWO]


def test_a_record_without_its_epoch_is_not_received(vault: Vault, world: World) -> None:
    """The server holds the record but not the frame that opens it: no tick."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, SOURCES)
    hashes = dict(vault.delivery.chain_hashes(MAIN))
    log = ChainLog()
    log.add(2, hashes[2], hashes[1])  # type: ignore[arg-type]
    receipt = world.receipt(vault.outbox.state(MAIN).chain, log, size=1)
    assert covered(receipt, hashes) == {2}
    vault.delivery.keep_receipt(receipt, b"raw", {2}, at=NOW)
    assert vault.records.line(1).state is State.WAITING
    vault.delivery.keep_receipt(receipt, b"raw", {1, 2}, at=NOW)
    assert vault.records.line(1).state is State.RECEIVED


def test_the_later_revision_waits_again(vault: Vault, world: World) -> None:
    """The report shows the least of all its revisions."""
    done = write(vault, world, "first")
    seal_all(vault, world)
    for lane in (MAIN, SOURCES):
        confirm(vault, world, lane)
        acknowledge(vault, lane, ONE, 1, 2)
    write(vault, world, "another")
    counts = vault.records.counts()
    assert (counts.waiting, counts.received, counts.delivered, counts.withdrawn) == (1, 0, 1, 0)
    assert vault.records.waiting().undelivered == 2
    assert vault.records.delivered() == 1
    taken = replace(signed(world, {}, parents=(done.id,)), withdraws=True)
    vault.finishing.withdraw(1, taken, now=NOW)
    assert vault.records.line(1).sent is State.WAITING
    assert vault.records.delivered() == vault.records.counts().delivered == 0
    assert vault.records.counts().withdrawn == 1


@pytest.mark.parametrize(
    ("records", "k", "state"),
    [
        ([], 1, State.RECEIVED),
        ([(1, 0, 0)], 1, State.WAITING),
        ([(0, 0, 0)], 1, State.RECEIVED),
        ([(0, 0, 1), (0, 0, 0)], 1, State.RECEIVED),
        ([(0, 0, 1), (1, 0, 5)], 1, State.DELIVERED),
        ([(0, 0, 1), (0, 0, 2)], 2, State.RECEIVED),
        ([(0, 0, 0)], 0, State.RECEIVED),
    ],
)
def test_least(records: list[tuple[int, int, int]], k: int, state: State) -> None:
    """The rule on its own: an acknowledgement proves arrival by any road; zero coordinators never deliver."""
    assert least(records, k) is state


def test_only_a_receipt_that_covers_counts(vault: Vault, world: World) -> None:
    """A receipt for another hash or nothing leaves everything waiting."""
    write(vault, world, "first")
    seal_all(vault, world)
    log = ChainLog()
    log.head, log.head_hash = 2, type(NO_HASH)(os.urandom(32))
    receipt = world.receipt(vault.outbox.state(MAIN).chain, log, size=1)
    vault.delivery.keep_receipt(receipt, b"raw", covered(receipt, vault.delivery.chain_hashes(MAIN)), at=NOW)
    assert vault.delivery.pending_totals()[0] == 4
    assert vault.records.line(1).state is State.WAITING


def test_receipts_are_kept_when_they_told_something(vault: Vault, world: World) -> None:
    """Idle receipts give way to the next one; those that covered a frame stay."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN, upto=1, size=1)
    for size in (2, 3, 4):
        confirm(vault, world, MAIN, upto=1, size=size)
    confirm(vault, world, MAIN, size=5)
    assert len(vault.delivery.receipts(MAIN)) == 2
    told = vault.delivery.gossip()
    assert isinstance(told, Gossip)
    assert (told.lane, told.size) == (MAIN, 5)


def test_gossip_needs_a_receipt(vault: Vault) -> None:
    """Before any receipt there is nothing to tell."""
    assert vault.delivery.gossip() is None


def test_the_same_receipt_twice_changes_nothing(vault: Vault, world: World) -> None:
    """R17 for receipts."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    before = vault._database.rows("SELECT id, received FROM frame")
    confirm(vault, world, MAIN)
    assert vault._database.rows("SELECT id, received FROM frame") == before


def test_a_shrunken_tree_is_evidence(vault: Vault, world: World) -> None:
    """A server that restored an old state is noticed by whoever saw the newer one."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN, size=9)
    confirm(vault, world, MAIN, size=4)
    (found,) = vault.evidence.all()
    assert (found.kind, found.detail) == (Finding.LOST, "the lane's tree shrank from 9 to 4 frames")


@pytest.mark.parametrize("code", list(Refusal))
def test_refusals(vault: Vault, world: World, code: Refusal) -> None:
    """A final code quarantines the frame with its reason; a temporary one changes nothing."""
    write(vault, world, "first")
    seal_all(vault, world)
    vault.delivery.keep_refusal(MAIN, 2, code)
    sequences = [frame.sequence for frame in vault.delivery.pending(1 << 30) if frame.lane == MAIN]
    line = vault.records.line(1)
    if code.temporary:
        assert (sequences, line.stuck, vault.outbox.stuck()) == ([1, 2], False, [])
    else:
        assert (sequences, line.stuck) == ([1], True)
        assert [stuck.refusal for stuck in vault.outbox.stuck()] == [code]
    assert line.state is State.WAITING


def test_a_refusal_after_a_receipt_means_nothing(vault: Vault, world: World) -> None:
    """What a verified receipt covers cannot be refused afterwards."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    confirm(vault, world, SOURCES)
    vault.delivery.keep_refusal(MAIN, 2, Refusal.MALFORMED)
    assert vault.outbox.stuck() == []
    assert vault.records.line(1).state is State.RECEIVED


def test_a_refused_revision_can_be_sent_anew(vault: Vault, world: World) -> None:
    """After a final refusal the same revision is sealed as another record, and that one counts."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, SOURCES)
    vault.delivery.keep_refusal(MAIN, 2, Refusal.SIZE)
    vault.outbox.send_anew(vault.outbox.stuck()[0].id, now=NOW)
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    assert vault.records.line(1).state is State.RECEIVED


def test_a_voided_frame_is_never_received(vault: Vault, world: World) -> None:
    """A receipt over a closed sequence counts it as held, but what it should have brought has not arrived."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, SOURCES)
    vault.delivery.keep_refusal(MAIN, 2, Refusal.SIZE)
    (refused,) = vault.delivery.to_void()
    vault.outbox.append(MAIN, world.voider(2, refused.hash, refused.code), now=NOW, voids=refused.id)
    assert confirm(vault, world, MAIN) == {1, 2, 3}
    assert vault.delivery.pending_totals()[0] == 0
    assert vault.records.line(1).state is State.WAITING
    assert [stuck.refusal for stuck in vault.outbox.stuck()] == [Refusal.SIZE]
    assert sorted(vault.delivery.chain_hashes(MAIN)) == [2, 3]


def test_what_was_received_beyond_a_gap_is_judged_with_it(vault: Vault, world: World) -> None:
    """A receipt's ranges are checked against all own hashes above the gap."""
    for number in range(4):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    hashes = dict(vault.delivery.chain_hashes(MAIN))
    vault.delivery.keep_receipt(
        world.receipt(vault.outbox.state(MAIN).chain, ChainLog(), size=1), b"raw", {1, 3, 4}, at=NOW
    )
    assert vault.delivery.chain_hashes(MAIN) == {sequence: hashes[sequence] for sequence in (1, 2, 3, 4, 5)}


@pytest.mark.parametrize("how", ["waiting", "received", "refused"])
def test_frames_stay_until_acknowledged(vault: Vault, world: World, how: str) -> None:
    """In every state before an acknowledgement the schema refuses to delete a frame (R16)."""
    write(vault, world, "first")
    seal_all(vault, world)
    if how == "received":
        confirm(vault, world, MAIN)
    if how == "refused":
        vault.delivery.keep_refusal(MAIN, 2, Refusal.SIZE)
    with pytest.raises(OutOfStep, match="kept until"):
        vault._database.run("DELETE FROM frame WHERE lane = 1 AND sequence = 2")
    for change in (
        "UPDATE frame SET raw = x'00'",
        "UPDATE frame SET hash = zeroblob(32)",
        "UPDATE frame SET sequence = 9",
    ):
        with pytest.raises(OutOfStep, match="never changes"):
            vault._database.run(change)


def test_acknowledging_deletes_nothing(vault: Vault, world: World) -> None:
    """Not even any number of acknowledgements makes a laptop drop a frame or a revision by itself."""
    done = write(vault, world, "first")
    seal_all(vault, world)
    before = vault._database.rows("SELECT raw FROM frame ORDER BY id")
    for number in range(5):
        for lane in (MAIN, SOURCES):
            acknowledge(vault, lane, Device(bytes([number]) * 16), 1, 2)
    assert vault._database.rows("SELECT raw FROM frame ORDER BY id") == before
    assert vault.revisions.load(done.id).parts


def test_a_real_acknowledgement(vault: Vault, world: World) -> None:
    """A coordinator opens the stored frames and proves it; the tokens kept check that proof only."""
    write(vault, world, "first")
    seal_all(vault, world)
    chain = vault.outbox.state(MAIN).chain
    frames = [parse(frame.raw) for frame in vault.delivery.pending(1 << 30) if frame.lane == MAIN]
    secret = open_epoch(frames[0], chain, world.inboxes[MAIN])
    opened = EpochReader(epoch_id(frames[0]), secret).open(frames[1], chain)
    kept = vault.delivery.opened_frames(MAIN, MINE, [2])
    assert kept[2].token == opened.token
    own = Chain(
        organisation=ORGANISATION, lane=MAIN, device=device_id(world.coordinator.public), incarnation=MINE
    )
    frame = build_acknowledgement(
        own, world.coordinator, sequence=1, previous=NO_HASH, target=chain, opened=kept
    )
    named = sequences_of(frame, 2)
    assert check_acknowledgement(frame, chain, vault.delivery.opened_frames(MAIN, MINE, named))
    assert not check_acknowledgement(frame, chain, vault.delivery.opened_frames(MAIN, MINE, [1]))
    assert vault.delivery.opened_frames(MAIN, MINE, []) == {}


def test_frames_of_an_earlier_incarnation_are_still_sent(vault: Vault, world: World) -> None:
    """After a restore the old chain's frames go on, named with their own incarnation."""
    write(vault, world, "first")
    seal_all(vault, world)
    vault.identities.begin_incarnation(Incarnation(b"\2" * 8))
    write(vault, world, "second")
    seal_all(vault, world)
    incarnations = {(frame.incarnation, frame.device) for frame in vault.delivery.pending(1 << 30)}
    assert incarnations == {(MINE, world.device), (b"\2" * 8, world.device)}
    assert vault.outbox.heads() == [(MAIN, 2), (SOURCES, 2)]
    assert set(vault.delivery.chain_hashes(MAIN)) == {1, 2}


def test_hashes_for_judging_a_receipt_stay_few(vault: Vault, world: World) -> None:
    """What was received long ago is not read for every exchange; the head always is."""
    for number in range(20):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    confirm(vault, world, MAIN, upto=15)
    assert sorted(vault.delivery.chain_hashes(MAIN)) == list(range(15, 22))
    confirm(vault, world, MAIN)
    assert sorted(vault.delivery.chain_hashes(MAIN)) == [20, 21]
    assert vault.delivery.chain_hashes(Lane(9)) == {}


def test_the_last_sequence_of_a_chain(vault: Vault, world: World) -> None:
    """What an acknowledgement may name ends with what was sealed, in each incarnation."""
    assert vault.delivery.highest(MAIN, MINE) == 0
    write(vault, world, "first")
    seal_all(vault, world)
    vault.identities.begin_incarnation(Incarnation(b"\2" * 8))
    assert vault.delivery.highest(MAIN, MINE) == 2
    assert vault.delivery.highest(MAIN, Incarnation(b"\2" * 8)) == 0


def test_a_refusal_of_an_older_incarnation_leaves_the_present_one(vault: Vault, world: World) -> None:
    """Two incarnations number their frames alike: a refusal marks the one it names."""
    write(vault, world, "first")
    seal_all(vault, world)
    old = vault.identities.require().incarnation
    vault.identities.begin_incarnation(Incarnation(b"anew----"))
    write(vault, world, "second")
    seal_all(vault, world)
    vault.delivery.keep_refusal(MAIN, 2, Refusal.SIZE, incarnation=old)
    assert [vault.records.line(number).stuck for number in (1, 2)] == [True, False]
