"""Tells senders which of their frames were opened (docs/protocol.md §8)."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.actions.session import Session
from fieldkit.vault.outbox import LaneState, Produced
from sync.protocol.acknowledgement import OpenedFrame, batches, build_acknowledgement
from sync.protocol.ids import Chain, Device
from sync.protocol.signing import SigningKey


def acknowledge_opened(session: Session, key: SigningKey) -> dict[Device, int]:
    """Write acknowledgements for everything opened and not yet acknowledged.

    Returns how many frames of whom.
    """
    vault, now = session.vault, session.now()
    me = vault.identities.require()
    told: dict[Device, int] = {}
    for owed in vault.inbox.owed():
        target = Chain(
            organisation=me.organisation, lane=owed.lane, device=owed.device, incarnation=owed.incarnation
        )
        for sequences in batches(sorted(owed.opened)):
            opened = {sequence: owed.opened[sequence] for sequence in sequences}
            with vault.transaction():
                vault.outbox.append(owed.lane, _acknowledgement(key, target, opened), now=now)
                vault.inbox.told(owed, sequences, at=now)
            told[owed.device] = told.get(owed.device, 0) + len(sequences)
    return told


def _acknowledgement(
    key: SigningKey, target: Chain, opened: dict[int, OpenedFrame]
) -> Callable[[LaneState], list[Produced]]:
    def make(state: LaneState) -> list[Produced]:
        frame = build_acknowledgement(
            state.chain,
            key,
            sequence=state.sequence + 1,
            previous=state.previous,
            target=target,
            opened=opened,
        )
        return [frame]

    return make
