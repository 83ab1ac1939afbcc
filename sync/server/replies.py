"""Reply bodies: whole items only, in the order of docs/protocol.md §9, cut at the limit the client gave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.hello import Hello
from sync.protocol.ids import Device, Generation, Incarnation, Index, Lane, Organisation, first_generation
from sync.protocol.log import Frontier
from sync.protocol.messages import (
    CheckpointItem,
    ContradictionItem,
    DirectoryItem,
    EndItem,
    FeedItem,
    GenerationItem,
    MailItem,
    ReceiptItem,
    RefusedItem,
    RootItem,
    encode_reply,
)
from sync.protocol.permissions import feed_order
from sync.protocol.receipts import Checkpoint, Receipt, sign_checkpoint, sign_receipt
from sync.protocol.signing import SigningKey
from sync.server.outcome import Committed, Contradiction, Refused
from sync.server.stores.base import DocumentKind, GenerationRow, Reader

PAGE_ROWS: Final = 2_000
"""Rows asked of the store at once: a page is held in memory."""


class Reply:
    """Collects items up to a limit.

    The first optional one always fits, so that every exchange makes progress.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._optional = 0
        self.more = False

    @property
    def room(self) -> int:
        """Bytes left for optional items."""
        return max(0, self._limit - self._size)

    def need(self, item: bytes) -> None:
        """Add an item that is part of every reply."""
        self._parts.append(item)
        self._size += len(item)

    def offer(self, item: bytes) -> bool:
        """Add an item if it fits; once one did not, none does any more."""
        if self.more or (self._optional and len(item) > self.room):
            self.more = True
            return False
        self._optional += 1
        self.need(item)
        return True

    def finish(self, request_limit: int) -> bytes:
        """The body, closed by the item that says it is whole."""
        self.need(encode_reply(EndItem(request_limit=request_limit, more=self.more)))
        return b"".join(self._parts)


@dataclass(frozen=True, slots=True)
class Statements:
    """Signs what the server states, under its log key."""

    log_key: SigningKey

    def receipts(self, committed: Committed, hello: Hello, hour: int) -> Iterable[bytes]:
        """One receipt item for each chain the request touched."""
        for report in committed.reports:
            receipt = Receipt(
                chain=report.chain,
                generation=report.tree.generation,
                head=report.head,
                head_hash=report.head_hash,
                beyond=report.beyond,
                first_index=report.tree.first_index,
                count=report.tree.count,
                size=report.tree.size,
                root=report.tree.root,
                nonce=hello.nonce,
                hours=hour,
            )
            yield encode_reply(ReceiptItem(receipt=sign_receipt(receipt, self.log_key)))

    def checkpoint(self, reader: Reader, lane: Lane, hello: Hello, hour: int) -> bytes:
        """The checkpoint item of a lane at this moment."""
        head = reader.lane(hello.organisation, lane)
        frontier = Frontier() if head is None else Frontier.from_bytes(head.frontier)
        generation = first_generation(hello.organisation, lane) if head is None else head.generation
        checkpoint = Checkpoint(
            organisation=hello.organisation,
            lane=lane,
            generation=generation,
            size=frontier.size,
            root=frontier.root(),
            nonce=hello.nonce,
            hours=hour,
        )
        return encode_reply(CheckpointItem(checkpoint=sign_checkpoint(checkpoint, self.log_key)))


def contradiction_items(contradictions: Iterable[Contradiction]) -> Iterable[bytes]:
    """One item for each chain of the sender's in which a frame was refused as a fork."""
    for found in contradictions:
        chain = found.chain
        yield encode_reply(
            ContradictionItem(
                lane=chain.lane, device=chain.device, incarnation=chain.incarnation, frame=found.raw
            )
        )


def refusal_items(refusals: Iterable[Refused]) -> Iterable[bytes]:
    """One item for each upload that was refused."""
    for refused in refusals:
        yield encode_reply(
            RefusedItem(
                lane=refused.lane,
                device=Device(refused.device),
                incarnation=Incarnation(refused.incarnation),
                sequence=refused.sequence,
                code=refused.code,
            )
        )


def offer_documents(
    reply: Reply, reader: Reader, organisation: Organisation, *, root_above: int, directory_above: int
) -> None:
    """Every newer root, then the newest directory."""
    for root in reader.documents(organisation, DocumentKind.ROOT, root_above):
        reply.offer(encode_reply(RootItem(root=root.raw)))
    directory = reader.newest(organisation, DocumentKind.DIRECTORY)
    if directory is not None and directory.version > directory_above:
        reply.offer(encode_reply(DirectoryItem(directory=directory.raw)))


def offer_mail(reply: Reply, reader: Reader, hello: Hello) -> None:
    """The sender's mailbox from its cursor on; from the start when that lies beyond it (§9, item 2)."""
    start = hello.mail_cursor
    if start and start > reader.marks(hello.organisation, hello.device).mail:
        start = 0
    while not reply.more:
        rows = reader.mail(hello.organisation, hello.device, start, rows=PAGE_ROWS, size=reply.room + 1)
        for row in rows:
            item = MailItem(
                mail_index=row.position,
                lane=row.lane,
                index=row.index,
                device=row.device,
                incarnation=row.incarnation,
                frame=row.raw,
            )
            if not reply.offer(encode_reply(item)):
                return
            start = row.position + 1
        if not rows:
            return


def pulled(hello: Hello) -> list[tuple[Lane, Generation, int]]:
    """What a pull asks for: lane, generation held, next index, in the order of the reply."""
    entries = [(Lane(entry[0]), Generation(entry[1]), entry[2]) for entry in hello.lanes if len(entry) == 3]
    return sorted(entries, key=lambda entry: feed_order(entry[0]))


def restarts(
    reader: Reader, organisation: Organisation, lane: Lane, generation: Generation
) -> list[GenerationRow]:
    """How a lane came from a generation to the present one: no row when it is that.

    Raises ProtocolError (GENERATION) for one the lane never had.
    """
    head = reader.lane(organisation, lane)
    present = first_generation(organisation, lane) if head is None else head.generation
    if generation == present:
        return []
    rows = reader.generations(organisation, lane)
    known = [row.ends for row in rows]
    if generation not in known:
        raise ProtocolError(Refusal.GENERATION, f"lane {lane} was never in generation {generation.hex()}")
    return rows[known.index(generation) :]


def offer_feeds(reply: Reply, reader: Reader, hello: Hello, statements: Statements, hour: int) -> None:
    """For every lane asked for: how it began anew, its checkpoint, its entries from the reader's cursor."""
    for lane, generation, index in pulled(hello):
        steps = restarts(reader, hello.organisation, lane, generation)
        for row in steps:
            item = GenerationItem(device=row.device, incarnation=row.incarnation, frame=row.raw)
            reply.need(encode_reply(item))
        reply.need(statements.checkpoint(reader, lane, hello, hour))
        _offer_feed(reply, reader, hello, lane, 0 if steps else index)


def _offer_feed(reply: Reply, reader: Reader, hello: Hello, lane: Lane, start: int) -> None:
    while not reply.more:
        rows = reader.feed(hello.organisation, lane, start, rows=PAGE_ROWS, size=reply.room + 1)
        for row in rows:
            item = FeedItem(
                lane=lane,
                index=Index(row.index),
                device=row.device,
                incarnation=row.incarnation,
                frame=row.raw,
            )
            if not reply.offer(encode_reply(item)):
                return
            start = row.index + 1
        if not rows:
            return
