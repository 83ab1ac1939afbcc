"""Copies of a vault: what is proof of one, and what then becomes of what it wrote (docs/protocol.md §9)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.model.state import State
from fieldkit.vault.evidence import Finding
from fieldkit.vault.inbox import SQL as INBOX
from fieldkit.vault.keys import Purpose
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame, build, parse
from sync.protocol.ids import MAIN, SOURCES, Chain, Device, Incarnation, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.signing import SigningKey
from tests.vault.world import NOW, ORGANISATION, World, confirm, joined_vault, seal_all, write

OLD, NEW = Incarnation(b"\1" * 8), Incarnation(b"\2" * 8)


def foreign(
    world: World,
    sequence: int,
    *,
    key: SigningKey | None = None,
    incarnation: Incarnation = OLD,
    lane: Lane = MAIN,
) -> bytes:
    """A record that another copy signed at a place of the laptop's chain."""
    chain = Chain(organisation=ORGANISATION, lane=lane, device=world.device, incarnation=incarnation)
    header = {Key.SEQUENCE: sequence, Key.PREVIOUS: b"p" * 32, Key.EPOCH: bytes(16), Key.STEP: 0}
    return build(chain, key or world.laptop, Kind.RECORD, {**header, Key.SEAL: bytes(16)}, bytes(272)).raw


def own(vault: Vault, sequence: int, lane: Lane = MAIN) -> Frame:
    """A frame this vault wrote."""
    found = [
        frame for frame in vault.delivery.pending(1 << 30) if (frame.lane, frame.sequence) == (lane, sequence)
    ]
    return parse(found[0].raw)


@pytest.fixture
def keyed(vault: Vault, world: World) -> Vault:
    """The laptop's vault with its device key, after a first report was sealed: sequences 1 and 2."""
    vault.keys.keep(Purpose.DEVICE, world.laptop.secret, now=NOW)
    write(vault, world, "first")
    seal_all(vault, world)
    return vault


@pytest.mark.parametrize("sequence", [1, 2, 3, 900], ids=lambda number: f"at {number}")
def test_a_frame_of_our_key_that_we_did_not_write_is_proof(keyed: Vault, world: World, sequence: int) -> None:
    """Another one under a number of ours, or beyond all of ours; told twice it is kept once."""
    raw = foreign(world, sequence)
    assert keyed.copies.take(MAIN, OLD, raw, at=NOW) is True
    assert keyed.copies.take(MAIN, OLD, raw, at=NOW + 9) is True
    (found,) = keyed.evidence.all()
    assert (found.kind, found.device, found.raw) == (Finding.COPY, world.device, raw)
    assert keyed.copies.due() == [OLD]


def test_our_own_frame_is_no_proof(keyed: Vault) -> None:
    """A server that shows us what we wrote proves nothing."""
    assert keyed.copies.take(MAIN, OLD, own(keyed, 2).raw, at=NOW) is False
    assert (keyed.evidence.all(), keyed.copies.due()) == ([], [])


def test_words_are_no_proof(keyed: Vault, world: World) -> None:
    """Another key, another lane, another chain, bytes that are no frame: refused, and nothing is kept."""
    stranger = SigningKey.generate()
    cases = [
        (MAIN, OLD, foreign(world, 2, key=stranger)),
        (SOURCES, OLD, foreign(world, 2)),
        (MAIN, NEW, foreign(world, 2)),
        (MAIN, OLD, foreign(world, 2)[:-1] + b"\xff"),
        (MAIN, OLD, b"not a frame"),
    ]
    for lane, incarnation, raw in cases:
        with pytest.raises(ProtocolError):
            keyed.copies.take(lane, incarnation, raw, at=NOW)
    assert (keyed.evidence.all(), keyed.copies.due()) == ([], [])


def test_a_copy_under_a_name_of_its_own_changes_nothing_here(keyed: Vault, world: World) -> None:
    """A sibling that took another incarnation is shown; this vault goes on in its own."""
    assert keyed.copies.take(MAIN, NEW, foreign(world, 1, incarnation=NEW), at=NOW) is True
    assert [one.incarnation for one in keyed.copies.found()] == [NEW]
    assert keyed.copies.due() == []


