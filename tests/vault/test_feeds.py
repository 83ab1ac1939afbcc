"""Feeds: cursor and entries together, the tree computed, contradictions kept (threat model R17)."""

from __future__ import annotations

import pytest

from fieldkit.vault.evidence import Finding
from fieldkit.vault.feeds import Verdicts
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.protocol.ids import ADMIN, MAIN, Device, Generation, Incarnation, Index, first_generation, sha256
from sync.protocol.log import EMPTY_ROOT, Frontier, leaf_hash
from sync.protocol.messages import FeedItem
from sync.protocol.receipts import Checkpoint
from sync.protocol.records import Gossip
from tests.vault.world import NOW, ORGANISATION

DEVICE = Device(b"d" * 16)
GENERATION = first_generation(ORGANISATION, MAIN)


def item(index: int, text: str | None = None) -> FeedItem:
    """An entry whose frame is a short text: storing does not look inside."""
    frame = (f"frame {index}" if text is None else text).encode()
    return FeedItem(
        lane=MAIN, index=Index(index), device=DEVICE, incarnation=Incarnation(b"i" * 8), frame=frame
    )


def tree(size: int) -> Frontier:
    """The tree over the first entries, computed apart."""
    return Frontier().extend(
        leaf_hash(sha256(f"frame {index}".encode()), DEVICE, Index(index))  # type: ignore[arg-type]
        for index in range(size)
    )


def checkpoint(size: int, root: bytes | None = None, generation: Generation = GENERATION) -> Checkpoint:
    """What a server states about the lane."""
    return Checkpoint(
        organisation=ORGANISATION,
        lane=MAIN,
        generation=generation,
        size=size,
        root=tree(size).root() if root is None else root,
        nonce=bytes(16),
        hours=1,
    )


def keep(vault: Vault, *items: FeedItem, told: Checkpoint | None = None) -> int:
    """Store a page of the feed."""
    return vault.feeds.keep(ORGANISATION, MAIN, items, told, at=NOW)


def test_entries_and_cursor(vault: Vault) -> None:
    """A page moves the cursor past its entries; the first page starts at the derived generation."""
    assert vault.feeds.cursor(ORGANISATION, MAIN) == (GENERATION, 0)
    assert keep(vault, item(0), item(1), item(2)) == 3
    assert vault.feeds.cursor(ORGANISATION, MAIN) == (GENERATION, 3)
    assert vault.feeds.cursor(ORGANISATION, ADMIN)[1] == 0
    entries = vault.inbox.entries(MAIN, EntryState.NEW)
    assert [(entry.position, entry.raw) for entry in entries] == [
        (n, f"frame {n}".encode()) for n in range(3)
    ]
    assert entries[0].hash == sha256(b"frame 0")


def test_twice_changes_nothing(vault: Vault) -> None:
    """The same page again, and pages that overlap: no entry twice, no evidence, the cursor stays."""
    keep(vault, item(0), item(1), item(2), told=checkpoint(3))
    before = vault._database.rows("SELECT * FROM feed_entry")
    assert keep(vault, item(0), item(1), item(2), told=checkpoint(3)) == 0
    assert keep(vault, item(0)) == 0
    assert vault._database.rows("SELECT * FROM feed_entry") == before
    assert vault.evidence.all() == []
    assert vault.feeds.cursor(ORGANISATION, MAIN)[1] == 3
    assert vault.feeds.verdicts() == Verdicts(agree=1, differ=0, waiting=0)


def test_the_tree_at_every_size(vault: Vault) -> None:
    """Roots are those of the specification at each size, in whatever pages the entries came."""
    keep(vault, *(item(index) for index in range(5)))
    keep(vault, *(item(index) for index in range(5, 13)))
    assert vault.feeds.root_at(MAIN, GENERATION, 0) == EMPTY_ROOT
    for size in range(1, 14):
        assert vault.feeds.root_at(MAIN, GENERATION, size) == tree(size).root()
    assert vault.feeds.root_at(MAIN, GENERATION, 14) is None


def test_a_checkpoint_ahead_waits_for_its_entries(vault: Vault) -> None:
    """A page may be cut short: the claim is judged when the feed has come so far."""
    keep(vault, item(0), told=checkpoint(3))
    assert vault.feeds.verdicts() == Verdicts(agree=0, differ=0, waiting=1)
    keep(vault, item(1), item(2))
    assert vault.feeds.verdicts() == Verdicts(agree=1, differ=0, waiting=0)


@pytest.mark.parametrize("source", ["checkpoint", "gossip"])
@pytest.mark.parametrize("late", [False, True])
def test_another_tree_is_evidence(vault: Vault, source: str, late: bool) -> None:
    """A server that shows different logs is found by its own checkpoint or by what members heard."""
    if not late:
        keep(vault, item(0), item(1))
    if source == "checkpoint":
        keep(vault, told=checkpoint(2, root=b"x" * 32))
    else:
        told = Gossip(lane=MAIN, generation=GENERATION, size=2, root=b"x" * 32)
        vault.feeds.take_gossip(told, DEVICE, at=NOW)
        vault.feeds.take_gossip(told, DEVICE, at=NOW)
    if late:
        assert vault.evidence.all() == []
        keep(vault, item(0), item(1))
    (found,) = vault.evidence.all()
    assert (found.kind, found.lane) == (Finding.TREE, MAIN)
    assert source in found.detail
    assert vault.feeds.verdicts().differ == 1


def test_another_frame_at_a_position_is_evidence(vault: Vault) -> None:
    """The first frame stays; the other one is kept beside it."""
    keep(vault, item(0))
    keep(vault, item(0, "another"))
    (found,) = vault.evidence.all()
    assert (found.kind, found.raw) == (Finding.FEED, b"another")
    assert [entry.raw for entry in vault.inbox.entries(MAIN, EntryState.NEW)] == [b"frame 0"]


def test_positions_passed_over_are_told_and_block_nothing(vault: Vault) -> None:
    """The entries behind the hole are stored, the tree waits at the hole and goes on when it is filled."""
    keep(vault, item(0), item(3))
    (found,) = vault.evidence.all()
    assert found.detail == "positions 1 to 2 were passed over"
    assert vault.feeds.cursor(ORGANISATION, MAIN)[1] == 4
    assert vault.feeds.root_at(MAIN, GENERATION, 2) is None
    keep(vault, item(1), item(2))
    assert vault.feeds.root_at(MAIN, GENERATION, 4) == tree(4).root()


def test_another_generation_is_told(vault: Vault) -> None:
    """A lane that began anew is shown, the held feed stays."""
    keep(vault, item(0), told=checkpoint(0, generation=Generation(b"g" * 8)))
    assert vault.evidence.all()[0].kind is Finding.GENERATION
    assert len(vault.inbox.entries(MAIN, EntryState.NEW)) == 1


def test_a_page_that_fails_moves_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries, cursor and tree are one transaction."""

    def crash(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(vault.feeds, "_grow", crash)
    with pytest.raises(KeyboardInterrupt):
        keep(vault, item(0))
    assert vault.feeds.cursor(ORGANISATION, MAIN)[1] == 0
    assert vault.inbox.entries(MAIN, EntryState.NEW) == []
