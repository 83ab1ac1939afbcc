"""Sealing: once, in order, all or nothing (threat model R11, R12)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.vault.errors import OutOfStep
from fieldkit.vault.outbox import Item, LaneState, Produced
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import check_signature, parse
from sync.protocol.ids import MAIN, SOURCES, EpochId, Incarnation
from sync.protocol.kinds import Key, Kind
from sync.protocol.records import RecordType
from sync.protocol.sealing import Ratchet
from tests.vault.world import NOW, World, confirm, seal_all, write


def test_finish_queues_every_lane_and_sealing_makes_chained_frames(vault: Vault, world: World) -> None:
    """Two reports give two chains: an epoch and two records in each lane."""
    write(vault, world, "first")
    write(vault, world, "second")
    assert {lane: count for lane, (count, _) in vault.outbox.unsealed().items()} == {MAIN: 2, SOURCES: 2}
    seal_all(vault, world)
    assert vault.outbox.unsealed() == {}
    assert vault.outbox.heads() == [(MAIN, 3), (SOURCES, 3)]
    for lane in (MAIN, SOURCES):
        mine = [parse(frame.raw) for frame in vault.delivery.pending(1 << 30) if frame.lane == lane]
        mine.sort(key=lambda frame: frame.sequence)
        assert [frame.kind for frame in mine] == [Kind.EPOCH, Kind.RECORD, Kind.RECORD]
        assert [frame.previous for frame in mine[1:]] == [frame.hash for frame in mine[:-1]]
        assert [frame.header[Key.STEP] for frame in mine[1:]] == [0, 1]


def test_frames_are_bound_to_their_chain(vault: Vault, world: World) -> None:
    """The signature covers organisation, lane, device, incarnation: elsewhere a frame does not verify."""
    write(vault, world, "first")
    seal_all(vault, world)
    frame = parse(next(frame.raw for frame in vault.delivery.pending(1 << 30) if frame.lane == MAIN))
    chain = vault.outbox.state(MAIN).chain
    check_signature(frame, chain, world.laptop.public)
    moved = vault.outbox.state(SOURCES).chain
    with pytest.raises(ProtocolError):
        check_signature(frame, moved, world.laptop.public)


def test_a_retry_sends_the_stored_bytes(vault: Vault, world: World) -> None:
    """Asking again what to send gives the same frames, byte for byte, also after others were sealed."""
    write(vault, world, "first")
    seal_all(vault, world)
    held = vault.delivery.pending(1 << 30)
    write(vault, world, "second")
    seal_all(vault, world)
    raws = [frame.raw for frame in vault.delivery.pending(1 << 30)]
    assert len(raws) > len(held) > 0
    assert [raw for raw in raws if raw in {frame.raw for frame in held}] == [frame.raw for frame in held]


def test_no_key_is_used_twice(vault: Vault, world: World) -> None:
    """After each record the stored ratchet has moved on, and a new incarnation does not take it over."""
    write(vault, world, "first")
    write(vault, world, "second")
    vault.outbox.seal_next(MAIN, world.sealer, now=NOW)
    first = vault.outbox.state(MAIN).ratchet
    vault.outbox.seal_next(MAIN, world.sealer, now=NOW)
    second = vault.outbox.state(MAIN).ratchet
    assert first is not None
    assert second is not None
    assert (second.step, second.key) == (first.forward().step, first.forward().key)
    vault.identities.begin_incarnation(Incarnation(b"\2" * 8))
    fresh = vault.outbox.state(MAIN)
    assert (fresh.ratchet, fresh.sequence) == (None, 0)


def test_sealing_that_breaks_off_leaves_nothing(vault: Vault, world: World) -> None:
    """A crash between frame and ratchet is impossible: both are in one transaction."""
    write(vault, world, "first")

    def crash(state: LaneState, item: Item) -> list[Produced]:
        world.sealer(state, item)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vault.outbox.seal_next(MAIN, crash, now=NOW)
    assert vault.outbox.state(MAIN).sequence == 0
    assert vault.outbox.state(MAIN).ratchet is None
    assert vault.delivery.pending_totals() == (0, 0)


@pytest.mark.parametrize("kind", ["again", "skips"])
def test_frames_that_do_not_continue_the_chain_are_refused(vault: Vault, world: World, kind: str) -> None:
    """The vault checks sequence, hash and step itself, whatever the maker does."""
    write(vault, world, "first")
    write(vault, world, "second")
    before: list[LaneState] = []

    def wrong(state: LaneState, item: Item) -> list[Produced]:
        before.append(state)
        if kind == "skips":
            return world.sealer(state, item)[1:]
        return world.sealer(before[0], item)

    if kind == "again":
        vault.outbox.seal_next(MAIN, wrong, now=NOW)
    with pytest.raises(OutOfStep):
        vault.outbox.seal_next(MAIN, wrong, now=NOW)
    assert vault.outbox.unsealed()[MAIN][0] == (1 if kind == "again" else 2)


def test_a_used_key_is_refused(vault: Vault, world: World) -> None:
    """A record sealed with a step that was used, or under an epoch not the stored one, is refused."""
    for number in range(3):
        write(vault, world, f"report {number}")
    vault.outbox.seal_next(MAIN, world.sealer, now=NOW)
    used = vault.outbox.state(MAIN).ratchet
    assert used is not None
    vault.outbox.seal_next(MAIN, world.sealer, now=NOW)
    for ratchet in (used, replace(used, step=2, epoch=EpochId(bytes(16))), replace(used, step=3)):

        def again(state: LaneState, item: Item, ratchet: Ratchet = ratchet) -> list[Produced]:
            return world.sealer(replace(state, ratchet=ratchet), item)

        with pytest.raises(OutOfStep, match="another key"):
            vault.outbox.seal_next(MAIN, again, now=NOW)
    assert vault.outbox.state(MAIN).sequence == 3


def test_one_bad_record_does_not_block_the_queue(vault: Vault, world: World) -> None:
    """A record that cannot be sealed is set aside with its reason; the others go on; it can be sent anew."""
    bad = write(vault, world, "too large")
    write(vault, world, "fine")

    def picky(state: LaneState, item: Item) -> list[Produced]:
        if item.revision == bad.id:
            raise ProtocolError(Refusal.SIZE, "larger than a frame")
        return world.sealer(state, item)

    sealed = vault.outbox.seal_next(MAIN, picky, now=NOW)
    assert sealed is not None
    assert sealed.revision != bad.id
    assert vault.outbox.seal_next(MAIN, picky, now=NOW) is None
    (stuck,) = vault.outbox.stuck()
    assert (stuck.problem, stuck.number) == ("larger than a frame", 1)
    vault.outbox.send_anew(stuck.id, now=NOW)
    again = vault.outbox.seal_next(MAIN, world.sealer, now=NOW)
    assert again is not None
    assert again.revision == bad.id
    assert vault.outbox.stuck() == []


def test_other_records_are_queued_with_their_content(vault: Vault, world: World) -> None:
    """A record that is no revision brings its content, which goes once it is sealed."""
    item = vault.outbox.queue(MAIN, RecordType.HEARTBEAT, {1: 497_222}, now=NOW)
    sealed = vault.outbox.seal_next(MAIN, world.sealer, now=NOW)
    assert sealed is not None
    assert sealed.id == item
    with pytest.raises(OutOfStep, match="not a revision"):
        vault.outbox.send_anew(item, now=NOW)


def test_a_refused_frame_is_closed_by_a_void(vault: Vault, world: World) -> None:
    """The sequence of a frame the server will never take is closed once, and not over and over."""
    write(vault, world, "first")
    seal_all(vault, world)
    vault.delivery.keep_refusal(MAIN, 2, Refusal.SIZE)
    (refused,) = vault.delivery.to_void()
    assert (refused.lane, refused.sequence, refused.code) == (MAIN, 2, Refusal.SIZE)
    void = world.voider(refused.sequence, refused.hash, refused.code)
    (frame,) = vault.outbox.append(MAIN, void, now=NOW, voids=refused.id)
    assert (frame.kind, frame.sequence) == (Kind.VOID, 3)
    assert vault.delivery.to_void() == []
    vault.delivery.keep_refusal(MAIN, 3, Refusal.SIZE)
    assert vault.delivery.to_void() == []


def test_a_refused_epoch_is_never_sealed_under_again(vault: Vault, world: World) -> None:
    """When the server refuses an epoch frame, the next record begins a new epoch."""
    write(vault, world, "first")
    seal_all(vault, world)
    vault.delivery.keep_refusal(MAIN, 1, Refusal.MALFORMED)
    assert vault.outbox.state(MAIN).ratchet is None
    assert [stuck.lane for stuck in vault.outbox.stuck()] == [MAIN]


def test_confirmed_frames_are_not_sent_again(vault: Vault, world: World) -> None:
    """What a receipt covers leaves the pending list, the rest stays, epochs before records."""
    write(vault, world, "first")
    write(vault, world, "second")
    seal_all(vault, world)
    assert confirm(vault, world, MAIN, upto=2) == {1, 2}
    left = [(frame.lane, frame.sequence) for frame in vault.delivery.pending(1 << 30)]
    assert left == [(SOURCES, 1), (MAIN, 3), (SOURCES, 2), (SOURCES, 3)]
    assert len(vault.delivery.pending(1)) == 1
