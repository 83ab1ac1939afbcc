"""Copies of a vault: signed proof that one exists, and the way out, which is a new incarnation.

docs/protocol.md §9. Words of a server are no proof; a frame under our own key that we did not write is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.evidence import Evidence, Finding
from fieldkit.vault.identity import Identities
from fieldkit.vault.keys import Keys, Purpose
from fieldkit.vault.outbox import SQL as OUTBOX
from fieldkit.vault.outbox import Outbox
from fieldkit.vault.queries import load
from sync.protocol.frames import Frame, check_signature, parse
from sync.protocol.ids import Chain, Device, FrameHash, Incarnation, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.records import RecordType
from sync.protocol.signing import SigningKey

SQL: Final = load("copies")

WRITTEN_AGAIN: Final = frozenset({Kind.CERTIFICATE, Kind.GRANT, Kind.INVITE})
"""Frames whose content holds in any chain; the rest is made anew where due, or means nothing elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A device that was found to speak under a further incarnation."""

    device: Device
    incarnation: Incarnation
    at: int
    """When it was first found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What a chain that was given up carried beside revisions."""

    frames: tuple[tuple[Lane, Frame], ...]
    """By lane, in order; their content holds in any chain."""
    types: frozenset[RecordType]
    """Records whose content stands elsewhere in the vault."""


class Copies:
    """What is known of copies, of this vault and of others."""

    def __init__(self, database: Database, identities: Identities, evidence: Evidence) -> None:
        self._db = database
        self._identities = identities
        self._keys = Keys(database)
        self._outbox = Outbox(database, identities)
        self._evidence = evidence

    def take(self, lane: Lane, incarnation: Incarnation, raw: bytes, *, at: int) -> bool:
        """Keep a frame that this device's key signed and this vault did not write; False when it did.

        Raises ProtocolError when the frame does not hold or another key signed it.
        """
        me, frame = self._identities.require(), parse(raw)
        chain = Chain(organisation=me.organisation, lane=lane, device=me.device, incarnation=incarnation)
        public = SigningKey.from_bytes(self._keys.require(Purpose.DEVICE)).public
        check_signature(frame, chain, public)
        if not self.foreign(lane, incarnation, frame.sequence, frame.hash):
            return False
        self.note(lane, me.device, incarnation, raw, at=at)
        return True

    def foreign(self, lane: Lane, incarnation: Incarnation, sequence: int, hash_: FrameHash) -> bool:
        """Whether another copy must have written a frame of our key: beyond all of ours, or not ours."""
        head = self._db.row(OUTBOX["chain"], (lane, incarnation))
        if head is None or sequence > head[0]:
            return True
        own = self._db.row(SQL["own"], (lane, incarnation, sequence))
        return own is not None and own[0] != hash_

    def heard(self, lanes: Iterable[Lane], device: Device, incarnation: Incarnation) -> tuple[bool, bool]:
        """Whether a device was heard in these lanes under this incarnation, and whether under another one."""
        rows = [self._db.row(SQL["heard"], (lane, device, incarnation)) or (0, 0) for lane in lanes]
        return any(this for this, _ in rows), any(other for _, other in rows)

    def note(self, lane: Lane, device: Device, incarnation: Incarnation, raw: bytes, *, at: int) -> None:
        """Keep a verified frame of a device that goes on in a copy: one for each incarnation is enough."""
        with self._db.transaction():
            if self._db.row(SQL["known"], (device, incarnation.hex())) is None:
                self._evidence.add(Finding.COPY, lane, device, incarnation.hex(), raw, at=at)

    def found(self) -> list[Copied]:
        """Every copy found, of whomever, oldest first."""
        return [
            Copied(device=device, incarnation=Incarnation(bytes.fromhex(incarnation)), at=at)
            for device, incarnation, at in self._db.rows(SQL["found"])
        ]

    def due(self) -> list[Incarnation]:
        """Own incarnations that live on elsewhere: the present one, and those with something left to send."""
        me = self._identities.load()
        if me is None:
            return []
        mine = [copied.incarnation for copied in self.found() if copied.device == me.device]
        return [one for one in mine if one == me.incarnation or self._db.rows(SQL["open"], (one,))]

    def doubted(self) -> list[Lane]:
        """Lanes in which the server speaks of frames beyond ours, and nothing of ours arrives."""
        me = self._identities.require()
        return [Lane(lane) for (lane,) in self._db.rows(SQL["doubted"], (me.incarnation,))]

    def give_up(self, incarnation: Incarnation, *, joined: bool, now: int) -> Lost:
        """Send nothing more in a chain that lives on elsewhere; queue its revisions for the present one.

        Returns the rest, which the caller has to write again. `joined` says that the server knows this
        device, so that an old join frame need not arrive any more. Call it inside a transaction.
        """
        types = set()
        for item, type_, revision in self._db.rows(SQL["lost_records"], (incarnation,)):
            if revision:
                self._outbox.send_anew(item, now=now)
            else:
                self._db.run(SQL["replace"], (item,))
                types.add(RecordType(type_))
        frames = []
        for lane, kind, raw in self._db.rows(SQL["lost_frames"], (incarnation,)):
            if kind == Kind.ACKNOWLEDGEMENT:
                self._owe_again(lane, parse(raw))
            elif kind in WRITTEN_AGAIN:
                frames.append((Lane(lane), parse(raw)))
        self._db.run(SQL["give_up"], (incarnation, joined))
        self._db.run(SQL["drop_ratchets"], (incarnation,))
        return Lost(frames=tuple(frames), types=frozenset(types))

    def _owe_again(self, lane: int, frame: Frame) -> None:
        """What an acknowledgement told that never arrived is told again."""
        header = frame.header
        chain = (lane, header[Key.TO], header[Key.INCARNATION])
        self._db.run_many(SQL["untell"], [(*chain, first, last) for first, last in header[Key.RANGES]])
