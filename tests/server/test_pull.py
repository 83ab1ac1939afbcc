"""Pulls on every store: checkpoints, order, cursors, limits, who may (docs/protocol.md §7, §9)."""

from __future__ import annotations

from typing import Any

from sync.protocol.errors import Refusal
from sync.protocol.hello import Purpose
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Index, first_generation
from sync.protocol.log import EMPTY_ROOT, Frontier, leaf_hash
from sync.protocol.messages import CheckpointItem, EndItem, FeedItem, ReplyItem
from sync.protocol.receipts import Checkpoint, open_checkpoint
from tests.server.world import NOW_HOUR, Person, Site, World, feed, send, whole_refusal


def checkpoints(items: list[ReplyItem], site: Site) -> list[Checkpoint]:
    """The checkpoints of a reply, checked under the log key."""
    return [
        open_checkpoint(item.checkpoint, site.log_key.public)
        for item in items
        if isinstance(item, CheckpointItem)
    ]


def pull(site: Site, world: World, **changes: Any) -> list[ReplyItem]:
    """What the officer gets."""
    status, items = site.post("/v1/pull", world.hello(world.officer, Purpose.PULL, **changes))
    assert status == 200
    return items


def test_lanes_in_order_with_checkpoints(site: Site, world: World, reporter: Person) -> None:
    """The admin lane comes first; each lane's checkpoint stands before its entries and fits them."""
    frames = [reporter.record(MAIN) for _ in range(3)]
    send(site, world, reporter, MAIN, *frames)
    send(site, world, reporter, SOURCES, reporter.record(SOURCES))
    items = pull(site, world)
    shape = [(type(item).__name__, getattr(item, "lane", None)) for item in items]
    assert shape == [
        ("CheckpointItem", None),
        ("FeedItem", 3),
        ("FeedItem", 3),
        ("CheckpointItem", None),
        *[("FeedItem", 1)] * 3,
        ("CheckpointItem", None),
        ("FeedItem", 2),
        ("EndItem", None),
    ]
    admin, main, sources = checkpoints(items, site)
    assert [(one.lane, one.size, one.hours) for one in (admin, main, sources)] == [
        (3, 2, NOW_HOUR),
        (1, 3, NOW_HOUR),
        (2, 1, NOW_HOUR),
    ]
    entries = [item for item in feed(items) if item.lane == MAIN]
    assert [(item.index, item.frame) for item in entries] == [(n, one.raw) for n, one in enumerate(frames)]
    leaves = [leaf_hash(one.hash, reporter.device, Index(n)) for n, one in enumerate(frames)]
    assert main.root == Frontier().extend(leaves).root()


def test_empty_lane(site: Site, world: World) -> None:
    """A lane nobody wrote has the empty tree."""
    lanes = ((MAIN, first_generation(world.organisation, MAIN), 0),)
    items = pull(site, world, lanes=lanes)
    assert [(one.size, one.root) for one in checkpoints(items, site)] == [(0, EMPTY_ROOT)]
    assert feed(items) == []


def test_cursor_and_limit(site: Site, world: World, reporter: Person) -> None:
    """Page by page from the cursor: every entry once, in order; the last page says it is the last."""
    frames = [reporter.record(MAIN) for _ in range(40)]
    send(site, world, reporter, MAIN, *frames)
    generation = first_generation(world.organisation, MAIN)
    got: list[FeedItem] = []
    pages = 0
    while True:
        items = pull(site, world, lanes=((MAIN, generation, len(got)),), reply_limit=5_000)
        got += feed(items)
        pages += 1
        assert isinstance(items[-1], EndItem)
        if not items[-1].more:
            break
        assert feed(items)
    assert [item.frame for item in got] == [frame.raw for frame in frames]
    assert [item.index for item in got] == list(range(40))
    assert 3 < pages < 12


def test_who_may_pull(site: Site, world: World, reporter: Person) -> None:
    """Only readers of every lane asked for; a stranger's device is unknown, another generation is told."""
    stranger = Person(world.organisation)
    main = first_generation(world.organisation, MAIN)
    cases: dict[str, tuple[Person, dict[str, Any], Refusal]] = {
        "reporter": (reporter, {}, Refusal.NOT_PERMITTED),
        "stranger": (stranger, {}, Refusal.DEVICE),
        "unknown lane": (world.officer, {"lanes": ((MAIN, main, 0), (17, main, 0))}, Refusal.NOT_PERMITTED),
        "generation": (world.officer, {"lanes": ((MAIN, b"another!", 0),)}, Refusal.GENERATION),
    }
    for name, (person, changes, expected) in cases.items():
        hello = world.hello(person, Purpose.PULL, **changes)
        assert (name, whole_refusal(site.post("/v1/pull", hello)[1])) == (name, expected)


def test_pull_carries_nothing(site: Site, world: World) -> None:
    """Uploads in a pull are refused with it."""
    body = world.hello(world.officer, Purpose.PULL)
    body += world.officer.upload(ADMIN, world.officer.record(ADMIN))
    status, items = site.post("/v1/pull", body)
    assert (status, whole_refusal(items)) == (400, Refusal.MALFORMED)
