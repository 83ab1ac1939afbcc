"""A laptop in memory: its identity, frames that a server takes for real, and a vault that records all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sync.client.ports import Identity
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import build
from sync.protocol.ids import (
    NO_HASH,
    Lane,
    device_id,
    first_generation,
    sha256,
)
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import (
    FeedItem,
    GenerationItem,
    MailItem,
)
from sync.protocol.receipts import Checkpoint, Receipt
from sync.protocol.signing import SigningKey
from tests.client.memory import DEVICE, DEVICE_KEY, INCARNATION, LOG_KEY, ORGANISATION, chain


def identity() -> Identity:
    """The laptop under test."""
    return Identity(
        organisation=ORGANISATION,
        device=DEVICE,
        incarnation=INCARNATION,
        key=DEVICE_KEY,
        log_key=LOG_KEY.public,
        pins=(bytes(32),),
        address="server.example:443",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One stored frame."""

    lane: int
    device: bytes
    incarnation: bytes
    sequence: int
    raw: bytes = field(repr=False)
    hash: bytes = field(repr=False)


def _content(lane: int, sequence: int, previous: bytes, size: int) -> tuple[Kind, dict[Key, object], bytes]:
    """A record with a body of that size; for size 0 voids, the smallest frames, where one can be."""
    places: dict[Key, object] = {Key.SEQUENCE: sequence, Key.PREVIOUS: previous}
    if not size and sequence > 1:
        closing = {Key.VOIDED: 1, Key.VOIDED_HASH: bytes(32), Key.VOIDED_PREVIOUS: bytes(32), Key.REASON: 1}
        return Kind.VOID, {**places, **closing}, b""
    seal = sha256(bytes([lane, sequence % 256]))[:16]
    sealed = {Key.EPOCH: bytes(16), Key.STEP: sequence % 1_024, Key.SEAL: seal}
    return Kind.RECORD, {**places, **sealed}, bytes(max(size, 256) + 16)


@cache
def _chain_of_frames(lane: int, number: int, size: int, key: SigningKey) -> tuple[Sealed, ...]:
    frames = []
    previous = NO_HASH
    own = chain(lane, device=device_id(key.public))
    for sequence in range(1, number + 1):
        frame = build(own, key, *_content(lane, sequence, previous, size))
        previous = frame.hash
        frames.append(
            Sealed(
                lane=lane,
                device=own.device,
                incarnation=own.incarnation,
                sequence=sequence,
                raw=frame.raw,
                hash=frame.hash,
            )
        )
    return tuple(frames)


