"""Pulling a feed: pages, cuts, and a server that leaves out, repeats, rolls back or starts anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.client.engine import Engine
from sync.client.errors import LinkError, VerificationError
from sync.client.plan import State
from sync.protocol.hello import Hello
from sync.protocol.ids import Lane
from sync.protocol.messages import CheckpointItem, EndItem, FeedItem, ReplyItem
from tests.client.laptop import MemoryStore, identity, make_frames
from tests.client.memory import OTHER_KEY, FakeClock, MemoryLink, MemoryServer, chain, counting_random


def build(main: int, sources: int = 0) -> tuple[Engine, MemoryStore, MemoryServer, MemoryLink]:
    """A reader of lanes 1 and 2, and a server that holds so many entries of each."""
    clock = FakeClock()
    store, server = MemoryStore(), MemoryServer()
    store.lanes = {1: [], 2: []}
    for lane, number in ((1, main), (2, sources)):
        for frame in make_frames(lane, number):
            server.append(chain(lane), frame.raw)
    link = MemoryLink(server, clock)
    engine = Engine(identity=identity, store=store, transport=link, clock=clock, random=counting_random())
    return engine, store, server, link


def test_everything_comes_in_order_with_verified_checkpoints() -> None:
    """Entries of each lane, gapless from where we stopped; the checkpoint is that of this exchange."""
    engine, store, server, _ = build(30, 12)
    status = engine.pull()
    assert (status.phase, status.entries, status.checkpoints_verified) == (State.DONE, 42, 2)
    assert {lane: len(held) for lane, held in store.lanes.items()} == {1: 30, 2: 12}
    assert store.checkpoints[1].root == server.lane(1).tree.root()
    again = engine.pull()
    assert (again.entries, again.requests, again.checkpoints_verified) == (0, 1, 2)


def test_pages_follow_until_nothing_more_waits() -> None:
    """`more` asks again from the new cursor; a reply limit cuts pages too."""
    engine, store, server, _ = build(95, 3)
    server.page = 20
    status = engine.pull()
    assert (status.entries, len(store.lanes[1]), len(store.lanes[2])) == (98, 95, 3)
    assert status.requests == 5
    large, kept, _, _ = build(900)
    assert large.pull().requests >= 2
    assert len(kept.lanes[1]) == 900


def test_a_pull_cut_at_many_places_keeps_every_whole_entry() -> None:
    """Entries that came whole stay, and the next pull goes on behind them; nothing comes twice."""
    for offset in range(0, 9_000, 37):
        engine, store, _, link = build(12, 5)
        link.piece = 11
        link.cuts = [("down", offset), *[("connect", 0)] * 5]
        try:
            engine.pull()
        except LinkError:
            whole = len(store.lanes[1]) + len(store.lanes[2])
            assert whole >= (offset - 600) // 480
        link.cuts = []
        engine.pull()
        assert {lane: len(held) for lane, held in store.lanes.items()} == {1: 12, 2: 5}


def test_a_byte_cap_limits_a_pull() -> None:
    """The cap bounds what the server may send, and the rest comes with the next pull."""
    engine, store, _, _ = build(300)
    status = engine.pull(max_bytes=40_000)
    assert status.capped
    assert status.bytes_up + status.bytes_down <= 40_000
    assert 0 < len(store.lanes[1]) < 300
    engine.pull()
    assert len(store.lanes[1]) == 300


def feed(items: list[ReplyItem]) -> list[FeedItem]:
    """The entries among the items of a reply."""
    return [item for item in items if isinstance(item, FeedItem)]


Lie = Callable[[MemoryServer, Hello, list[ReplyItem]], list[ReplyItem]]

LIES: list[tuple[str, Lie, str]] = [
    ("leaves one out", lambda s, h, items: [i for i in items if getattr(i, "index", 0) != 2], "where 2"),
    ("repeats one", lambda s, h, items: [*items[:3], items[2], *items[3:]], "where"),
    ("turns two round", lambda s, h, items: [items[0], items[2], items[1], *items[3:]], "where 0"),
    (
        "goes beyond its own checkpoint",
        lambda s, h, items: [
            CheckpointItem(checkpoint=s.checkpoint(h, Lane(1), size=3)),
            *feed(items),
            EndItem(request_limit=0, more=False),
        ],
        "where 3 of 3",
    ),
    ("no checkpoint", lambda s, h, items: items[1:], "without its checkpoint"),
    (
        "forged checkpoint",
        lambda s, h, items: [CheckpointItem(checkpoint=s.checkpoint(h, Lane(1), key=OTHER_KEY)), *items[1:]],
        "log key",
    ),
    (
        "old checkpoint",
        lambda s, h, items: [CheckpointItem(checkpoint=s.checkpoint(h, Lane(1), nonce=bytes(16)))],
        "old checkpoint",
    ),
    (
        "another organisation's",
        lambda s, h, items: [CheckpointItem(checkpoint=s.checkpoint(h, Lane(1), organisation=bytes(16)))],
        "another organisation",
    ),
    (
        "another generation",
        lambda s, h, items: [CheckpointItem(checkpoint=s.checkpoint(h, Lane(1), generation=bytes(8)))],
        "started anew",
    ),
    (
        "a lane nobody asked for",
        lambda s, h, items: [CheckpointItem(checkpoint=s.checkpoint(h, Lane(19)))],
        "nobody asked",
    ),
    ("checkpoint twice", lambda s, h, items: [items[0], *items], "nobody asked"),
    (
        "another lane's entries",
        lambda s, h, items: [items[0], replace(feed(items)[0], lane=Lane(2))],
        "without its checkpoint",
    ),
    ("more, but nothing", lambda s, h, items: [EndItem(request_limit=0, more=True)], "none of it"),
]


@pytest.mark.parametrize(
    ("lie", "words"), [(lie, words) for _, lie, words in LIES], ids=[n for n, _, _ in LIES]
)
def test_a_lying_feed_is_named_and_keeps_only_the_true_beginning(lie: Lie, words: str) -> None:
    """What came before the lie is kept, in order; the lie is not."""
    engine, store, server, _ = build(6)
    server.tamper = lambda hello, items: lie(server, hello, items)
    with pytest.raises(VerificationError, match=words):
        engine.pull()
    assert [item.index for item in store.lanes[1]] == list(range(len(store.lanes[1])))
    assert store.lanes[2] == []
    server.tamper = lambda hello, items: items
    engine.pull()
    assert len(store.lanes[1]) == 6


def test_a_server_that_lost_entries_is_noticed() -> None:
    """A checkpoint smaller than what we hold is a rollback: said, and nothing given up."""
    engine, store, _, _ = build(6)
    engine.pull()
    poorer, _, _, link = build(4)
    del poorer
    engine._transport = link
    with pytest.raises(VerificationError, match="lost or hides"):
        engine.pull()
    assert len(store.lanes[1]) == 6
