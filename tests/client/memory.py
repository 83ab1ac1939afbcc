"""A small world in memory: a server made only of sync.protocol, a link that breaks, a clock.

The link implements the very port the real one does, so the engine under test cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count

from sync.client.errors import Break, LinkError
from sync.client.ports import Traffic, Watch
from sync.protocol.chain import ChainLog
from sync.protocol.encoding import SequenceReader
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame, check_signature, parse
from sync.protocol.hello import Hello, Purpose, parse_hello, verify_hello
from sync.protocol.ids import (
    Chain,
    Incarnation,
    Index,
    Lane,
    Organisation,
    device_id,
    first_generation,
    key_id,
    sha256,
)
from sync.protocol.log import Frontier, leaf_hash
from sync.protocol.messages import (
    CheckpointItem,
    EndItem,
    ErrorItem,
    FeedItem,
    MailItem,
    ReceiptItem,
    RefusedItem,
    ReplyItem,
    Upload,
    encode_reply,
    parse_upload,
)
from sync.protocol.receipts import Checkpoint, Receipt, sign_checkpoint, sign_receipt
from sync.protocol.signing import SigningKey

ORGANISATION = Organisation(sha256(b"organisation")[:16])
DEVICE_KEY = SigningKey.from_bytes(sha256(b"device"))
LOG_KEY = SigningKey.from_bytes(sha256(b"log"))
OTHER_KEY = SigningKey.from_bytes(sha256(b"somebody else"))
INCARNATION = Incarnation(b"incarn-1")
DEVICE = device_id(DEVICE_KEY.public)


def counting_random() -> Callable[[int], bytes]:
    """Bytes that never repeat and need no chance."""
    numbers = count(1)
    return lambda size: sha256(next(numbers).to_bytes(8, "big"))[:size]


class FakeClock:
    """Time that passes only when somebody sleeps or bytes move."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> int:
        """UTC seconds."""
        return 1_790_000_000 + int(self.time)

    def monotonic(self) -> float:
        """Seconds."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.slept.append(seconds)
        self.time += seconds


def chain(lane: int, incarnation: Incarnation = INCARNATION, device: bytes = DEVICE) -> Chain:
    """The laptop's chain in a lane."""
    return Chain(
        organisation=ORGANISATION, lane=Lane(lane), device=type(DEVICE)(device), incarnation=incarnation
    )


@dataclass
class HeldLane:
    """One lane on the server."""

    entries: list[FeedItem] = field(default_factory=list)
    tree: Frontier = field(default_factory=Frontier)


@dataclass
class HeldChain:
    """One chain on the server."""

    log: ChainLog = field(default_factory=ChainLog)
    hashes: dict[int, bytes] = field(default_factory=dict)


@cache
def _parse(raw: bytes) -> Frame:
    """Parsing the same frame ten thousand times would be all that these tests do."""
    return parse(raw)


@cache
def _check(raw: bytes, owner: Chain, public_key: bytes) -> None:
    check_signature(_parse(raw), owner, public_key)


