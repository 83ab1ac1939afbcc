"""What is to be sent: queued, then sealed once, frame and chain head and next ratchet key in one transaction.

docs/protocol.md §3, §5. The sealing itself is done by a function the caller gives: here are only rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldkit.model.ids import RevisionId
from fieldkit.vault.db import Database
from fieldkit.vault.errors import OutOfStep
from fieldkit.vault.identity import Identities
from fieldkit.vault.queries import load
from sync.protocol.encoding import encode
from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Frame
from sync.protocol.ids import NO_HASH, Chain, EpochId, FrameHash, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.records import RecordType
from sync.protocol.sealing import Ratchet, Sealed

SQL: Final = load("outbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """What sealing the next frame of a lane needs to know."""

    chain: Chain
    sequence: int
    """Sequence of the last frame, 0 before the first."""
    previous: FrameHash
    """Its hash; zeros before the first."""
    ratchet: Ratchet | None
    """None when no epoch was begun in this incarnation."""
    term: int
    """Term of the inbox key that the epoch was sealed to; 0 without an epoch."""
    began: int
    """UTC seconds at which the epoch began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One record to seal."""

    id: int
    lane: Lane
    type: RecordType
    revision: RevisionId | None
    content: bytes = field(repr=False)
    """Canonical bytes of the record's content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A record that will not arrive as it is."""

    id: int
    lane: Lane
    type: RecordType
    number: int | None
    """Local number of the report it belongs to."""
    problem: str
    """Why it could not be sealed; empty when the server refused it."""
    refusal: int | None
    """The server's refusal code (docs/protocol.md §9)."""


Produced = Sealed | Frame
"""A sealed frame with its token and next ratchet, or a frame of a kind that is not sealed."""

Maker = Callable[[LaneState, Item], Sequence[Produced]]
Builder = Callable[[LaneState], Sequence[Produced]]
"""Make the next frames of a chain, in order, from where it stands; an epoch frame first where one is due."""


