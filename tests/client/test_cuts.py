"""A link that breaks at every single byte: complete frames are committed, and the next sync converges."""

from __future__ import annotations

import pytest

from sync.client.engine import Engine
from sync.client.errors import LinkError
from sync.protocol.encoding import Incomplete, scan
from tests.client.laptop import MemoryStore, Sealed, identity, make_frames
from tests.client.memory import FakeClock, MemoryLink, MemoryServer, counting_random

pytestmark = pytest.mark.apart

FRAMES = 14
BEHIND = 1_000
"""Cuts that follow the first one, so that a run ends where a test wants to look."""


def two_lanes() -> list[Sealed]:
    """Two lanes, in the order they are sent; small ones, because every byte of them is a test."""
    main, sources = make_frames(1, FRAMES - 5, size=0), make_frames(2, 5, size=0)
    return [main[0], sources[0], *main[1:], *sources[1:]]


def build(frames: list[Sealed], *, honest: bool) -> tuple[Engine, MemoryStore, MemoryServer, MemoryLink]:
    """A fresh laptop, server and link."""
    clock = FakeClock()
    store, server = MemoryStore(frames), MemoryServer()
    link = MemoryLink(server, clock, honest=honest)
    engine = Engine(identity=identity, store=store, transport=link, clock=clock, random=counting_random())
    return engine, store, server, link


def items(body: bytes) -> list[int]:
    """Where each item of a sequence ends."""
    ends, at = [], 0
    while at < len(body):
        at = scan(body, at)
        ends.append(at)
    return ends


def body_of(frames: list[Sealed]) -> bytes:
    """The request these frames make."""
    engine, _, server, _ = build(frames, honest=True)
    bodies: list[bytes] = []
    server.on_answer = lambda body, reply: bodies.append(body)
    engine.sync()
    assert len(bodies) == 1
    return bodies[0]


def record(server: MemoryServer) -> list[int]:
    """A list that grows with each request: how many frames are committed after it."""
    counts: list[int] = []

    def note(body: bytes, reply: bytes) -> None:
        counts.append(sum(len(lane.entries) for lane in server.lanes.values()))

    server.on_answer = note
    return counts


@pytest.mark.parametrize(("honest", "step"), [(True, 1), (False, 7)])
def test_a_request_cut_at_every_byte(honest: bool, step: int) -> None:
    """Whatever the offset: the complete frames are committed, nothing twice, two more requests finish.

    Once with a network that tells what it delivered, and once with one that tells nothing.
    """
    frames = two_lanes()
    body = body_of(frames)
    ends = items(body)
    assert len(ends) == FRAMES + 1
    for offset in range(0, len(body), step):
        engine, store, server, link = build(frames, honest=honest)
        link.cuts = [("up", offset)]
        committed = record(server)
        engine.sync()
        assert committed[0] == max(0, sum(end <= offset for end in ends) - 1), offset
        assert len(link.bodies) <= 3, offset
        assert store.pending_totals() == (0, 0), offset
        assert sum(len(lane.entries) for lane in server.lanes.values()) == FRAMES, offset


def test_a_reply_cut_at_every_byte() -> None:
    """Only what a whole, verified receipt covers is marked; one more request finishes."""
    frames = make_frames(1, 4) + make_frames(2, 2)
    engine, _, server, link = build(frames, honest=True)
    replies: list[bytes] = []
    server.on_answer = lambda body, reply: replies.append(reply)
    engine.sync()
    reply = replies[0]
    ends = items(reply)
    for offset in range(len(reply)):
        engine, store, server, link = build(frames, honest=True)
        link.piece = 7
        link.cuts = [("down", offset), *[("connect", 0)] * BEHIND]
        whole = sum(end <= offset for end in ends)
        with pytest.raises(LinkError):
            engine.sync()
        assert len(store.receipts) == min(whole, 2), offset
        assert len(store.received) == (0, 4, 6)[min(whole, 2)], offset
        link.cuts, link.bodies = [], []
        engine.sync()
        assert len(link.bodies) == 1, offset
        assert store.pending_totals() == (0, 0), offset
        assert sum(len(lane.entries) for lane in server.lanes.values()) == len(frames), offset


def test_cuts_at_random_places_again_and_again_converge() -> None:
    """Fifty cuts in a row, up and down, at changing places: everything arrives exactly once."""
    draw = counting_random()
    for _ in range(20):
        engine, store, server, link = build(make_frames(1, 60) + make_frames(2, 30), honest=draw(1)[0] < 128)
        link.cuts = [
            ("up" if draw(1)[0] < 170 else "down", int.from_bytes(draw(2), "big") % 30_000) for _ in range(50)
        ]
        for _ in range(60):
            try:
                engine.sync()
                break
            except LinkError:
                continue
        assert store.pending_totals() == (0, 0)
        assert sum(len(lane.entries) for lane in server.lanes.values()) == 90
        assert len(store.received) == 90


def test_the_scan_of_this_test_sees_a_cut() -> None:
    """The offsets above are those of whole items: half of one is not taken for one."""
    body = body_of(make_frames(1, 2))
    with pytest.raises(Incomplete):
        items(body[:-1])
