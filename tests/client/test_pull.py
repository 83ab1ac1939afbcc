"""Pulling a feed: pages, cuts, and a server that leaves out, repeats, rolls back or starts anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.client.engine import Engine
from sync.client.errors import LinkError, SetBackError, VerificationError
from sync.client.plan import State
from sync.protocol.frames import build as build_frame
from sync.protocol.hello import Hello
from sync.protocol.ids import Generation, Lane, first_generation
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import CheckpointItem, EndItem, FeedItem, GenerationItem, ReplyItem
from tests.client.laptop import MemoryStore, identity, make_frames
from tests.client.memory import (
    DEVICE,
    DEVICE_KEY,
    INCARNATION,
    ORGANISATION,
    OTHER_KEY,
    FakeClock,
    MemoryLink,
    MemoryServer,
    chain,
    counting_random,
)


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


def test_every_lane_that_was_set_back_is_told_and_the_others_come() -> None:
    """One lane lost entries: it is remembered and named, and what the other brings is kept."""
    engine, store, server, _ = build(6, 2)
    engine.pull()
    server.lose(1, 4)
    server.append(chain(2), make_frames(2, 3)[2].raw)
    with pytest.raises(SetBackError, match="lane 1 has 4 entries where 6 were seen") as caught:
        engine.pull()
    assert (caught.value.lanes, store.set_back) == (((1, 6, 4),), [(1, 4)])
    assert len(store.lanes[2]) == 3


NEW = Generation(b"anew----")


def step(raw: bytes) -> GenerationItem:
    """A frame where one by which a lane begins anew is due."""
    return GenerationItem(device=DEVICE, incarnation=INCARNATION, frame=raw)


def restart(lane: int = 1, ends: bytes | None = None, begins: bytes = NEW) -> GenerationItem:
    """How a lane began anew."""
    header: dict[Key, object] = {
        **{Key.SEQUENCE: 1, Key.PREVIOUS: bytes(32), Key.LANE: lane, Key.SIZE: 6, Key.TREE_ROOT: bytes(32)},
        Key.GENERATION: first_generation(ORGANISATION, Lane(lane)) if ends is None else ends,
        Key.NEW_GENERATION: begins,
    }
    return step(build_frame(chain(3), DEVICE_KEY, Kind.GENERATION, header).raw)


def anew(server: MemoryServer, *steps: GenerationItem, generation: bytes = NEW) -> None:
    """The server answers for lane 1 as one that began anew: frames, checkpoint, every entry."""

    def answer(hello: Hello, items: list[ReplyItem]) -> list[ReplyItem]:
        state = CheckpointItem(checkpoint=server.checkpoint(hello, Lane(1), generation=generation))
        started = hello.lanes[0][1] == generation
        entries = server.lane(1).entries[hello.lanes[0][-1] if started else 0 :]
        other = CheckpointItem(checkpoint=server.checkpoint(hello, Lane(2)))
        end = EndItem(request_limit=9, more=False)
        return [*(() if started else steps), state, *entries, other, end]

    server.tamper = answer


def test_a_lane_begins_anew_by_a_coordinators_word() -> None:
    """The frames are handed to the store with the checkpoint they lead to; then all comes from index 0."""
    engine, store, server, _ = build(6)
    engine.pull()
    server.lose(1, 4)
    anew(server, restart())
    status = engine.pull()
    assert (status.entries, store.generations, len(store.lanes[1])) == (4, {1: NEW}, 4)
    assert any("let lane 1 begin anew" in alarm for alarm in status.alarms)
    assert engine.pull().entries == 0


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "started anew"),
        ([restart(lane=9_000)], "nobody asked for"),
        ([restart(lane=2)], "started anew"),
        (
            [GenerationItem(device=DEVICE, incarnation=INCARNATION, frame=make_frames(3, 1)[0].raw)],
            "generation",
        ),
        ([GenerationItem(device=DEVICE, incarnation=INCARNATION, frame=b"junk")], "does not hold"),
    ],
)
def test_a_silent_or_crooked_restart_stops(steps: list[GenerationItem], words: str) -> None:
    """Without frames that name this very lane nothing moves."""
    engine, store, server, _ = build(6)
    engine.pull()
    anew(server, *steps)
    with pytest.raises(VerificationError, match=words):
        engine.pull()
    assert (store.generations, len(store.lanes[1])) == ({}, 6)


def test_a_restart_the_store_does_not_believe_stops() -> None:
    """Who signed it is for the vault to judge."""
    engine, store, server, _ = build(6)
    engine.pull()
    store.bad_generations = True
    anew(server, restart())
    with pytest.raises(VerificationError, match="manages members"):
        engine.pull()
    assert len(store.lanes[1]) == 6