class MemoryServer:
    """Commits every complete valid frame of a body, whole or cut, and answers as docs/protocol.md §9 says.

    `refuse` maps (lane, sequence) to codes; `whole_refusal` refuses whole requests; `tamper` changes items
    of an answer, `spoil` its bytes.
    """

    def __init__(self) -> None:
        self.keys = {DEVICE: DEVICE_KEY.public}
        self.chains: dict[Chain, HeldChain] = {}
        self.lanes: dict[int, HeldLane] = {}
        self.mail: list[MailItem] = []
        self.requests: list[tuple[Hello, int]] = []
        self.seen: set[bytes] = set()
        self.duplicates = 0
        self.refuse: dict[tuple[int, int], Refusal] = {}
        self.whole_refusal: Callable[[], Refusal | None] = lambda: None
        self.tamper: Callable[[Hello, list[ReplyItem]], list[ReplyItem]] = lambda _, items: items
        self.spoil: Callable[[bytes], bytes] = lambda raw: raw
        self.on_answer: Callable[[bytes, bytes], None] = lambda body, reply: None
        self.before: list[ReplyItem] = []
        self.page = 10**6
        self.request_limit = 4_194_304

    def lane(self, number: int) -> HeldLane:
        """A lane, made when it is first named."""
        return self.lanes.setdefault(number, HeldLane())

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Take a request body, perhaps cut short: (HTTP status, reply body)."""
        reader = SequenceReader()
        values = list(reader.feed(body))
        if not values:
            self.on_answer(body, b"")
            return 400, encode_reply(ErrorItem(code=Refusal.MALFORMED))
        hello, frame = parse_hello(*values[0])
        verify_hello(hello, frame, self.keys[hello.device])
        if (code := self._refuses(hello)) is not None:
            return 403, encode_reply(ErrorItem(code=code))
        self.seen.add(hello.nonce)
        self.requests.append((hello, len(values) - 1))
        if hello.purpose is Purpose.PULL:
            items = self._pull(hello)
        else:
            items = self._sync(hello, [parse_upload(value) for value, _ in values[1:]])
        items = self.tamper(hello, [*self.before, *items])
        reply = self.spoil(b"".join(map(encode_reply, items)))
        self.on_answer(body, reply)
        return 200, reply

    def _refuses(self, hello: Hello) -> Refusal | None:
        if hello.log_key_id != key_id(LOG_KEY.public):
            return Refusal.LOG_KEY
        if hello.nonce in self.seen:
            return Refusal.NONCE
        return self.whole_refusal()

    def _sync(self, hello: Hello, uploads: Sequence[Upload]) -> list[ReplyItem]:
        refused: list[ReplyItem] = []
        touched: dict[Chain, tuple[int, int]] = {}
        for upload in uploads:
            owner = Chain(
                organisation=hello.organisation,
                lane=upload.lane,
                device=upload.device or hello.device,
                incarnation=upload.incarnation or hello.incarnation,
            )
            first, added = touched.get(owner, (len(self.lane(upload.lane).entries), 0))
            sequence = 0
            try:
                frame = _parse(upload.frame)
                sequence = frame.sequence
                added += self._commit(owner, frame)
            except ProtocolError as error:
                refused.append(
                    RefusedItem(
                        lane=owner.lane,
                        device=owner.device,
                        incarnation=owner.incarnation,
                        sequence=sequence,
                        code=error.code,
                    )
                )
            touched[owner] = (first, added)
        named = [(replace(hello.chain, lane=Lane(entry[0])), entry[-1]) for entry in hello.lanes]
        due = [own for own, head in named if self._head(own) < head]
        for own in due or ([] if touched else [own for own, _ in named[:1]]):
            touched.setdefault(own, (0, 0))
        receipts = [ReceiptItem(receipt=self.receipt(hello, own, *seen)) for own, seen in touched.items()]
        mail = [item for item in self.mail if item.mail_index >= hello.mail_cursor]
        end = EndItem(request_limit=self.request_limit, more=len(mail) > self.page)
        return [*receipts, *mail[: self.page], *refused, end]

    def _head(self, owner: Chain) -> int:
        return self.chains.get(owner, HeldChain()).log.head

    def lose(self, lane: int, head: int) -> None:
        """Become what a backup holds that had so many frames of the laptop's chain, and nothing else."""
        held = self.lane(lane).entries[:head]
        self.chains[chain(lane)] = HeldChain()
        self.lanes[lane] = HeldLane()
        for entry in held:
            self._commit(chain(lane), _parse(entry.frame))

    def _commit(self, owner: Chain, frame: Frame) -> int:
        """Store one frame; 1 if it is new. The same hash again is held already, another one a fork."""
        _check(frame.raw, owner, self.keys[owner.device])
        if code := self.refuse.get((owner.lane, frame.sequence)):
            raise ProtocolError(code, "refused by the script")
        held = self.chains.setdefault(owner, HeldChain())
        if (known := held.hashes.get(frame.sequence)) is not None:
            if known != frame.hash:
                raise ProtocolError(Refusal.FORK, "another frame is held")
            self.duplicates += 1
            return 0
        held.log.add(frame.sequence, frame.hash, frame.previous)
        held.hashes[frame.sequence] = frame.hash
        self.append(owner, frame.raw)
        return 1

    def append(self, owner: Chain, raw: bytes) -> None:
        """Give a frame the next position of its lane."""
        lane = self.lane(owner.lane)
        index = len(lane.entries)
        lane.entries.append(
            FeedItem(
                lane=owner.lane, index=index, device=owner.device, incarnation=owner.incarnation, frame=raw
            )
        )
        leaf = leaf_hash(_parse(raw).hash, owner.device, Index(index))
        lane.tree = lane.tree.append(leaf)

    def receipt(self, hello: Hello, owner: Chain, first: int, added: int, **changes: object) -> bytes:
        """A signed receipt for what is held of a chain."""
        held = self.chains.get(owner, HeldChain())
        tree = self.lane(owner.lane).tree
        facts: dict[str, object] = {
            "chain": owner,
            "generation": first_generation(owner.organisation, owner.lane),
            "head": held.log.head,
            "head_hash": held.log.head_hash,
            "beyond": held.log.ranges(),
            "first_index": first,
            "count": added,
            "size": tree.size,
            "root": tree.root(),
            "nonce": hello.nonce,
            "hours": hello.created // 3_600,
        }
        key = changes.pop("key", LOG_KEY)
        assert isinstance(key, SigningKey)
        return sign_receipt(Receipt(**{**facts, **changes}), key)  # type: ignore[arg-type]

    def _pull(self, hello: Hello) -> list[ReplyItem]:
        items: list[ReplyItem] = []
        left = hello.reply_limit
        for entry in hello.lanes:
            lane = self.lane(entry[0])
            items.append(CheckpointItem(checkpoint=self.checkpoint(hello, Lane(entry[0]))))
            for item in lane.entries[int(entry[-1]) :][: self.page]:
                left -= len(encode_reply(item))
                if left < 0:
                    return [*items, EndItem(request_limit=self.request_limit, more=True)]
                items.append(item)
            if len(lane.entries) - int(entry[-1]) > self.page:
                return [*items, EndItem(request_limit=self.request_limit, more=True)]
        return [*items, EndItem(request_limit=self.request_limit, more=False)]

    def checkpoint(self, hello: Hello, lane: Lane, **changes: object) -> bytes:
        """A signed checkpoint of a lane."""
        tree = self.lane(lane).tree
        facts: dict[str, object] = {
            "organisation": hello.organisation,
            "lane": lane,
            "generation": first_generation(hello.organisation, lane),
            "size": tree.size,
            "root": tree.root(),
            "nonce": hello.nonce,
            "hours": hello.created // 3_600,
        }
        key = changes.pop("key", LOG_KEY)
        assert isinstance(key, SigningKey)
        return sign_checkpoint(Checkpoint(**{**facts, **changes}), key)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class MemoryAnswer:
    """A reply in pieces, perhaps cut."""

    status: int
    pieces: tuple[bytes, ...]
    cut: bool

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.cut:
            raise LinkError(Break.CUT)


