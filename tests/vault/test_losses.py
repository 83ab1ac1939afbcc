"""What a restored server lost that it had confirmed: it waits again, and no tick stays that lies (§7)."""

from __future__ import annotations

import os

import pytest

from fieldkit.model.state import State
from fieldkit.vault.evidence import Finding
from fieldkit.vault.vault import Vault
from sync.protocol.chain import ChainLog
from sync.protocol.errors import Refusal
from sync.protocol.ids import (
    MAIN,
    NO_HASH,
    SOURCES,
    FrameHash,
    Incarnation,
    Lane,
)
from sync.protocol.receipts import covered
from tests.vault.test_delivery import MINE, ONE, acknowledge
from tests.vault.world import NOW, World, confirm, seal_all, write


def _waiting(vault: Vault) -> list[tuple[int, int]]:
    return sorted((frame.lane, frame.sequence) for frame in vault.delivery.pending(1 << 30))


def test_a_new_generation_sends_again_what_it_does_not_hold(vault: Vault, world: World) -> None:
    """The lane began anew: what its receipt does not cover waits, other lanes and mail read before do not."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    confirm(vault, world, SOURCES)
    vault.identities.set_progress("mail_cursor", 7)
    receipt = world.receipt(vault.outbox.state(MAIN).chain, ChainLog(), size=0, generation=b"g" * 8)
    assert vault.delivery.keep_receipt(receipt, b"raw", set(), at=NOW).lost == 2
    assert _waiting(vault) == [(MAIN, 1), (MAIN, 2)]
    assert vault.mailbox.cursor() == 0
    assert Finding.GENERATION in [found.kind for found in vault.evidence.all()]


def _held(vault: Vault, upto: int, lane: Lane = MAIN) -> ChainLog:
    """The chain as a server holds it that was restored: so many frames of ours."""
    rows = vault._database.rows("SELECT sequence, hash FROM frame WHERE lane = ?", (lane,))
    hashes: dict[int, FrameHash] = dict(rows)
    return ChainLog(upto, hashes.get(upto, NO_HASH))


@pytest.mark.parametrize("upto", [0, 1, 2, 3])
def test_a_lower_receipt_takes_ticks_back(vault: Vault, world: World, upto: int) -> None:
    """A restored server holds less than it confirmed: exactly that waits again, and no ✓ stays that lies."""
    for number in range(3):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    for lane in (MAIN, SOURCES):
        confirm(vault, world, lane)
    acknowledge(vault, MAIN, ONE, 1, 2)
    acknowledge(vault, SOURCES, ONE, 1, 2)
    log = _held(vault, upto)
    hashes = vault.delivery.chain_hashes(MAIN, lowest=upto)
    receipt = world.receipt(vault.outbox.state(MAIN).chain, log, size=9)
    kept = vault.delivery.keep_receipt(receipt, b"raw", covered(receipt, hashes), at=NOW)
    assert (kept.lost, kept.confirmed) == (4 - upto, 0)
    assert _waiting(vault) == [(MAIN, sequence) for sequence in range(upto + 1, 5)]
    states = [vault.records.line(number).state for number in (1, 2, 3)]
    assert states == [State.DELIVERED, State.RECEIVED if upto > 2 else State.WAITING, State.WAITING]
    assert vault.delivery.heads() == [(MAIN, upto), (SOURCES, 4)]
    assert [found.kind for found in vault.evidence.all()] == [Finding.LOST]
    again = world.receipt(vault.outbox.state(MAIN).chain, _held(vault, 4), size=9)
    vault.delivery.keep_receipt(again, b"raw", {1, 2, 3, 4}, at=NOW)
    assert _waiting(vault) == []


def test_what_lies_beyond_a_gap_stays_received(vault: Vault, world: World) -> None:
    """The restored server lost the middle: ranges that the receipt lists are not sent again."""
    for number in range(3):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    hashes = dict(vault.delivery.chain_hashes(MAIN, lowest=0))
    log = _held(vault, 1)
    log.add(4, hashes[4], hashes[3])  # type: ignore[arg-type]
    receipt = world.receipt(vault.outbox.state(MAIN).chain, log, size=9)
    assert vault.delivery.keep_receipt(receipt, b"raw", covered(receipt, hashes), at=NOW).lost == 2
    assert [place for place in _waiting(vault) if place[0] == MAIN] == [(MAIN, 2), (MAIN, 3)]


def test_another_frame_where_ours_was_confirmed(vault: Vault, world: World) -> None:
    """Restored, and another copy came first: nothing of the chain is certain any more."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    log = ChainLog(2, type(NO_HASH)(os.urandom(32)))
    receipt = world.receipt(vault.outbox.state(MAIN).chain, log, size=9)
    assert vault.delivery.keep_receipt(receipt, b"raw", set(), at=NOW).lost == 2


