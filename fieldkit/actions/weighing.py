"""What a finished report weighs on its way, and whether it can be sent at all."""

from __future__ import annotations

from typing import Any, cast

from fieldkit.actions.errors import InputProblem
from fieldkit.model.ids import Lane
from fieldkit.vault.finishing import Finished
from fieldkit.vault.vault import Vault
from sync.protocol.compression import squeeze
from sync.protocol.encoding import decode
from sync.protocol.errors import ProtocolError
from sync.protocol.ids import MAIN, Generation
from sync.protocol.limits import PAD_FLOOR, PLAIN_BYTES
from sync.protocol.padding import pad
from sync.protocol.records import Gossip, RecordType, encode_plain
from sync.protocol.shapes import UINT_MAX

FRAME_OVERHEAD = 175
"""Bytes of a record frame and its envelope beside the padded body: header, tag, signature, heads."""

_MOST_GOSSIP = Gossip(lane=MAIN, generation=Generation(b"\xa5" * 8), size=UINT_MAX, root=bytes(range(32)))
"""What may ride along with any record: a report must fit its frame with it (docs/protocol.md §4)."""


EPOCH_BYTES = 1_500
"""Bytes of the epoch frame a lane begins with, about."""


def unsealed_cost(vault: Vault) -> int:
    """Bytes that what is not sealed yet will weigh in frames, about: text halves, padding has a floor."""
    unsealed = vault.outbox.unsealed()
    epochs = sum(vault.outbox.state(lane).ratchet is None for lane in unsealed)
    return epochs * EPOCH_BYTES + sum(frame_estimate(*waiting) for waiting in unsealed.values())


def frame_estimate(count: int, content: int) -> int:
    """Bytes that so many records with so many bytes of content together will weigh in frames, about."""
    return max(content // 2, count * PAD_FLOOR) + count * FRAME_OVERHEAD


def sending_cost(parts: Finished) -> int:
    """Bytes its frames will weigh, without the epoch frame that some exchange begins with.

    Raises InputProblem when a lane of it does not fit a frame.
    """
    try:
        return sum(_frame_bytes(lane, raw) for lane, raw in parts.parts.items())
    except ProtocolError as error:
        raise InputProblem(
            f"the report is too long to be sent: {error}",
            "shorten its longest texts, or divide it into two reports",
        ) from None


def _frame_bytes(lane: int, raw: bytes) -> int:
    type_ = RecordType.REVISION if lane == Lane.MAIN else RecordType.PART
    content = cast(dict[Any, Any], decode(raw, limit=PLAIN_BYTES))
    pad(squeeze(encode_plain(type_, content, _MOST_GOSSIP)))
    return len(pad(squeeze(encode_plain(type_, content)))) + FRAME_OVERHEAD
