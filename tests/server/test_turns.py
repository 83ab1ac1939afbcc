"""Places go to organisations in turn, and no organisation has more than its share."""

from __future__ import annotations

import asyncio

import pytest

from sync.protocol.encoding import encode
from sync.server.requests import claimed_organisation
from sync.server.turns import SHARE_BYTES, Turns
from tests.server.world import Site, World

PLACES = 4

# Who asks, in order, with requests of which size; and who has begun when nobody has ended yet.
QUEUES: dict[str, tuple[str, int, str]] = {
    "one alone has half": ("aaaaaa", 1, "aa"),
    "two share": ("aaaaabbbbb", 1, "aabb"),
    "a late one finds a place": ("aaaaaaaab", 1, "aab"),
    "three share four places": ("aaabbbccc", 1, "aabb"),
    "one large request at a time": ("aab", SHARE_BYTES, "ab"),
    "a request larger than the share": ("aab", 4 * SHARE_BYTES, "ab"),
    "two of half the share": ("aaab", SHARE_BYTES // 2, "aab"),
}


class Work:
    """Requests that note when they begin, and end when they are told."""

    def __init__(self) -> None:
        self.turns = Turns(PLACES)
        self.begun: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.ends: list[asyncio.Event] = []

    async def ask(self, whose: str, size: int = 1) -> None:
        """One more request."""
        end = asyncio.Event()

        async def work() -> None:
            async with self.turns.turn(whose.encode(), size):
                self.begun.append(whose)
                await end.wait()

        self.ends.append(end)
        self.tasks.append(asyncio.create_task(work()))
        await settle()

    async def end(self, *numbers: int) -> None:
        """Let some end, counted as they asked."""
        for number in numbers:
            self.ends[number].set()
            await settle()

    async def end_all(self) -> None:
        """Let everything end that can."""
        for end in self.ends:
            end.set()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.parametrize("name", QUEUES)
def test_who_begins(name: str) -> None:
    """Who has a place before anybody ended; in the end everybody had one."""
    asked, size, expected = QUEUES[name]

    async def play() -> None:
        work = Work()
        for whose in asked:
            await work.ask(whose, size)
        assert "".join(work.begun) == expected
        await work.end_all()
        assert sorted(work.begun) == sorted(asked)

    asyncio.run(play())


def test_a_place_that_is_free_goes_to_the_next_in_turn() -> None:
    """It goes to who has none, then to who has fewest."""

    async def play() -> None:
        work = Work()
        for whose in "aaaaabbbc":
            await work.ask(whose)
        assert work.begun == ["a", "a", "b", "b"]
        await work.end(0)
        assert work.begun[4:] == ["c"]
        await work.end(1)
        assert work.begun[5:] == ["a"]
        await work.end_all()

    asyncio.run(play())


def test_who_gives_up_leaves_no_trace() -> None:
    """A request that is cancelled while it waits, or as it is let in, holds no place."""

    async def play() -> None:
        work = Work()
        for whose in "aaaa":
            await work.ask(whose)
        work.tasks[2].cancel()
        await settle()
        work.ends[0].set()
        await asyncio.sleep(0)
        work.tasks[3].cancel()
        await settle()
        await work.end(1)
        for whose in "bbaab":
            await work.ask(whose)
        assert work.begun[2:] == ["b", "b", "a", "a"]
        await work.end_all()
        assert work.turns._shares == {}
        assert work.turns._free == PLACES

    asyncio.run(play())


def test_whose_a_request_is(site: Site, world: World) -> None:
    """The organisation of its hello; nobody's when there is none, whatever stands there."""
    body = world.hello(world.officer)
    assert claimed_organisation(bytearray(body + bytes(100))) == world.organisation
    others = (
        b"",
        b"\x00",
        body[:-1],
        b"\xff" * 2_000,
        b"\x9a\x00\x0f\xff\xff" + bytes(2_000_000),
        encode([1]),
    )
    assert [claimed_organisation(other) for other in others] == [b""] * len(others)
