"""Lanes that an officer lets begin anew, on every store (docs/protocol.md §7, kind 20)."""

from __future__ import annotations

import os
from typing import Any

import pytest

from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame
from sync.protocol.hello import Purpose
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Generation, Lane, first_generation
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import CheckpointItem, GenerationItem, ReplyItem
from sync.protocol.receipts import open_checkpoint
from tests.server.world import Person, Site, World, feed, receipts, refusals, send, whole_refusal

TWO, THREE = Generation(b"second--"), Generation(b"third---")


def restart(world: World, lane: Lane, ends: bytes, begins: bytes, *, by: Person | None = None) -> Frame:
    """A generation frame."""
    header: dict[Key, Any] = {
        Key.LANE: lane,
        Key.GENERATION: ends,
        Key.SIZE: 9,
        Key.TREE_ROOT: os.urandom(32),
        Key.NEW_GENERATION: begins,
    }
    return (by or world.officer).write(ADMIN, Kind.GENERATION, header)


def first(world: World, lane: Lane = MAIN) -> Generation:
    """The generation every lane begins with."""
    return first_generation(world.organisation, lane)


def pull(site: Site, world: World, *lanes: tuple[Lane, bytes, int]) -> list[ReplyItem]:
    """What the officer is answered."""
    body = world.hello(world.officer, Purpose.PULL, lanes=tuple(sorted(lanes)))
    return site.post("/v1/pull", body)[1]


def shape(items: list[ReplyItem]) -> list[str]:
    """Which items came, in order, without the end."""
    return [type(item).__name__.removesuffix("Item") for item in items[:-1]]


def test_a_lane_begins_anew(site: Site, world: World, reporter: Person) -> None:
    """Entries, indexes and tree stay; receipts and checkpoints name the new generation from then on."""
    records = [reporter.record() for _ in range(3)]
    (before,) = receipts(send(site, world, reporter, MAIN, *records), site)
    step = restart(world, MAIN, first(world), TWO)
    send(site, world, world.officer, ADMIN, step)
    (after,) = receipts(send(site, world, reporter, MAIN), site)
    assert (before.generation, after.generation) == (first(world), TWO)
    assert (after.size, after.root, after.head) == (before.size, before.root, before.head)
    items = pull(site, world, (MAIN, TWO, 1))
    assert [(entry.index, entry.frame) for entry in feed(items)] == [
        (1, records[1].raw),
        (2, records[2].raw),
    ]
    assert "Generation" not in shape(items)


def test_an_earlier_generation_is_led_to_the_present_one(site: Site, world: World, reporter: Person) -> None:
    """The frames from the one named on, in order, then the checkpoint, then every entry."""
    send(site, world, reporter, MAIN, reporter.record(), reporter.record())
    steps = [restart(world, MAIN, first(world), TWO), restart(world, MAIN, TWO, THREE)]
    send(site, world, world.officer, ADMIN, *steps)
    for held, expected in ((first(world), steps), (TWO, steps[1:])):
        items = pull(site, world, (MAIN, held, 40), (SOURCES, first(world, SOURCES), 0))
        told = [item for item in items if isinstance(item, GenerationItem)]
        assert [item.frame for item in told] == [step.raw for step in expected]
        assert {(item.device, item.incarnation) for item in told} == {
            (world.officer.device, world.officer.incarnation)
        }
        assert shape(items) == ["Generation"] * len(expected) + ["Checkpoint", "Feed", "Feed", "Checkpoint"]
        named = [
            open_checkpoint(item.checkpoint, site.log_key.public)
            for item in items
            if isinstance(item, CheckpointItem)
        ]
        assert [one.generation for one in named] == [THREE, first(world, SOURCES)]


def test_a_generation_that_never_was(site: Site, world: World) -> None:
    """Refused whole, as before."""
    assert whole_refusal(pull(site, world, (MAIN, TWO, 0))) == Refusal.GENERATION
    send(site, world, world.officer, ADMIN, restart(world, MAIN, first(world), TWO))
    assert whole_refusal(pull(site, world, (MAIN, THREE, 0))) == Refusal.GENERATION


def test_the_same_frame_again_counts_as_held(site: Site, world: World) -> None:
    """Sent twice, in one request or two, the lane begins anew once."""
    step = restart(world, MAIN, first(world), TWO)
    send(site, world, world.officer, ADMIN, step, step)
    assert refusals(send(site, world, world.officer, ADMIN, step)) == []
    with site.store.reading() as reader:
        (row,) = reader.generations(world.organisation, MAIN)
    assert (row.ends, row.begins, row.raw) == (first(world), TWO, step.raw)


def test_a_stale_one_is_refused(site: Site, world: World) -> None:
    """Whoever comes second, and whoever would go back, is told so; nothing changes."""
    send(site, world, world.officer, ADMIN, restart(world, MAIN, first(world), TWO))
    late = restart(world, MAIN, first(world), THREE)
    assert refusals(send(site, world, world.officer, ADMIN, late)) == [(3, late.sequence, Refusal.GENERATION)]
    back = restart(world, MAIN, TWO, first(world))
    assert refusals(send(site, world, world.officer, ADMIN, back)) == [(3, back.sequence, Refusal.GENERATION)]
    with site.store.reading() as reader:
        head = reader.lane(world.organisation, MAIN)
    assert head is not None and head.generation == TWO


def test_the_admin_lane_begins_anew_with_the_frame_in_it(site: Site, world: World) -> None:
    """The frame takes its place in the very lane that it restarts."""
    step = restart(world, ADMIN, first(world, ADMIN), TWO)
    (receipt,) = receipts(send(site, world, world.officer, ADMIN, step), site)
    assert (receipt.generation, receipt.size) == (TWO, 1)
    assert [entry.frame for entry in feed(pull(site, world, (ADMIN, first(world, ADMIN), 7)))] == [step.raw]


@pytest.mark.parametrize("roles", [None, 0])
def test_only_an_officer_lets_a_lane_begin_anew(
    site: Site, world: World, reporter: Person, roles: int | None
) -> None:
    """Neither a reporter nor a coordinator who does not manage members."""
    if roles is not None:
        signed = world.with_coordinator(reporter, roles)
        send(site, world, world.officer, ADMIN, world.directory_frame(signed))
    step = restart(world, MAIN, first(world), TWO, by=reporter)
    items = send(site, world, reporter, ADMIN, step)
    assert refusals(items) == [(3, step.sequence, Refusal.NOT_PERMITTED)]


def test_a_lane_nobody_has(site: Site, world: World) -> None:
    """The directory names the lanes there are."""
    step = restart(world, Lane(16), first(world, Lane(16)), TWO)
    items = send(site, world, world.officer, ADMIN, step)
    assert refusals(items) == [(3, step.sequence, Refusal.LANE)]


def test_a_fork_restarts_nothing(site: Site, world: World) -> None:
    """A frame that is refused for its place in the chain has no effect either."""
    send(site, world, world.officer, ADMIN, restart(world, SOURCES, first(world, SOURCES), TWO))
    world.officer.heads[ADMIN] = (0, world.officer.heads[ADMIN][1])
    world.officer.heads.pop(ADMIN)
    fork = restart(world, MAIN, first(world), TWO)
    assert refusals(send(site, world, world.officer, ADMIN, fork)) == [(3, fork.sequence, Refusal.FORK)]
    with site.store.reading() as reader:
        assert reader.generations(world.organisation, MAIN) == []
