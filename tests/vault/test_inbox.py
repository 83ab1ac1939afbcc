"""Reading: states, chains with gaps and forks, epochs, acknowledgements owed (threat model R17)."""

from __future__ import annotations

import itertools

import pytest

from fieldkit.vault.evidence import Finding
from fieldkit.vault.inbox import Entry, EntryState, Gap, Link, OpenedEpoch
from fieldkit.vault.vault import Vault
from sync.protocol.ids import (
    MAIN,
    NO_HASH,
    Device,
    EpochId,
    FrameHash,
    Incarnation,
    Index,
    first_generation,
    sha256,
)
from sync.protocol.messages import FeedItem
from sync.protocol.sealing import EpochSecret
from tests.vault.world import NOW, ORGANISATION

ALICE, BORIS = Device(b"a" * 16), Device(b"b" * 16)
RUN = Incarnation(b"i" * 8)


def entry(name: str, device: Device = ALICE, incarnation: Incarnation = RUN) -> Entry:
    """An entry whose frame is its name."""
    raw = name.encode()
    return Entry(
        id=0,
        lane=MAIN,
        generation=first_generation(ORGANISATION, MAIN),
        position=0,
        device=device,
        incarnation=incarnation,
        raw=raw,
        hash=FrameHash(sha256(raw)),
        state=EntryState.NEW,
        reason="",
    )


def hash_of(name: str) -> FrameHash:
    """The hash of an entry's frame."""
    return FrameHash(sha256(name.encode())) if name else NO_HASH


def link(vault: Vault, name: str, sequence: int, previous: str, device: Device = ALICE) -> bool:
    """Take a verified frame into its chain."""
    return vault.inbox.link([said(name, sequence, previous, device)], at=NOW)


def said(name: str, sequence: int, previous: str, device: Device = ALICE, run: Incarnation = RUN) -> Link:
    """What a frame says of its place."""
    return Link(entry(name, device, run), sequence, hash_of(name), hash_of(previous))


CHAIN = [("one", 1, ""), ("two", 2, "one"), ("three", 3, "two"), ("four", 4, "three")]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_chain_in_any_order(vault: Vault, order: tuple[int, ...]) -> None:
    """No order of arrival makes a fork; gaps close as frames come; twice changes nothing."""
    for at in order:
        assert link(vault, *CHAIN[at])
    assert [link(vault, *row) for row in CHAIN] == [True] * 4
    assert vault.inbox.gaps() == []
    assert vault.evidence.all() == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_chain_in_one_page(vault: Vault, order: tuple[int, ...]) -> None:
    """Links that come together are judged as those that come one by one."""
    assert vault.inbox.link([said(*CHAIN[at]) for at in order], at=NOW)
    assert vault.inbox.gaps() == []
    assert vault.evidence.all() == []


def test_gaps_are_reported_per_chain(vault: Vault) -> None:
    """What is missing below the highest sequence seen, device by device."""
    link(vault, "three", 3, "two")
    link(vault, "seven", 7, "six")
    link(vault, "one", 1, "", BORIS)
    assert vault.inbox.gaps() == [
        Gap(lane=MAIN, device=ALICE, incarnation=RUN, first=1, last=2),
        Gap(lane=MAIN, device=ALICE, incarnation=RUN, first=4, last=6),
    ]


def test_a_fork_fills_no_gap(vault: Vault) -> None:
    """As many frames as the highest sequence says, but two of them are under one: another one is missing."""
    link(vault, "one", 1, "")
    link(vault, "other", 1, "")
    link(vault, "three", 3, "two")
    for name, sequence, previous in CHAIN:
        link(vault, name, sequence, previous, BORIS)
    assert vault.inbox.gaps() == [Gap(lane=MAIN, device=ALICE, incarnation=RUN, first=2, last=2)]


FORKS = [
    ("two frames under one sequence", [("one", 1, ""), ("other", 1, "")]),
    ("does not follow the one before", [("one", 1, ""), ("two", 2, "something")]),
    ("the one after does not follow", [("two", 2, "something"), ("one", 1, "")]),
]


@pytest.mark.parametrize(("rows"), [row[1] for row in FORKS], ids=[row[0] for row in FORKS])
def test_forks_are_evidence(vault: Vault, rows: list[tuple[str, int, str]]) -> None:
    """Frames that cannot belong to one chain are told and both kept; nothing is overwritten."""
    assert link(vault, *rows[0])
    assert not link(vault, *rows[1])
    (found,) = vault.evidence.all()
    assert (found.kind, found.device, found.raw) == (Finding.FORK, ALICE, rows[1][0].encode())
    assert len(vault._database.rows("SELECT hash FROM chain_link")) == 2


@pytest.mark.parametrize(("rows"), [row[1] for row in FORKS], ids=[row[0] for row in FORKS])
def test_forks_in_one_page_are_evidence(vault: Vault, rows: list[tuple[str, int, str]]) -> None:
    """The same when both come together, among others of the chain and of another one."""
    others = [said("nine", 9, "eight"), said("his", 1, "", BORIS), said("ten", 10, "nine")]
    assert not vault.inbox.link([*others, *(said(*row) for row in rows)], at=NOW)
    (found,) = vault.evidence.all()
    assert (found.kind, found.device) == (Finding.FORK, ALICE)
    assert found.raw.decode() in {row[0] for row in rows}
    assert len(vault._database.rows("SELECT hash FROM chain_link")) == 5


