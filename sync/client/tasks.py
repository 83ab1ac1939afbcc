"""What a sync and a pull ask for next, and what they learn from each reply or break."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from sync.client.errors import VerificationError
from sync.client.pace import FLOOR_BYTES, Pace
from sync.client.ports import Clock, ExchangeStore, Identity, Outgoing, Random
from sync.client.reply import Gains
from sync.client.request import Doubt, Facts, Place, Request, choose, compose, place
from sync.protocol.errors import Refusal
from sync.protocol.hello import Purpose
from sync.protocol.ids import ID_BYTES
from sync.protocol.limits import REPLY_ITEM_BYTES

REPLY_FLOOR: Final = REPLY_ITEM_BYTES
"""The least a reply may weigh, unless a cap forbids it: any single item fits, so every reply moves on."""

REPLY_START: Final = 262_144
"""The first reply asked for: a page of some hundred reports. Items are kept as they come."""

LOSSES: Final = 4
"""Replies of one run that may take back what was confirmed: a restored server does so once for each lane."""

LETTERS: Final = 16_384
"""Letters taken in one run: months of acknowledgements. A server that has more is filling the disk."""

OVERHEAD_BYTES: Final = 3_072
"""Kept back from a cap for the handshake, headers, hello and receipts of an exchange."""


class Task(Protocol):
    """What one run is for."""

    @property
    def path(self) -> str:
        """Where its requests go."""

    def request(self, identity: Identity, room: int | None) -> Request | None:
        """The next request; None when `room`, the bytes left of a cap, does not allow one."""

    def whole(self, gains: Gains, request: Request, seconds: float) -> bool:
        """A whole reply came: whether to ask again. VerificationError when it moved nothing on."""

    def broke(self, gains: Gains, request: Request, confirmed: int, seconds: float) -> bool:
        """The link broke: whether anything moved on all the same."""

    def refused(self, code: Refusal) -> bool:
        """The whole request was refused: whether another one may fare better."""


class _Letters:
    """Counts the letters of a run."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, gains: Gains) -> None:
        """Raise VerificationError when there are more than anybody writes."""
        self._count += gains.mail
        if self._count > LETTERS:
            raise VerificationError("the server sends mail without end")


class SyncTask:
    """Sends what waits; mail and documents come back (POST /v1/sync)."""

    path: Final = "/v1/sync"

    def __init__(self, store: ExchangeStore, clock: Clock, random: Random) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._pace = Pace()
        self._doubt = Doubt()
        self._letters = _Letters()
        self._held: dict[Place, int] = {}
        """Frames refused for now, with their bytes: they stay waiting, but not again in this run."""
        self._refuted: set[Place] = set()
        """What was believed to have arrived when the server did not know the sender: no progress again."""
        self._losses = 0
        self._rejoined = False

    def request(self, identity: Identity, room: int | None) -> Request | None:
        """See `Task.request`."""
        size, reply = self._pace.size, REPLY_START
        if room is not None:
            if room < OVERHEAD_BYTES + FLOOR_BYTES:
                return None
            size = min(size, room - OVERHEAD_BYTES)
        frames = self._frames(size)
        weight = sum(len(frame.raw) for frame in frames)
        if room is not None:
            reply = min(reply, room - OVERHEAD_BYTES - weight)
            if reply < 0:
                return None
        heads = [entry for entry in self._store.heads() if frames or self._doubt.lane() in (None, entry[0])]
        facts = Facts(
            purpose=Purpose.SYNC,
            nonce=self._random(ID_BYTES),
            created=self._clock.now(),
            reply_limit=reply,
            versions=self._store.versions(),
            mail_cursor=self._store.mail_cursor(),
            lanes=heads,
        )
        return compose(identity, facts, frames)

    def _frames(self, size: int) -> list[Outgoing]:
        """What to send now: the oldest that waits, what is in doubt left out but for its witnesses."""
        if self._doubt and self._doubt.due:
            return self._doubt.witnesses(())
        skip = self._held.keys() | self._doubt.places
        waiting = self._store.pending(size + self._doubt.bytes + sum(self._held.values()))
        chosen = choose(waiting, size, skip)
        return self._doubt.witnesses(chosen) + chosen

    def whole(self, gains: Gains, request: Request, seconds: float) -> bool:
        """See `Task.whole`."""
        self._letters.add(gains)
        self._pace = self._pace.moved(len(request.body), seconds)
        if gains.end is not None:
            self._pace = self._pace.limited(gains.end.request_limit)
        doubted = bool(self._doubt)
        self._doubt.clear()
        self._losses += gains.anew
        if self._losses > LOSSES:
            raise VerificationError("the server confirms frames and takes it back again and again")
        held = self._held_back(gains, request)
        grown = held.keys() - self._held.keys()
        self._held.update(held)
        more = bool(gains.end and gains.end.more)
        waits = self._store.pending_totals()[0] > len(self._held)
        if (waits or more) and not (gains.any or doubted or grown):
            raise VerificationError(
                "the server answered, but its receipts do not cover what was sent",
                advice="everything stays waiting; tell a coordinator if it happens again",
            )
        return waits or more or gains.anew

    @staticmethod
    def _held_back(gains: Gains, request: Request) -> dict[Place, int]:
        """What this reply refused for the time being."""
        refused = {(one.lane, one.sequence) for one in gains.refused if one.waits}
        return {
            place(frame): len(frame.raw)
            for frame in request.frames
            if (frame.lane, frame.sequence) in refused
        }

    def broke(self, gains: Gains, request: Request, confirmed: int, seconds: float) -> bool:
        """See `Task.broke`."""
        self._letters.add(gains)
        self._pace = self._pace.broke(confirmed, seconds)
        known = self._refuted | self._doubt.places
        self._doubt.after_cut(request, confirmed)
        grown = not self._doubt.places <= known
        if gains.receipts:
            self._doubt.clear()
        return grown or gains.any

    def refused(self, code: Refusal) -> bool:
        """A server that lost the join frame, or never had it though we believed so, gets it once more."""
        again = bool(self._doubt)
        self._refuted |= self._doubt.places
        self._doubt.clear()
        if code is Refusal.DEVICE and not self._rejoined:
            self._rejoined = True
            again = self._store.rejoin() or again
        return again


