"""What a person is told about an exchange, while it runs and after it."""

from __future__ import annotations

from dataclasses import dataclass

from sync.client.plan import State
from sync.protocol.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One frame the server did not take, and why. A final reason quarantines it; nothing is deleted."""

    lane: int
    sequence: int
    code: Refusal
    waits: bool
    """It stays waiting and is tried again in a later run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A frame of the present request, and where in its body it ends, bytes."""

    lane: int
    incarnation: bytes
    sequence: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A snapshot. "Confirmed" means covered by a verified receipt (docs/protocol.md §7), nothing less.

    `bytes_up` and `bytes_down` are TCP payload, so they hold TLS and HTTP too; the other byte counts are
    frame bytes. `error` is one plain sentence and `advice` what to do; both are empty when all is well.
    `alarms` are things a person should tell a coordinator although the exchange went on. `going` are the
    frames of the present request or the last one, in the order they leave, and `through` how much of its
    body the other side's network stack has confirmed: that is no receipt. `speed` is that of the last request
    large enough to tell, bytes a second; 0 when none was.
    """

    phase: State = State.IDLE
    requests: int = 0
    frames_waiting: int = 0
    bytes_waiting: int = 0
    frames_sent: int = 0
    bytes_sent: int = 0
    frames_confirmed: int = 0
    bytes_confirmed: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    receipts_verified: int = 0
    checkpoints_verified: int = 0
    mail: int = 0
    entries: int = 0
    documents: int = 0
    refused: tuple[Refused, ...] = ()
    alarms: tuple[str, ...] = ()
    going: tuple[Going, ...] = ()
    through: int = 0
    speed: int = 0
    capped: bool = False
    error: str = ""
    advice: str = ""

    def words(self) -> str:
        """One line for a person."""
        if self.error:
            return f"{self.error}; {self.advice}" if self.advice else self.error
        line = self.phase.value
        if self.frames_waiting:
            noun = "frame" if self.frames_waiting == 1 else "frames"
            line += f", {self.frames_waiting} {noun} ({self.bytes_waiting} bytes) to go"
        if self.frames_confirmed:
            line += f", {self.frames_confirmed} confirmed"
        return line + (", byte cap reached" if self.capped else "")
