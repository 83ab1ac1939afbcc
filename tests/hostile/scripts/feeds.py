"""Feeds that leave out, repeat or reorder, in answer to a pull (docs/protocol.md §7, §9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.ids import (
    MAIN,
    Generation,
    Index,
    Lane,
    Organisation,
)
from sync.protocol.messages import CheckpointItem, EndItem, FeedItem, ReplyItem
from sync.protocol.receipts import Checkpoint
from sync.protocol.shapes import UINT_MAX
from sync.protocol.signing import SigningKey
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.pulls import (
    CHECKPOINT,
    FEED,
    OTHER,
    lane_of,
    lie,
    of_main,
    pulled,
    resigned,
)
from tests.hostile.villain import Asked, Deed

ANSWERS = "sync/client/reply.py::ReplyRules._answers_us"
OPENS = "sync/protocol/receipts.py::open_checkpoint"


def main_feed(change: Callable[[Asked, list[FeedItem]], list[FeedItem]]) -> Deed:
    """Gives other entries of the main lane under the true checkpoint."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        true = of_main(items)
        if not true:
            return items
        at = items.index(true[0])
        return [*items[:at], *change(asked, true), *items[at + len(true) :]]

    return pulled(changed)


def checkpoints(change: Callable[[Checkpoint], Checkpoint], key: SigningKey | None = None) -> Deed:
    """Signs other checkpoints."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        return [
            CheckpointItem(checkpoint=resigned(asked, item.checkpoint, change, key))
            if isinstance(item, CheckpointItem)
            else item
            for item in items
        ]

    return pulled(changed)


def _shown(name: str, does: str, deed: Deed, exit_: ExitCode, check: str, *told: str) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§7",
        verb=Verb.PULL,
        exit=exit_,
        told=told,
        deed=deed,
    )


ORDER = (
    lie(
        "withheld frame",
        "leaves out a position",
        main_feed(lambda asked, true: true[1:]),
        "lane 1 goes on at entry 3 where 2 of 4 was due",
    ),
    lie(
        "reordered feed",
        "turns two entries round",
        main_feed(lambda asked, true: [*true[1:2], *true[:1], *true[2:]]),
        "lane 1 goes on at entry 3 where 2 of 4 was due",
    ),
    lie(
        "duplicated frame",
        "gives an entry twice",
        main_feed(lambda asked, true: [true[0], *true]),
        "lane 1 goes on at entry 2 where 3 of 4 was due",
    ),
    lie(
        "feed beyond its checkpoint",
        "gives more than it signed for",
        main_feed(lambda asked, true: [*true, replace(true[-1], index=Index(true[-1].index + 1))]),
        "lane 1 goes on at entry 4 where 4 of 4 was due",
    ),
    lie(
        "truncated feed",
        "gives less than it signed for and says that is all",
        main_feed(lambda asked, true: true[:1]),
        "lane 1 has 4 entries, the server gave 3 and says that this is all",
    ),
    lie(
        "a lane left out",
        "says nothing of the main lane",
        pulled(
            lambda asked, items: [
                item
                for item in items
                if item not in of_main(items)
                and not (isinstance(item, CheckpointItem) and lane_of(asked, item) == MAIN)
            ]
        ),
        "the server says nothing of lane 1 and that this is all",
    ),
    lie(
        "entries without a checkpoint",
        "signs for nothing",
        pulled(lambda asked, items: [item for item in items if not isinstance(item, CheckpointItem)]),
        "the server sent entries of a lane without its checkpoint",
    ),
    lie(
        "another lane's entries",
        "says that they are of another lane",
        main_feed(lambda asked, true: [replace(true[0], lane=Lane(17)), *true[1:]]),
        "the server sent entries of a lane without its checkpoint",
    ),
    lie(
        "more, but nothing, pull",
        "says that more waits and gives none",
        pulled(lambda asked, items: [EndItem(request_limit=0, more=True)]),
        "the server says that more waits, but gives none of it",
        "sync/client/tasks.py::PullTask.whole",
    ),
)


STATED = (
    lie(
        "checkpoint by another key",
        "forges the signature",
        checkpoints(lambda one: one, OTHER),
        "the server's answer does not hold: not signed by the server's log key:"
        " expected signatures by 1 known keys, got 0",
        OPENS,
    ),
    lie(
        "old checkpoint",
        "answers another request",
        checkpoints(lambda one: replace(one, nonce=bytes(16))),
        "the server sent an old checkpoint: it does not answer this request",
        ANSWERS,
    ),
    lie(
        "checkpoint of another organisation",
        "signs for somebody else",
        checkpoints(lambda one: replace(one, organisation=Organisation(bytes(16)))),
        "the server sent a checkpoint of another organisation",
        ANSWERS,
    ),
    lie(
        "checkpoint of a lane nobody reads",
        "signs for a lane not asked for",
        checkpoints(lambda one: replace(one, lane=Lane(21))),
        "the server sent a checkpoint nobody asked for",
        CHECKPOINT,
    ),
    lie(
        "checkpoint twice",
        "signs twice for a lane",
        pulled(lambda asked, items: [items[0], *items]),
        "the server sent a checkpoint nobody asked for",
        CHECKPOINT,
    ),
    lie(
        "lane begun anew",
        "signs for another generation",
        checkpoints(lambda one: replace(one, generation=Generation(b"anew-gen"))),
        "lane 3 was started anew; nothing held is given up for it",
        CHECKPOINT,
    ),
    lie(
        "checkpoint of all numbers",
        "signs for 2^63 - 1 entries and gives what there is",
        checkpoints(lambda one: replace(one, size=UINT_MAX)),
        "lane 1 has 9223372036854775807 entries, the server gave 4 and says that this is all",
        FEED,
    ),
    _shown(
        "absurd clock, pull",
        "dates its checkpoints in the year 1e15",
        checkpoints(lambda one: replace(one, hours=UINT_MAX)),
        ExitCode.OK,
        CHECKPOINT,
        "new reports  1",
    ),
)

SCRIPTS = (*ORDER, *STATED)