def make_frames(lane: int, number: int, *, size: int = 256, key: SigningKey = DEVICE_KEY) -> list[Sealed]:
    """A chain of records with bodies of `size` + 16 bytes, or of voids; a server takes them for real."""
    return list(_chain_of_frames(lane, number, size, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """See `ports.Kept`."""

    confirmed: int
    confirmed_bytes: int
    lost: int | None


class MemoryStore:
    """The vault as the engine sees it. Everything kept is recorded, so that a test can look."""

    def __init__(self, frames: Sequence[Sealed] = ()) -> None:
        self.frames = list(frames)
        self.received: set[tuple[int, int]] = set()
        self.refusals: dict[tuple[int, int], int] = {}
        self.receipts: list[tuple[Receipt, frozenset[int]]] = []
        self.mail: list[MailItem] = []
        self.contradictions: list[tuple[int, bytes, bytes]] = []
        self.rejoined = 0
        self.joins = False
        """Whether there is a join frame that could be sent again."""
        self.documents: list[tuple[tuple[bytes, ...], bytes | None]] = []
        self.bad_documents = False
        self.lanes: dict[int, list[FeedItem]] = {}
        self.checkpoints: dict[int, Checkpoint] = {}
        self.set_back: list[tuple[int, int]] = []
        self.generations: dict[int, bytes] = {}
        self.bad_generations = False

    def _waiting(self) -> list[Sealed]:
        done = self.received | self.refusals.keys()
        return [frame for frame in self.frames if (frame.lane, frame.sequence) not in done]

    def pending(self, limit_bytes: int) -> list[Sealed]:
        """See `ports.SendStore`."""
        chosen: list[Sealed] = []
        for frame in self._waiting():
            limit_bytes -= len(frame.raw)
            if limit_bytes < 0 and chosen:
                break
            chosen.append(frame)
        return chosen

    def pending_totals(self) -> tuple[int, int]:
        """See `ports.SendStore`."""
        waiting = self._waiting()
        return len(waiting), sum(len(frame.raw) for frame in waiting)

    def chain_hashes(
        self, lane: int, *, incarnation: bytes | None = None, lowest: int | None = None
    ) -> Mapping[int, bytes]:
        """See `ports.SendStore`."""
        under = INCARNATION if incarnation is None else incarnation
        return {
            frame.sequence: frame.hash
            for frame in self.frames
            if frame.lane == lane and frame.incarnation == under
        }

    def heads(self) -> list[tuple[int, int]]:
        """See `ports.SendStore`."""
        heads = {frame.lane: 0 for frame in self.frames}
        for frame in self.frames:
            if (frame.lane, frame.sequence) in self.received and heads[frame.lane] == frame.sequence - 1:
                heads[frame.lane] = frame.sequence
        return sorted(heads.items())

    def mail_cursor(self) -> int:
        """See `ports.SendStore`."""
        return self.mail[-1].mail_index + 1 if self.mail else 0

    def versions(self) -> tuple[int, int]:
        """See `ports.SendStore`."""
        return 1, 1

    def keep_receipt(self, receipt: Receipt, raw: bytes, covered: Collection[int], at: int) -> Kept:
        """See `ports.SendStore`."""
        self.receipts.append((receipt, frozenset(covered)))
        lane, before = receipt.chain.lane, self.pending_totals()
        gone = {
            place
            for place in self.received
            if place[0] == lane and place[1] > receipt.head and place[1] not in covered
        }
        self.received = (self.received - gone) | {(lane, sequence) for sequence in covered}
        size = sum(len(frame.raw) for frame in self.frames if (frame.lane, frame.sequence) in gone)
        after = self.pending_totals()
        return Kept(
            confirmed=before[0] + len(gone) - after[0],
            confirmed_bytes=before[1] + size - after[1],
            lost=len(gone) or None,
        )

    def rejoin(self) -> bool:
        """See `ports.SendStore`."""
        self.rejoined += 1
        return bool(self.joins)

    def keep_refusal(self, lane: int, incarnation: bytes, sequence: int, code: int) -> bool:
        """See `ports.SendStore`."""
        self.refusals[lane, sequence] = code
        return True

    def keep_contradiction(self, lane: int, incarnation: bytes, frame: bytes, at: int) -> None:
        """See `ports.SendStore`."""
        self.contradictions.append((lane, incarnation, frame))

    def keep_mail(self, items: Sequence[MailItem]) -> None:
        """See `ports.SendStore`."""
        self.mail.extend(items)

    def keep_documents(self, roots: Sequence[bytes], directory: bytes | None) -> None:
        """See `ports.SendStore`."""
        if self.bad_documents:
            raise ProtocolError(Refusal.DOCUMENT, "expected signatures by 1 known keys, got 0")
        self.documents.append((tuple(roots), directory))

    def cursors(self) -> list[tuple[int, bytes, int]]:
        """See `ports.FeedStore`."""
        return [
            (lane, self.generations.get(lane, first_generation(ORGANISATION, Lane(lane))), len(held))
            for lane, held in sorted(self.lanes.items())
        ]

    def keep_set_back(self, checkpoint: Checkpoint) -> None:
        """See `ports.FeedStore`."""
        self.set_back.append((checkpoint.lane, checkpoint.size))

    def keep_generations(self, items: Sequence[GenerationItem], checkpoint: Checkpoint) -> None:
        """See `ports.FeedStore`; it believes whom the test lets it believe."""
        if self.bad_generations:
            raise ProtocolError(Refusal.NOT_PERMITTED, "only a coordinator who manages members")
        self.generations[checkpoint.lane] = checkpoint.generation
        self.lanes[checkpoint.lane] = []

    def keep_feed(self, lane: int, entries: Sequence[FeedItem], checkpoint: Checkpoint | None) -> None:
        """See `ports.FeedStore`."""
        held = self.lanes[lane]
        assert [entry.index for entry in entries] == list(range(len(held), len(held) + len(entries)))
        held.extend(entries)
        if checkpoint is not None:
            self.checkpoints[lane] = checkpoint