def test_what_did_not_arrive_is_sealed_anew(keyed: Vault, world: World) -> None:
    """Under the new incarnation, with the same revision ids; the old frames are not sent any more."""
    confirm(keyed, world, SOURCES)
    keyed.delivery.keep_refusal(MAIN, 2, Refusal.FORK)
    keyed.copies.take(MAIN, OLD, foreign(world, 2), at=NOW)
    with keyed.transaction():
        keyed.identities.begin_incarnation(NEW)
        lost = keyed.copies.give_up(OLD, joined=False, now=NOW)
    assert (lost.frames, lost.types) == ((), frozenset())
    assert keyed.delivery.pending(1 << 30) == []
    seal_all(keyed, world)
    waiting = keyed.delivery.pending(1 << 30)
    assert {(frame.lane, frame.incarnation) for frame in waiting} == {(MAIN, NEW)}
    assert [parse(frame.raw).kind for frame in waiting] == [Kind.EPOCH, Kind.RECORD]
    assert (keyed.outbox.stuck(), keyed.copies.due()) == ([], [])
    confirm(keyed, world, MAIN)
    assert keyed.records.line(1).state is State.RECEIVED


def test_what_arrived_is_not_sealed_again(keyed: Vault, world: World) -> None:
    """A receipt covers it: a new incarnation has nothing to say about it."""
    confirm(keyed, world, SOURCES)
    confirm(keyed, world, MAIN)
    keyed.copies.take(MAIN, OLD, foreign(world, 3), at=NOW)
    with keyed.transaction():
        keyed.identities.begin_incarnation(NEW)
        keyed.copies.give_up(OLD, joined=False, now=NOW)
    assert keyed.outbox.unsealed() == {}


def test_what_a_coordinator_opened_is_not_sealed_again(keyed: Vault, world: World) -> None:
    """It arrived, whatever receipts say: it is neither sent again nor called stuck, and stays delivered."""
    confirm(keyed, world, SOURCES)
    for lane in (MAIN, SOURCES):
        keyed.delivery.acknowledge(lane, OLD, [1, 2], Device(b"c" * 16), at=NOW)
    keyed.copies.take(MAIN, OLD, foreign(world, 3), at=NOW)
    with keyed.transaction():
        keyed.identities.begin_incarnation(NEW)
        keyed.copies.give_up(OLD, joined=False, now=NOW)
    assert (keyed.outbox.unsealed(), keyed.outbox.stuck(), keyed.delivery.pending(1 << 30)) == ({}, [], [])
    line = keyed.records.line(1)
    assert (line.state, line.stuck) == (State.DELIVERED, False)


def test_what_was_refused_for_another_reason_stays_refused(keyed: Vault, world: World) -> None:
    """It would be refused again: the reason stays shown."""
    confirm(keyed, world, SOURCES)
    keyed.delivery.keep_refusal(MAIN, 2, Refusal.SIZE)
    keyed.copies.take(MAIN, OLD, foreign(world, 3), at=NOW)
    with keyed.transaction():
        keyed.identities.begin_incarnation(NEW)
        keyed.copies.give_up(OLD, joined=False, now=NOW)
    assert keyed.outbox.unsealed() == {}
    assert [stuck.refusal for stuck in keyed.outbox.stuck()] == [Refusal.SIZE]


def test_lanes_in_which_the_server_knows_more(keyed: Vault, world: World) -> None:
    """A receipt that names a head beyond ours, while something waits there, asks for proof."""
    assert keyed.copies.doubted() == []
    row = (MAIN, OLD, bytes(8), 9, 9, bytes(32), 0, 0, b"", NOW)
    keyed._database.run(
        "INSERT INTO receipt (lane, incarnation, generation, head, size, root, hours, useful, raw, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    assert keyed.copies.doubted() == [MAIN]


def test_who_was_heard_under_which_name(tmp_path: Path, world: World) -> None:
    """By lanes: this name, another one, both, or nobody yet."""
    vault, device = joined_vault(tmp_path / "reader", world), Device(b"d" * 16)
    names = [Incarnation(bytes([number]) * 8) for number in (3, 5, 7)]
    assert vault.copies.heard([MAIN, SOURCES], device, names[1]) == (False, False)
    for sequence in (1, 2):
        vault._database.run(INBOX["add_link"], (MAIN, device, names[1], sequence, bytes(32), bytes(32)))
    assert vault.copies.heard([MAIN, SOURCES], device, names[1]) == (True, False)
    for other in (names[0], names[2]):
        assert vault.copies.heard([MAIN], device, other) == (False, True)
        assert vault.copies.heard([SOURCES], device, other) == (False, False)
    vault.lock()
