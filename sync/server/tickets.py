"""Ticket codes: 16 bytes that make one organisation, once (docs/protocol.md §10).

A code is four random bytes, the hour it expires, and eight bytes of a MAC under a key only this server has.
So
`ticket` writes nothing and can run beside the server, which alone writes the database; what is used is
remembered there.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import labelled

RANDOM_BYTES: Final = 4
HOUR_BYTES: Final = 4
MAC_BYTES: Final = 8
"""Guessed only over the network, where requests are counted: one in 2^64 at 60 a minute."""

HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class TicketCodes:
    """Makes and checks codes under the server's ticket key of 32 bytes."""

    key: bytes = field(repr=False)

    def make(self, random: bytes, *, hour: int, days: int) -> bytes:
        """A code from four random bytes, good for some days from `hour` on."""
        if len(random) != RANDOM_BYTES:
            raise ValueError(f"expected {RANDOM_BYTES} random bytes, got {len(random)}")
        start = random + (hour + days * HOURS_A_DAY).to_bytes(HOUR_BYTES, "big")
        return start + self._mac(start)

    def check(self, code: bytes, *, hour: int) -> None:
        """Raise ProtocolError (INVITE) unless this server made the code and it has not expired."""
        start, mac = code[:-MAC_BYTES], code[-MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(start)):
            raise ProtocolError(Refusal.INVITE, "the ticket is not from this server")
        if hour >= int.from_bytes(start[RANDOM_BYTES:], "big"):
            raise ProtocolError(Refusal.INVITE, "the ticket has expired: ask the operator for another")

    def _mac(self, start: bytes) -> bytes:
        return hmac.digest(self.key, labelled("fieldkit/ticket-code", start), "sha256")[:MAC_BYTES]
