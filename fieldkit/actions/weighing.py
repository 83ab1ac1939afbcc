"""What reports weigh on their way, what an exchange takes beside them, and whether one can be sent at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from fieldkit.actions.errors import InputProblem
from fieldkit.actions.session import Session
from fieldkit.model.ids import Lane
from fieldkit.vault.finishing import Finished
from fieldkit.vault.sending import UnsealedPart
from fieldkit.vault.vault import Vault
from sync.protocol.compression import squeeze
from sync.protocol.encoding import decode
from sync.protocol.errors import ProtocolError
from sync.protocol.ids import MAIN, Generation
from sync.protocol.ids import Lane as WireLane
from sync.protocol.limits import PAD_FLOOR, PLAIN_BYTES
from sync.protocol.padding import pad
from sync.protocol.records import Gossip, RecordType, encode_plain
from sync.protocol.shapes import UINT_MAX

FRAME_OVERHEAD = 165
"""Bytes of a record frame and its envelope beside the padded body: header, tag, signature, heads."""

_MOST_GOSSIP = Gossip(lane=MAIN, generation=Generation(b"\xa5" * 8), size=UINT_MAX, root=bytes(range(32)))
"""What may ride along with any record: a report must fit its frame with it (docs/protocol.md §4)."""

EPOCH_BYTES = 1_320
"""Bytes of the epoch frame a lane begins with."""

CONNECTION_BYTES = 1_700
"""Bytes both ways of a handshake, a hello and a receipt, about."""

WEIGHED = 400
"""Records that are weighed one by one, a part of a millisecond each; what waits beyond them is estimated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the next exchange carries, in bytes, about."""

    reports: int
    """Frames of reports: what is said to be sent, on every screen."""
    beside: int
    """Keys and receipts of the program itself, and the connection, both ways."""

    @property
    def whole(self) -> int:
        """All of it."""
        return self.reports + self.beside


def load(session: Session) -> Load:
    """Weigh what waits, without connecting or sealing."""
    vault = session.vault
    parts = vault.sending.unsealed(WEIGHED)
    weighed = [(part.number is not None, record_bytes(session, part)) for part in parts]
    waiting = vault.outbox.unsealed().values()
    more = sum(count for count, _ in waiting) - len(weighed)
    content = sum(size for _, size in waiting) - sum(len(part.content) for part in parts)
    own = vault.sending.own_bytes()
    sealed = vault.delivery.pending_totals()[1] - own
    return Load(
        reports=sealed + sum(size for report, size in weighed if report) + frame_estimate(more, content),
        beside=own + sum(size for report, size in weighed if not report) + keys_due(vault) + CONNECTION_BYTES,
    )


def beside(vault: Vault, lanes: Iterable[int]) -> int:
    """Bytes an exchange takes beside reports, once something waits in these lanes too."""
    return vault.sending.own_bytes() + keys_due(vault, lanes) + CONNECTION_BYTES


def keys_due(vault: Vault, lanes: Iterable[int] = ()) -> int:
    """Bytes of the epochs that are begun for what is not sealed yet, and for more in these lanes."""
    begun = {*vault.outbox.unsealed(), *map(WireLane, lanes)}
    return EPOCH_BYTES * sum(vault.outbox.state(lane).ratchet is None for lane in begun)


def record_bytes(session: Session, part: UnsealedPart) -> int:
    """Bytes that a record which is not sealed yet will weigh as a frame; worked out once."""
    known = session.weights.get(part.id)
    if known is None:
        try:
            known = _frame_bytes(part.type, part.content)
        except (ProtocolError, ValueError):
            known = frame_estimate(1, len(part.content))  # sealing tells why it cannot be sent
        session.weights[part.id] = known
    return known


def frame_estimate(count: int, content: int) -> int:
    """Bytes that so many records with so many bytes of content together will weigh in frames, about."""
    return max(content // 2, count * PAD_FLOOR) + count * FRAME_OVERHEAD


def sending_cost(parts: Finished) -> int:
    """Bytes its frames will weigh, without the keys that some exchange begins with.

    Raises InputProblem when a lane of it does not fit a frame.
    """
    try:
        size = 0
        for lane, raw in parts.parts.items():
            type_ = RecordType.REVISION if lane == Lane.MAIN else RecordType.PART
            _fits(type_, raw)
            size += _frame_bytes(type_, raw)
        return size
    except ProtocolError as error:
        raise InputProblem(
            f"the report is too long to be sent: {error}",
            "shorten its longest texts, or divide it into two reports",
        ) from None


def _fits(type_: RecordType, raw: bytes) -> None:
    """Raises ProtocolError unless a frame carries it, whatever rides along."""
    content = cast(dict[Any, Any], decode(raw, limit=PLAIN_BYTES))
    pad(squeeze(encode_plain(type_, content, _MOST_GOSSIP)))


def _frame_bytes(type_: RecordType, raw: bytes) -> int:
    content = cast(dict[Any, Any], decode(raw, limit=PLAIN_BYTES))
    return len(pad(squeeze(encode_plain(type_, content)))) + FRAME_OVERHEAD
