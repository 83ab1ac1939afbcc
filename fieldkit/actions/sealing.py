"""Seals what waits, just before an exchange.

Epochs where one is due, then records (docs/protocol.md §4, §5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, cast

from fieldkit.actions.session import HOUR, Session
from fieldkit.vault.delivery import RefusedFrame
from fieldkit.vault.outbox import Item, LaneState, Produced
from sync.protocol.directory import Directory, LaneEntry
from sync.protocol.encoding import decode
from sync.protocol.frames import Frame, build
from sync.protocol.ids import Lane, SealId
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import EPOCH_SECONDS, PLAIN_BYTES
from sync.protocol.records import Gossip, RecordType, encode_plain, heartbeat_content
from sync.protocol.sealing import EpochSecret, Sealed, seal_epoch, seal_record
from sync.protocol.signing import SigningKey

URGENCIES = (3, 2, 1, 0)
"""Hurried, life at risk, within days, normal: the order of sealing."""

SEAL_BYTES = 16
SECRET_BYTES = 32

Making = tuple[RecordType, Mapping[Any, Any]]


class Sealer:
    """Seals for one exchange, under the newest directory held; what is sealed is sent as it is."""

    def __init__(self, session: Session, directory: Directory, key: SigningKey) -> None:
        self._session = session
        self._directory = directory
        self._key = key
        self._gossip: Gossip | None = session.vault.delivery.gossip()

    def seal_waiting(self) -> int:
        """Close the sequences of refused frames, then seal every queued record, the more urgent first.

        Returns how many.
        """
        vault, now = self._session.vault, self._session.now()
        for refused in vault.delivery.to_void():
            vault.outbox.append(refused.lane, self._void_of(refused), now=now, voids=refused.id)
        # What belongs into a lane the directory does not have waits, and nothing else waits for it.
        lanes = [lane for lane in vault.outbox.unsealed() if self._directory.lane(lane) is not None]
        sealed = 0
        for least, lane in product(URGENCIES, lanes):
            while vault.outbox.seal_next(lane, self._seal_item, now=now, least_urgency=least) is not None:
                sealed += 1
        return sealed

    def heartbeat(self, lane: Lane) -> None:
        """Seal a heartbeat: tells readers that nothing after the last record was held back."""
        if self._directory.lane(lane) is None:
            return
        now = self._session.now()
        making = (RecordType.HEARTBEAT, heartbeat_content(now // HOUR))
        self._session.vault.outbox.append(
            lane, lambda state: self._sealed(state, making, Kind.HEARTBEAT), now=now
        )

    def _seal_item(self, state: LaneState, item: Item) -> list[Produced]:
        content = cast(dict[Any, Any], decode(item.content, limit=PLAIN_BYTES))
        return self._sealed(state, (item.type, content), Kind.RECORD)

    def _sealed(self, state: LaneState, making: Making, kind: Kind) -> list[Produced]:
        entry = self._directory.lane(state.chain.lane)
        if entry is None:
            raise RuntimeError(f"lane {state.chain.lane} is not in the directory and should be waiting")
        produced: list[Produced] = []
        if self._epoch_due(state, entry):
            epoch = self._epoch(state, entry)
            produced.append(epoch)
            state = _after(state, epoch)
        plain = encode_plain(making[0], making[1], self._gossip)
        if state.ratchet is None:
            raise RuntimeError("an epoch was begun and has no ratchet")
        produced.append(
            seal_record(
                state.chain,
                self._key,
                state.ratchet,
                plain,
                seal=SealId(self._session.random(SEAL_BYTES)),
                sequence=state.sequence + 1,
                previous=state.previous,
                kind=kind,
            )
        )
        self._gossip = None
        return produced

    def _epoch_due(self, state: LaneState, entry: LaneEntry) -> bool:
        age = self._session.now() - state.began
        return (
            state.ratchet is None
            or state.ratchet.spent
            or state.term != entry.term
            or not 0 <= age <= EPOCH_SECONDS
        )

    def _epoch(self, state: LaneState, entry: LaneEntry) -> Sealed:
        return seal_epoch(
            state.chain,
            self._key,
            inbox_public=entry.inbox,
            term=entry.term,
            sequence=state.sequence + 1,
            previous=state.previous,
            secret=EpochSecret(self._session.random(SECRET_BYTES)),
        )

    def _void_of(self, refused: RefusedFrame) -> Callable[[LaneState], list[Produced]]:
        def make(state: LaneState) -> list[Produced]:
            header = {
                Key.SEQUENCE: state.sequence + 1,
                Key.PREVIOUS: state.previous,
                Key.VOIDED: refused.sequence,
                Key.VOIDED_HASH: refused.hash,
                Key.REASON: refused.code,
                Key.VOIDED_PREVIOUS: refused.previous,
            }
            return [build(state.chain, self._key, Kind.VOID, header)]

        return make


def _after(state: LaneState, made: Sealed) -> LaneState:
    frame: Frame = made.frame
    return replace(state, sequence=frame.sequence, previous=frame.hash, ratchet=made.ratchet)
