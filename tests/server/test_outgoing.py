"""Replies get shorter when much of what was said is not taken, and never too short for a frame."""

from __future__ import annotations

from contextlib import ExitStack

from sync.protocol.limits import FRAME_BYTES
from sync.server.outgoing import LEAST_BYTES, SHARE, Outgoing


def test_room_shrinks_with_what_is_held() -> None:
    """Each may have a part of what is left; when all is taken, enough for one frame; then all again."""
    most = 64 * LEAST_BYTES
    outgoing = Outgoing(most)
    rooms = []
    with ExitStack() as held:
        for _ in range(100):
            rooms.append(outgoing.room())
            held.enter_context(outgoing.holding(outgoing.room()))
        assert outgoing.room() == LEAST_BYTES > FRAME_BYTES
    assert rooms == sorted(rooms, reverse=True)
    assert rooms[0] == outgoing.room() == most // SHARE
    assert sum(room for room in rooms if room > LEAST_BYTES) <= most