class Outbox:
    """The queue and the own chains."""

    def __init__(self, database: Database, identities: Identities) -> None:
        self._db = database
        self._identities = identities

    def queue(
        self,
        lane: Lane,
        type_: RecordType,
        content: object = None,
        *,
        now: int,
        revision: RevisionId | None = None,
        incident_row: int | None = None,
    ) -> int:
        """Queue a record; `content` is its plain map, None for a revision's part. Returns the item's id."""
        raw = None if content is None else encode(content)
        values = (lane, int(type_), revision, incident_row, raw, now)
        return int(self._db.value(SQL["queue"], values))

    def unsealed(self) -> dict[Lane, tuple[int, int]]:
        """Records waiting to be sealed, by lane: how many, and the bytes of their contents."""
        return {Lane(lane): (count, int(size or 0)) for lane, count, size in self._db.rows(SQL["unsealed"])}

    def seal_next(self, lane: Lane, make: Maker, *, now: int, least_urgency: int = 0) -> Item | None:
        """Seal the oldest record of a lane in one transaction; None when none is left.

        With `least_urgency` only those of reports at least so urgent (3 hurried, 2 life at risk, 1 within
        days). A record the maker refuses with ProtocolError is set aside with the reason, and the next one is
        tried. Not to be called inside another transaction.
        """
        while (item := self._next(lane, least_urgency)) is not None:
            try:
                with self._db.transaction():
                    self._store(lane, make(self.state(lane), item), now, item=item.id)
                    self._db.run(SQL["sealed"], (now, item.id))
            except ProtocolError as error:
                self._db.run(SQL["set_aside"], (str(error), item.id))
                continue
            return item
        return None

    def append(self, lane: Lane, build: Builder, *, now: int, voids: int | None = None) -> list[Frame]:
        """Add frames that carry no queued record (join, certificate, acknowledgement, heartbeat, void …).

        `voids` is the id of the refused frame whose sequence the new one closes.
        """
        with self._db.transaction():
            return self._store(lane, build(self.state(lane)), now, voids=voids)

    def state(self, lane: Lane) -> LaneState:
        """Where a lane's own chain and ratchet stand."""
        me = self._identities.require()
        chain = Chain(organisation=me.organisation, lane=lane, device=me.device, incarnation=me.incarnation)
        sequence, previous = self._db.row(SQL["chain"], (lane, me.incarnation)) or (0, NO_HASH)
        ratchet, term, began = None, 0, 0
        held = self._db.row(SQL["ratchet"], (lane,))
        # A ratchet of an earlier incarnation may live on in a copy: it is never used again.
        if held is not None and held[0] == me.incarnation:
            _, epoch, _, term, step, key, began = held
            ratchet = Ratchet(epoch=EpochId(epoch), step=step, key=key)
        return LaneState(
            chain=chain, sequence=sequence, previous=previous, ratchet=ratchet, term=term, began=began
        )

    def heads(self) -> list[tuple[int, int]]:
        """(lane, head sequence) of the present incarnation, lanes ascending."""
        me = self._identities.require()
        return [
            (int(lane), int(sequence)) for lane, sequence in self._db.rows(SQL["heads"], (me.incarnation,))
        ]

    def join_received(self) -> bool:
        """Whether a receipt covers a join frame of this laptop, under whichever incarnation it joined."""
        return bool(self._db.rows(SQL["join_received"]))

    def replace_stuck(self, incident_row: int) -> None:
        """A newer revision is about to be queued: what was refused of the report waits for nothing more."""
        self._db.run(SQL["replace_stuck"], (incident_row,))

    def stuck(self) -> list[Stuck]:
        """Records that were refused or could not be sealed."""
        return [
            Stuck(
                id=id_,
                lane=Lane(lane),
                type=RecordType(type_),
                number=number,
                problem=problem or "",
                refusal=refusal,
            )
            for id_, lane, type_, _, number, problem, refusal in self._db.rows(SQL["stuck"])
        ]

    def send_anew(self, item: int, *, now: int) -> int:
        """Queue a revision again, to be sealed as a new record; returns the new item's id.

        Raises OutOfStep for a record that is not a revision's: its content is gone once it was sealed.
        """
        with self._db.transaction():
            found = self._db.row(SQL["replace"], (item,))
            if found is None or found[2] is None:
                raise OutOfStep(f"record {item} is not a revision and cannot be sent anew")
            lane, type_, revision, incident = found
            return self.queue(
                Lane(lane), RecordType(type_), now=now, revision=revision, incident_row=incident
            )

    def _next(self, lane: Lane, least_urgency: int = 0) -> Item | None:
        found = self._db.row(SQL["next_unsealed"], (lane, least_urgency))
        if found is None:
            return None
        id_, lane_, type_, revision, content = found
        return Item(id=id_, lane=Lane(lane_), type=RecordType(type_), revision=revision, content=content)

    def _store(
        self,
        lane: Lane,
        produced: Sequence[Produced],
        now: int,
        *,
        item: int | None = None,
        voids: int | None = None,
    ) -> list[Frame]:
        """Store frames, the new head and the next ratchet key. Inside a transaction."""
        stored: list[Frame] = []
        for made in produced:
            state = self.state(lane)
            frame = made if isinstance(made, Frame) else made.frame
            if (frame.sequence, frame.previous) != (state.sequence + 1, state.previous):
                raise OutOfStep(
                    f"expected sequence {state.sequence + 1} after the stored head, got {frame.sequence}"
                )
            token = None if isinstance(made, Frame) else made.token
            carries = item if frame.kind in (Kind.RECORD, Kind.HEARTBEAT) else None
            under = self._epoch_frame(lane, frame, state)
            values = (
                frame.sequence,
                int(frame.kind),
                frame.hash,
                frame.raw,
                token,
                carries,
                under,
                voids,
                now,
            )
            row = int(self._db.value(SQL["add_frame"], (lane, state.chain.incarnation, *values)))
            self._db.run(SQL["set_chain"], (lane, state.chain.incarnation, frame.sequence, frame.hash))
            if isinstance(made, Sealed):
                self._keep_ratchet(lane, made, row if under is None else under, state, now)
            stored.append(frame)
        return stored

    def _epoch_frame(self, lane: Lane, frame: Frame, state: LaneState) -> int | None:
        """The row of the epoch frame a sealed record needs; checks that it continues the stored ratchet."""
        if frame.kind not in (Kind.RECORD, Kind.HEARTBEAT):
            return None
        held = self._db.row(SQL["ratchet"], (lane,))
        ratchet = state.ratchet
        position = (frame.header[Key.EPOCH], frame.header[Key.STEP])
        if held is None or ratchet is None or position != (ratchet.epoch, ratchet.step):
            raise OutOfStep("a record was sealed with another key than the stored ratchet's")
        return int(held[2])

    def _keep_ratchet(self, lane: Lane, made: Sealed, epoch_frame: int, state: LaneState, now: int) -> None:
        begins = made.frame.kind is Kind.EPOCH
        term = int(made.frame.header[Key.TERM]) if begins else state.term
        began = now if begins else state.began
        ratchet = made.ratchet
        place = (lane, state.chain.incarnation, ratchet.epoch, epoch_frame, term)
        self._db.run(SQL["set_ratchet"], (*place, ratchet.step, ratchet.key, began))