class OfferTask:
    """Offers what others wrote, after the server lost it (§7): once each, whatever becomes of it."""

    path: Final = "/v1/sync"

    def __init__(
        self, frames: Sequence[Outgoing], store: ExchangeStore, clock: Clock, random: Random
    ) -> None:
        self._left = list(frames)
        self._store = store
        self._clock = clock
        self._random = random
        self._pace = Pace()

    def request(self, identity: Identity, room: int | None) -> Request | None:
        """See `Task.request`."""
        size = self._pace.size
        if room is not None:
            if room < OVERHEAD_BYTES + FLOOR_BYTES:
                return None
            size = min(size, room - OVERHEAD_BYTES)
        facts = Facts(
            purpose=Purpose.SYNC,
            nonce=self._random(ID_BYTES),
            created=self._clock.now(),
            reply_limit=REPLY_START if room is None else min(REPLY_START, room),
            versions=self._store.versions(),
            mail_cursor=self._store.mail_cursor(),
            lanes=(),
        )
        return compose(identity, facts, choose(self._left, size, ()))

    def whole(self, gains: Gains, request: Request, seconds: float) -> bool:
        """See `Task.whole`: what was answered is not offered again in this run."""
        self._pace = self._pace.moved(len(request.body), seconds)
        if gains.end is not None:
            self._pace = self._pace.limited(gains.end.request_limit)
        self._left = self._left[len(request.frames) :]
        return bool(self._left)

    def broke(self, gains: Gains, request: Request, confirmed: int, seconds: float) -> bool:
        """See `Task.broke`."""
        self._pace = self._pace.broke(confirmed, seconds)
        return gains.any

    def refused(self, code: Refusal) -> bool:
        """Refused again."""
        return False


class PullTask:
    """Fetches the lanes this device reads (POST /v1/pull)."""

    path: Final = "/v1/pull"

    def __init__(self, store: ExchangeStore, clock: Clock, random: Random) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._pace = Pace(size=REPLY_START, floor=REPLY_FLOOR)
        self._letters = _Letters()

    def request(self, identity: Identity, room: int | None) -> Request | None:
        """See `Task.request`."""
        limit = self._pace.size
        if room is not None:
            limit = min(limit, room - OVERHEAD_BYTES)
            if limit < FLOOR_BYTES:
                return None
        facts = Facts(
            purpose=Purpose.PULL,
            nonce=self._random(ID_BYTES),
            created=self._clock.now(),
            reply_limit=limit,
            versions=self._store.versions(),
            mail_cursor=self._store.mail_cursor(),
            lanes=self._store.cursors(),
        )
        return compose(identity, facts, ())

    def whole(self, gains: Gains, request: Request, seconds: float) -> bool:
        """See `Task.whole`."""
        self._letters.add(gains)
        self._pace = self._pace.moved(gains.reply_bytes, gains.reply_seconds)
        more = bool(gains.end and gains.end.more)
        if more and not gains.any:
            raise VerificationError("the server says that more waits, but gives none of it")
        return more

    def broke(self, gains: Gains, request: Request, confirmed: int, seconds: float) -> bool:
        """See `Task.broke`."""
        self._letters.add(gains)
        self._pace = self._pace.broke(gains.reply_bytes, gains.reply_seconds)
        return gains.any

    def refused(self, code: Refusal) -> bool:
        """A refused pull is refused again."""
        return False
