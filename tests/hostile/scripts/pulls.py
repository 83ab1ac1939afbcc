"""What scripts of a hostile feed are made of (docs/protocol.md §7, §9)."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.ids import (
    MAIN,
    FrameHash,
    Index,
    Lane,
    sha256,
)
from sync.protocol.log import Frontier, leaf_hash
from sync.protocol.messages import CheckpointItem, FeedItem, ReplyItem
from sync.protocol.receipts import Checkpoint, open_checkpoint, sign_checkpoint
from sync.protocol.signing import SigningKey
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.said import MISTRUST, error
from tests.hostile.villain import Asked, Deed, reply, saying
from tests.hostile.wire import Act

FEED = "sync/client/reply.py::ReplyRules._take_feed"
CHECKPOINT = "sync/client/reply.py::ReplyRules._take_checkpoint"
HOLDS_NOT = "the server's answer does not hold: "
OTHER = SigningKey.generate()


Change = Callable[[Asked, list[ReplyItem]], list[ReplyItem]]


def pulled(change: Change) -> Deed:
    """Answers pulls otherwise; syncs are answered honestly."""

    def deed(asked: Asked) -> Act:
        if asked.path != "/v1/pull":
            return [reply(asked.honestly())]
        true = asked.items()
        told = change(asked, true)
        if told != true:
            asked.lies.append(asked.path)
        return [saying(*told)]

    return deed


def of_main(items: list[ReplyItem]) -> list[FeedItem]:
    """Entries of the main lane."""
    return [item for item in items if isinstance(item, FeedItem) and item.lane == MAIN]


def resigned(
    asked: Asked, raw: bytes, change: Callable[[Checkpoint], Checkpoint], key: SigningKey | None = None
) -> bytes:
    """A checkpoint with changes."""
    log_key = asked.site.log_key
    return sign_checkpoint(change(open_checkpoint(raw, log_key.public)), key or log_key)


def lane_of(asked: Asked, item: CheckpointItem) -> Lane:
    """The lane a checkpoint is of."""
    return open_checkpoint(item.checkpoint, asked.site.log_key.public).lane


def tree_before(asked: Asked, size: int) -> Frontier:
    """The honest tree of the main lane when it had so many entries."""
    with asked.site.store.reading() as reader:
        rows = reader.feed(asked.hello.organisation, MAIN, 0, rows=size, size=1 << 40) if size else []
    return Frontier().extend(
        leaf_hash(FrameHash(sha256(row.raw)), row.device, Index(row.index)) for row in rows[:size]
    )


def lie(name: str, does: str, deed: Deed, why: str, check: str = FEED) -> Script:
    """A pull that ends with these words."""
    return Script(
        name=name,
        does=does,
        check=check,
        section="§9",
        verb=Verb.PULL,
        exit=ExitCode.VERIFICATION,
        told=(error(why), MISTRUST),
        deed=deed,
    )
