"""Roots and directories that arrive as frames (docs/protocol.md §6)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame
from sync.protocol.hello import Purpose
from sync.protocol.ids import ADMIN, MAIN, Lane
from sync.protocol.messages import DirectoryItem, ReplyItem, RootItem
from sync.protocol.root import SignedRoot, parse_root, sign_root
from sync.protocol.signing import RootKey
from tests.server.world import Person, Site, World, refusals, send, whole_refusal


def next_root(world: World, *, key: RootKey | None = None) -> SignedRoot:
    """Root version 2 of the world, signed by its key."""
    root = replace(world.root.root, version=2, previous=world.root.hash)
    return parse_root(sign_root(root, [key or world.root_key]))


def documents(items: list[ReplyItem]) -> list[bytes]:
    """Roots and directories of a reply, in order."""
    return [
        item.root if isinstance(item, RootItem) else item.directory
        for item in items
        if isinstance(item, RootItem | DirectoryItem)
    ]


def test_newer_documents_reach_everybody(site: Site, world: World, reporter: Person) -> None:
    """A new root and directory are kept and given to whoever holds older ones, roots first."""
    hello = world.hello(reporter)
    root = next_root(world)
    send(site, world, world.officer, ADMIN, world.root_frame(root))
    world.root = root
    directory = world.next_directory(root_version=2, root_hash=root.hash)
    assert refusals(send(site, world, world.officer, ADMIN, world.directory_frame(directory))) == []
    assert documents(site.post("/v1/sync", hello)[1]) == [root.raw, directory.raw]
    assert documents(site.post("/v1/sync", world.hello(reporter))[1]) == []


def test_documents_already_held_are_only_frames(site: Site, world: World) -> None:
    """The first documents again, as frames, are stored in the log and change nothing."""
    frames = [world.root_frame(world.root), world.directory_frame(world.directory)]
    assert refusals(send(site, world, world.officer, ADMIN, *frames)) == []


def test_documents_that_do_not_hold(site: Site, world: World) -> None:
    """Old, foreign, wrongly signed or wrongly labelled documents are refused; the frame is not stored."""
    first = world.directory
    second = world.next_directory()
    fork = world.sign(replace(world.plan, expires=world.plan.expires + 1))
    elsewhere = World(world.log_public, site.pins, organisation=world.organisation)
    other_server = world.sign(replace(world.plan, version=3, log_key=os.urandom(32)))
    officer = world.officer
    assert refusals(send(site, world, officer, ADMIN, world.directory_frame(second))) == []
    cases: dict[str, tuple[Callable[[], Frame], Refusal]] = {
        "older version": (lambda: world.directory_frame(first), Refusal.DOCUMENT),
        "fork": (lambda: world.directory_frame(fork), Refusal.FORK),
        "another root": (lambda: world.directory_frame(elsewhere.directory), Refusal.DOCUMENT),
        "other server": (lambda: world.directory_frame(other_server), Refusal.DOCUMENT),
        "wrong label": (lambda: world.directory_frame(world.next_directory(), version=9), Refusal.DOCUMENT),
        "root of others": (lambda: world.root_frame(elsewhere.root), Refusal.DOCUMENT),
        "root not by the old key": (lambda: world.root_frame(unsigned_next(world)), Refusal.DOCUMENT),
    }
    head = officer.heads[ADMIN]
    for name, (make, expected) in cases.items():
        items = send(site, world, officer, ADMIN, make())
        assert (name, refusals(items)) == (name, [(ADMIN, head[0] + 1, expected)])
        officer.heads[ADMIN] = head
    assert refusals(send(site, world, officer, ADMIN, officer.record(ADMIN))) == []


def unsigned_next(world: World) -> SignedRoot:
    """A version 2 that a stranger made for themselves: it holds under its own key only."""
    stranger = RootKey.generate()
    root = replace(world.root.root, version=2, previous=world.root.hash, keys=(stranger.public,))
    return parse_root(sign_root(root, [stranger]))


def test_directory_governs_from_its_frame_on(site: Site, world: World, reporter: Person) -> None:
    """Within one request, frames after a new directory are judged by it."""
    late = Person(world.organisation)
    frame = world.directory_frame(world.with_coordinator(late))
    assert refusals(send(site, world, world.officer, ADMIN, frame)) == []
    assert refusals(send(site, world, late, ADMIN, late.record(ADMIN))) == []
    lanes = (*world.plan.lanes, replace(world.plan.lanes[0], lane=Lane(16), name="compartment"))
    body = world.hello(world.officer) + world.officer.upload(Lane(16), world.officer.record(Lane(16)))
    assert refusals(site.post("/v1/sync", body)[1]) == [(16, 1, Refusal.LANE)]
    world.officer.heads.pop(Lane(16))
    body = world.hello(world.officer)
    body += world.officer.upload(ADMIN, world.directory_frame(world.next_directory(lanes=lanes)))
    body += world.officer.upload(Lane(16), world.officer.record(Lane(16)))
    assert refusals(site.post("/v1/sync", body)[1]) == []
    assert refusals(send(site, world, reporter, Lane(16), reporter.record(Lane(16)))) == [
        (16, 1, Refusal.NOT_PERMITTED)
    ]


def test_revoked_devices_are_out(site: Site, world: World, reporter: Person) -> None:
    """A device the directory revokes neither writes, nor pulls, nor is carried for."""
    leaver = Person(world.organisation)
    send(site, world, world.officer, ADMIN, world.directory_frame(world.with_coordinator(leaver)))
    frame = reporter.record()
    revoked = tuple(sorted((reporter.device, leaver.device)))
    send(site, world, world.officer, ADMIN, world.directory_frame(world.next_directory(revoked=revoked)))
    for person, path, purpose in (
        (reporter, "/v1/sync", Purpose.SYNC),
        (leaver, "/v1/pull", Purpose.PULL),
        (leaver, "/v1/sync", Purpose.SYNC),
    ):
        status, items = site.post(path, world.hello(person, purpose))
        assert (status, whole_refusal(items)) == (403, Refusal.NOT_PERMITTED)
    body = world.hello(world.officer) + reporter.carried(MAIN, frame)
    assert refusals(site.post("/v1/sync", body)[1]) == [(1, 1, Refusal.NOT_PERMITTED)]
