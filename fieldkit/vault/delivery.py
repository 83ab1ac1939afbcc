"""What became of sealed frames: received, refused, acknowledged. States are derived from these facts only.

docs/protocol.md §7, §8. A frame is never deleted here, whatever a server says (threat model R16).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fieldkit.model.ids import RevisionId
from fieldkit.model.state import State
from fieldkit.vault.copies import Copies
from fieldkit.vault.db import Database
from fieldkit.vault.evidence import Evidence
from fieldkit.vault.identity import Identities
from fieldkit.vault.losses import Losses
from fieldkit.vault.outbox import SQL as OUTBOX
from fieldkit.vault.queries import load
from sync.protocol.acknowledgement import OpenedFrame
from sync.protocol.errors import Refusal
from sync.protocol.frames import parse
from sync.protocol.ids import Device, FrameHash, Incarnation, Lane
from sync.protocol.kinds import Kind
from sync.protocol.receipts import Receipt
from sync.protocol.records import Gossip

SQL: Final = load("delivery")

REGAINED: Final = frozenset({Refusal.NOT_PERMITTED, Refusal.LANE, Refusal.INVITE})
"""Refusals by a restored server that lost what others sent: a directory, an invite, a certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFrame:
    """One stored frame on its way; a retry sends these very bytes."""

    lane: int
    device: bytes
    incarnation: bytes
    sequence: int
    raw: bytes = field(repr=False)
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFrame:
    """A frame the server will never take, whose sequence a void has to close."""

    id: int
    lane: Lane
    sequence: int
    hash: FrameHash
    previous: FrameHash
    """What it followed."""
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one receipt changed: frames newly received with their bytes, and how many wait again.

    `lost` is None unless the receipt says less than earlier ones did; then it may still be 0.
    """

    confirmed: int
    confirmed_bytes: int
    lost: int | None = None


class Delivery:
    """Own frames after sealing."""

    def __init__(self, database: Database, identities: Identities, evidence: Evidence) -> None:
        self._db = database
        self._identities = identities
        self._losses = Losses(database, identities, evidence)
        self.copies = Copies(database, identities, evidence)

    def pending(self, limit_bytes: int) -> list[PendingFrame]:
        """Frames to send, in sending order, at most `limit_bytes` together but at least one."""
        device = self._identities.require().device
        return [
            PendingFrame(
                lane=lane, device=device, incarnation=incarnation, sequence=sequence, raw=raw, hash=hash_
            )
            for lane, incarnation, sequence, raw, hash_ in self._db.rows(SQL["pending"], (limit_bytes,))
        ]

    def tried(self, places: Iterable[tuple[int, bytes, int]]) -> None:
        """Note that something of these frames, by (lane, incarnation, sequence), may leave from now on."""
        with self._db.transaction():
            self._db.run_many(SQL["tried"], places)

    def pending_totals(self) -> tuple[int, int]:
        """How many frames wait, and their bytes."""
        count, size = self._db.rows(SQL["pending_totals"])[0]
        return int(count), int(size)

    def chain_hashes(
        self, lane: int, *, incarnation: bytes | None = None, lowest: int | None = None
    ) -> Mapping[int, bytes]:
        """Own hashes by sequence: the head, and all from the last one received without a gap on.

        Of the present incarnation unless another one is named; from `lowest` on where that is lower.
        """
        under = self._identities.require().incarnation if incarnation is None else incarnation
        return dict(self._db.rows(SQL["chain_hashes"], (lane, under, lowest)))

    def heads(self) -> list[tuple[int, int]]:
        """(lane, own head that the server should hold by its receipts), present incarnation, ascending."""
        me = self._identities.require()
        return [(int(lane), int(head)) for lane, head in self._db.rows(SQL["heads"], (me.incarnation,))]

    def keep_receipt(self, receipt: Receipt, raw: bytes, covered: Collection[int], *, at: int) -> Kept:
        """Store a verified receipt, mark what it covers and take back what it shows lost, all or nothing."""
        chain = receipt.chain
        with self._db.transaction():
            lost = self._losses.judge(receipt, raw, covered, at=at)
            # Counted before and after: an executemany tells no row count.
            waiting, size = self.pending_totals()
            marks = [(at, chain.lane, chain.incarnation, sequence) for sequence in sorted(covered)]
            self._db.run_many(SQL["mark_received"], marks)
            left, left_size = self.pending_totals()
            self._db.run(SQL["drop_idle_receipt"], (chain.lane, chain.incarnation))
            place = (chain.lane, chain.incarnation, receipt.generation, receipt.head)
            tree = (receipt.size, receipt.root, receipt.hours)
            self._db.run(SQL["keep_receipt"], (*place, *tree, left < waiting, raw, at))
        return Kept(confirmed=waiting - left, confirmed_bytes=size - left_size, lost=lost)

    def contradicted(
        self, lane: int, incarnation: bytes, sequence: int, hash_: bytes, previous: bytes
    ) -> int:
        """Take back what a frame of another copy leaves out; returns how many frames wait again."""
        with self._db.transaction():
            return self._losses.contradicted(lane, incarnation, sequence, hash_, previous)

    def rejoin(self) -> bool:
        """The server does not know this laptop any more: its join frame waits again, if it was received."""
        return self._losses.join()

    def receipts(self, lane: Lane) -> list[tuple[bytes, int]]:
        """Raw receipts of a lane with the time they came, oldest first."""
        return [(bytes(raw), int(at)) for raw, at in self._db.rows(SQL["receipts"], (lane,))]

    def gossip(self) -> Gossip | None:
        """The log state of the last verified receipt, for the next exchange's first sealed record (§4)."""
        found = self._db.row(SQL["last_receipt"])
        if found is None:
            return None
        lane, generation, size, root = found
        return Gossip(lane=lane, generation=generation, size=size, root=root)

    def keep_refusal(self, lane: int, sequence: int, code: int, *, incarnation: bytes | None = None) -> bool:
        """Quarantine a frame the server refused for good; False when it stays waiting all the same.

        A temporary code changes nothing, nor does one that other people's frames will make good
        (`REGAINED`) for what the server held once. The frame is one of the present incarnation unless
        another one is named.
        """
        if code in set(Refusal) and Refusal(code).temporary:
            return False
        under = self._identities.require().incarnation if incarnation is None else incarnation
        with self._db.transaction():
            if code in REGAINED and sequence <= self._db.value(SQL["highest_confirmed"], (lane, under)):
                return False
            for frame, kind in self._db.rows(SQL["refuse"], (code, lane, under, sequence)):
                if kind == Kind.EPOCH:
                    self._db.run(OUTBOX["drop_ratchet"], (lane, frame))
        return True

    def to_void(self) -> list[RefusedFrame]:
        """Refused frames whose sequence is still open; close each with `Outbox.append(…, voids=id)`."""
        me = self._identities.require()
        return [
            RefusedFrame(
                id=id_,
                lane=Lane(lane),
                sequence=sequence,
                hash=FrameHash(hash_),
                previous=parse(raw).previous,
                code=code,
            )
            for id_, lane, sequence, hash_, raw, code in self._db.rows(SQL["to_void"], (me.incarnation,))
        ]

    def highest(self, lane: Lane, incarnation: Incarnation) -> int:
        """The last sequence of an own chain, 0 for none."""
        found = self._db.row(OUTBOX["chain"], (lane, incarnation))
        return 0 if found is None else int(found[0])

    def opened_frames(
        self, lane: Lane, incarnation: Incarnation, sequences: Iterable[int]
    ) -> dict[int, OpenedFrame]:
        """Hash and token of the named own frames, as far as they are sealed ones and kept."""
        wanted = set(sequences)
        if not wanted:
            return {}
        rows = self._db.rows(SQL["tokens"], (lane, incarnation, min(wanted), max(wanted)))
        return {
            sequence: OpenedFrame(hash=hash_, token=token)
            for sequence, hash_, token in rows
            if sequence in wanted
        }

    def acknowledge(
        self, lane: Lane, incarnation: Incarnation, sequences: Collection[int], by: Device, *, at: int
    ) -> None:
        """Store a checked acknowledgement of own frames; one from the same coordinator counts once."""
        with self._db.transaction():
            rows = [(by, at, lane, incarnation, sequence) for sequence in sorted(sequences)]
            self._db.run_many(SQL["acknowledge"], rows)

    def acknowledged_by(self, lane: Lane, incarnation: Incarnation, sequence: int) -> list[Device]:
        """Who proved to have opened a frame."""
        return [
            Device(row[0]) for row in self._db.rows(SQL["acknowledged_by"], (lane, incarnation, sequence))
        ]

    def state_of(self, revision: RevisionId, *, delivered_by: int) -> State:
        """Waiting, received or delivered: the least of all its records in all lanes.

        `delivered_by` is the number of coordinators the directory asks for.
        """
        return least(self._db.rows(SQL["of_revision"], (revision,)), delivered_by)


def least(records: Iterable[tuple[int, int, int]], delivered_by: int) -> State:
    """The state of records given as (waiting, stuck, acknowledgements); received when none is to be sent."""
    rows = list(records)
    if rows and all(acknowledgements >= max(1, delivered_by) for _, _, acknowledgements in rows):
        return State.DELIVERED
    return State.WAITING if any(waiting for waiting, _, _ in rows) else State.RECEIVED