class MemoryLink:
    """Satisfies `ports.Transport`. `cuts` are taken one a request.

    ("connect", 0) fails to connect, ("up", n) delivers n bytes of a longer body and no answer, ("down", n)
    delivers n bytes of the answer. `honest` tells how much the other end got; otherwise nothing is known.
    """

    def __init__(
        self, server: MemoryServer, clock: FakeClock, *, honest: bool = True, rate: float = 1e6
    ) -> None:
        self.server = server
        self.cuts: list[tuple[str, int]] = []
        self.piece = 1_000
        self.bodies: list[int] = []
        self._clock = clock
        self._honest = honest
        self._rate = rate

    @contextmanager
    def post(self, path: str, body: bytes, watch: Watch) -> Iterator[MemoryAnswer]:
        """See `ports.Transport`."""
        kind, at = self.cuts.pop(0) if self.cuts else ("none", 0)
        if kind == "up" and at >= len(body):
            kind = "none"
        if kind == "connect":
            raise LinkError(Break.UNREACHABLE)
        watch.connected()
        self.bodies.append(len(body))
        arrived = body[:at] if kind == "up" else body
        self._clock.time += len(arrived) / self._rate
        known = len(arrived) if self._honest or kind != "up" else 0
        watch.moved(Traffic(up=len(arrived), body=known))
        status, reply = self.server.answer(arrived)
        if kind == "up":
            raise LinkError(Break.CUT)
        watch.sent()
        reply = reply[:at] if kind == "down" else reply
        self._clock.time += len(reply) / self._rate
        pieces = tuple(reply[start : start + self.piece] for start in range(0, len(reply), self.piece))
        try:
            yield MemoryAnswer(status, pieces, kind == "down")
        finally:
            watch.moved(Traffic(up=len(body), down=len(reply), body=len(body)))