def test_other_chains_are_no_fork(vault: Vault) -> None:
    """Device, incarnation and lane keep chains apart."""
    assert link(vault, "one", 1, "")
    assert link(vault, "his", 1, "", BORIS)
    assert vault.inbox.link([said("new", 1, "", run=Incarnation(b"j" * 8))], at=NOW)


def test_a_void_closes_a_sequence(vault: Vault) -> None:
    """The closed sequence counts as held with the voided hash: the next frame follows, another forks."""
    link(vault, "one", 1, "")
    void = entry("void")
    assert vault.inbox.link([Link(void, 2, hash_of("never"), hash_of("one"))], at=NOW)
    assert link(vault, "void", 3, "never")
    assert vault.inbox.gaps() == []
    assert not link(vault, "other", 2, "one")


def stored(vault: Vault, count: int) -> list[Entry]:
    """Entries of the feed."""
    items = [
        FeedItem(lane=MAIN, index=Index(n), device=ALICE, incarnation=RUN, frame=f"f{n}".encode())
        for n in range(count)
    ]
    vault.feeds.keep(ORGANISATION, MAIN, items, None, at=NOW)
    return vault.inbox.entries(MAIN, EntryState.NEW)


def test_states_and_pages(vault: Vault) -> None:
    """Entries are settled, counted, and read in pages."""
    first, second, third = stored(vault, 3)
    vault.inbox.settle([(first.id, EntryState.OPENED, ""), (second.id, EntryState.REFUSED, "bad signature")])
    assert vault.inbox.entries(MAIN, EntryState.NEW) == [third]
    assert [vault.inbox.waiting(state) for state in (EntryState.NEW, EntryState.AWAITING_KEY)] == [1, 0]
    assert vault.inbox.counts() == {
        (MAIN, EntryState.NEW): 1,
        (MAIN, EntryState.OPENED): 1,
        (MAIN, EntryState.REFUSED): 1,
    }
    (refused,) = vault.inbox.refused()
    assert (refused.id, refused.reason) == (second.id, "bad signature")
    vault.inbox.settle([(first.id, EntryState.NEW, "")])
    assert vault.inbox.entries(MAIN, EntryState.NEW, limit=1) == [first]
    assert vault.inbox.entries(MAIN, EntryState.NEW, after=first.id) == [third]


def test_awaiting_a_key(vault: Vault) -> None:
    """A record without its epoch waits, and is found again by its state when the key has come."""
    (waiting,) = stored(vault, 1)
    epoch, key = EpochId(b"e" * 16), EpochSecret(b"k" * 32)
    assert vault.inbox.epoch(waiting, epoch) is None
    vault.inbox.settle([(waiting.id, EntryState.AWAITING_KEY, "")])
    vault.inbox.keep_epoch(waiting, epoch, 1, key)
    vault.inbox.keep_epoch(waiting, epoch, 1, key)
    (found,) = vault.inbox.entries(MAIN, EntryState.AWAITING_KEY)
    assert vault.inbox.epoch(found, epoch) == OpenedEpoch(term=1, secret=key)


def test_an_epoch_serves_only_its_own_chain(vault: Vault) -> None:
    """Another device naming the epoch does not get its key."""
    vault.inbox.keep_epoch(entry("x"), EpochId(b"e" * 16), 1, EpochSecret(b"k" * 32))
    assert vault.inbox.epoch(entry("x", BORIS), EpochId(b"e" * 16)) is None


def test_acknowledgements_owed(vault: Vault) -> None:
    """Opened frames are gathered by chain until told; opening twice owes once; the first counts."""
    opened = ((1, "one"), (2, "two"), (2, "forked"))
    vault.inbox.owe((entry(name), sequence, bytes([sequence]) * 32) for sequence, name in opened)
    vault.inbox.owe([(entry("his", BORIS), 5, b"t" * 32)])
    mine, his = vault.inbox.owed()
    assert (mine.device, his.device) == (ALICE, BORIS)
    assert {sequence: opened.hash for sequence, opened in mine.opened.items()} == {
        1: hash_of("one"),
        2: hash_of("two"),
    }
    vault.inbox.told(mine, [1], at=NOW)
    vault.inbox.owe([(entry("one"), 1, b"\1" * 32)])
    assert [sorted(owed.opened) for owed in vault.inbox.owed()] == [[2], [5]]


def test_telling_and_the_frame_are_one_transaction(vault: Vault) -> None:
    """If storing the acknowledgement fails it is still owed."""
    vault.inbox.owe([(entry("one"), 1, b"t" * 32)])
    (owed,) = vault.inbox.owed()
    with pytest.raises(KeyboardInterrupt), vault.transaction():
        vault.inbox.told(owed, [1], at=NOW)
        raise KeyboardInterrupt
    assert len(vault.inbox.owed()) == 1


def test_whose_incarnation_a_frame_came_from(vault: Vault) -> None:
    """The envelope of a stored frame is found by the frame's hash."""
    (entry_held,) = stored(vault, 1)
    assert vault.inbox.incarnation_of(entry_held.hash) == RUN
    assert vault.inbox.incarnation_of(hash_of("unknown")) is None