def test_a_fork_takes_nothing_back(vault: Vault, world: World) -> None:
    """Another copy went on before us on a server that lost nothing: what it confirmed stays confirmed."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    write(vault, world, "second")
    seal_all(vault, world)
    log = ChainLog(3, type(NO_HASH)(os.urandom(32)))
    receipt = world.receipt(vault.outbox.state(MAIN).chain, log, size=9)
    assert vault.delivery.keep_receipt(receipt, b"raw", set(), at=NOW).lost is None
    assert [place for place in _waiting(vault) if place[0] == MAIN] == [(MAIN, 3)]


@pytest.mark.parametrize(
    ("sequence", "hash_", "previous", "back"),
    [
        (2, b"theirs", b"own 1", 2),
        (3, b"theirs", b"their 2", 2),
        (3, b"theirs", b"own 2", 0),
        (5, b"theirs", b"their 4", 0),
        (2, b"own 2", b"own 1", 0),
    ],
)
def test_a_frame_of_another_copy_that_leaves_ours_out(
    vault: Vault, world: World, sequence: int, hash_: bytes, previous: bytes, back: int
) -> None:
    """A backup was put back, the other copy came first: what was confirmed there is not certain now."""
    for number in range(2):
        write(vault, world, f"report {number}")
    seal_all(vault, world)
    own = dict(vault.delivery.chain_hashes(MAIN))
    confirm(vault, world, MAIN, upto=2)

    def real(name: bytes) -> bytes:
        return own[int(name[4:])] if name.startswith(b"own") else name.ljust(32)

    assert vault.delivery.contradicted(MAIN, MINE, sequence, real(hash_), real(previous)) == back
    assert [place[1] for place in _waiting(vault) if place[0] == MAIN] == [1, 2, 3][2 - back :]


def test_older_incarnations_are_sent_again_too(vault: Vault, world: World) -> None:
    """No receipt comes for them unasked: a loss sends what nobody acknowledged, with its epoch."""
    write(vault, world, "first")
    write(vault, world, "second")
    seal_all(vault, world)
    for lane in (MAIN, SOURCES):
        confirm(vault, world, lane)
        acknowledge(vault, lane, ONE, 1, 2)
    vault.identities.begin_incarnation(Incarnation(b"\2" * 8))
    write(vault, world, "third")
    vault._database.run("UPDATE outgoing SET replaced = 1 WHERE lane = 2 AND sealed IS NULL")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    receipt = world.receipt(vault.outbox.state(MAIN).chain, ChainLog(), size=9)
    vault.delivery.keep_receipt(receipt, b"raw", set(), at=NOW)
    waiting = sorted((f.lane, f.incarnation[0], f.sequence) for f in vault.delivery.pending(1 << 30))
    present = [(1, 2, 1), (1, 2, 2)]
    assert waiting == [(1, 1, 1), (1, 1, 3), *present, (2, 1, 1), (2, 1, 3)]


def test_heads_named_are_those_the_server_holds(vault: Vault, world: World) -> None:
    """A void counts its sequence as held only once it is received itself."""
    write(vault, world, "first")
    write(vault, world, "second")
    seal_all(vault, world)
    assert vault.delivery.heads() == [(MAIN, 0), (SOURCES, 0)]
    confirm(vault, world, MAIN, upto=1)
    vault.delivery.keep_refusal(MAIN, 2, Refusal.SIZE)
    (refused,) = vault.delivery.to_void()
    vault.outbox.append(MAIN, world.voider(2, refused.hash, refused.code), now=NOW, voids=refused.id)
    assert vault.delivery.heads()[0] == (MAIN, 1)
    confirm(vault, world, MAIN)
    assert vault.delivery.heads()[0] == (MAIN, 4)


@pytest.mark.parametrize("code", [Refusal.NOT_PERMITTED, Refusal.LANE, Refusal.INVITE])
def test_what_was_held_once_is_not_given_up(vault: Vault, world: World, code: Refusal) -> None:
    """A restored server may not know yet who we are: what it took before waits until it does."""
    write(vault, world, "first")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    write(vault, world, "second")
    seal_all(vault, world)
    receipt = world.receipt(vault.outbox.state(MAIN).chain, ChainLog(), size=9)
    vault.delivery.keep_receipt(receipt, b"raw", set(), at=NOW)
    assert vault.delivery.keep_refusal(MAIN, 2, code) is False
    assert vault.delivery.keep_refusal(MAIN, 3, code) is True
    assert [place for place in _waiting(vault) if place[0] == MAIN] == [(MAIN, 1), (MAIN, 2)]
    assert vault.delivery.keep_refusal(MAIN, 2, Refusal.FORK) is True


def test_a_join_the_server_lost(vault: Vault, world: World) -> None:
    """It waits again, once, and only if it was ever received."""
    assert vault.delivery.rejoin() is False
    with vault.transaction():
        values = (3, b"\1" * 8, 1, 19, bytes(32), b"join", NOW, NOW)
        vault._database.run(
            "INSERT INTO frame (lane, incarnation, sequence, kind, hash, raw, sealed, received)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
    assert vault.delivery.rejoin() is True
    assert [frame.raw for frame in vault.delivery.pending(0)] == [b"join"]
    assert vault.delivery.rejoin() is False
