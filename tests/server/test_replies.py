"""The reply's limit: whole items, the first optional one always, nothing after one that did not fit."""

from __future__ import annotations

import pytest

from sync.protocol.messages import EndItem
from sync.server.replies import Reply
from tests.server.world import read_items


@pytest.mark.parametrize(
    ("limit", "sizes", "taken"),
    [
        (100, [40, 40, 20], [True, True, True]),
        (100, [40, 61, 1], [True, False, False]),
        (10, [40, 1], [True, False]),
        (0, [1, 1], [True, False]),
        (100, [], []),
    ],
)
def test_offers(limit: int, sizes: list[int], taken: list[bool]) -> None:
    """Items fit or they do not; once one did not, the order would break if a later one did."""
    reply = Reply(limit)
    assert [reply.offer(b"x" * size) for size in sizes] == taken
    assert reply.more == (False in taken)


def test_needed_items_go_beyond_the_limit() -> None:
    """Receipts and the end are part of every reply, and count against what is optional."""
    reply = Reply(10)
    reply.need(b"x" * 50)
    assert reply.room == 0
    assert reply.offer(b"y")
    assert not reply.offer(b"z")
    body = reply.finish(77)
    assert body.startswith(b"x" * 50 + b"y")
    assert read_items(body[51:]) == [EndItem(request_limit=77, more=True)]
