"""What one sync or pull did, in figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sync.client.errors import refusal_words
from sync.client.status import Status
from sync.protocol.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one sync did. Confirmed means covered by a verified receipt, delivered means ✓✓."""

    sent_frames: int = 0
    sent_bytes: int = 0
    confirmed_frames: int = 0
    requests: int = 0
    receipts_verified: int = 0
    mail: int = 0
    acknowledged: int = 0
    """Acknowledgements of coordinators that came and held."""
    delivered_now: int = 0
    """Reports that became delivered."""
    waiting_frames: int = 0
    """Frames, and records not sealed yet, that no receipt covers."""
    certified: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Frames the server will not take and newcomers whose proof failed, in plain words."""
    pending: tuple[str, ...] = ()
    """Newcomers who wait for another coordinator, with the reason."""
    alarms: tuple[str, ...] = ()
    bytes_up: int = 0
    bytes_down: int = 0
    directory_version: int = 0
    seconds: float = 0.0
    capped: bool = False
    """Whether it ended at its limit on bytes."""
    dry_run: bool = False
    """Whether nothing was sent: then bytes and seconds are those of the reports that wait, about."""
    beside_bytes: int = 0
    """In a dry run, bytes both ways that keys, receipts and the connection take beside them, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """What one pull brought. Everything counted as verified was decrypted and checked."""

    lanes: dict[str, int]
    """Entries that came, by lane."""
    records_verified: int = 0
    incidents_new: int = 0
    awaiting_key: int = 0
    unopened_pending: int = 0
    """Frames of senders without a certificate: kept, not opened."""
    refused: int = 0
    gaps: tuple[str, ...] = ()
    forks: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    """Newcomers whose proof failed, frames of this laptop the server will not take, and what contradicts
    its own chains.
    """
    acknowledged_frames: int = 0
    acknowledged_to: tuple[tuple[str, int], ...] = ()
    """Who is told that their frames were opened, and how many: their laptops then show two ticks."""
    offered_frames: int = 0
    """Frames of others that a restored server had lost and was offered again."""
    certified: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    checkpoints_verified: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    seconds: float = 0.0
    capped: bool = False
    """Whether it ended at its limit on bytes."""


@dataclass(slots=True)
class Totals:
    """Sums over the engine's runs within one exchange."""

    runs: list[Status] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    """What its owner must know besides what the engine tells."""

    def sum(self, name: str) -> int:
        """One counter over all runs."""
        return sum(int(getattr(run, name)) for run in self.runs)

    @property
    def capped(self) -> bool:
        """Whether a run ended at the limit on bytes."""
        return any(run.capped for run in self.runs)

    def alarms(self) -> tuple[str, ...]:
        """What contradicts this laptop's own chains, each once."""
        told = [line for run in self.runs for line in run.alarms]
        return tuple(dict.fromkeys((*told, *self.found)))

    def forget_refusals(self, code: Refusal) -> None:
        """What was refused so has been written anew: nobody needs to hear of it."""
        self.runs = [
            replace(run, refused=tuple(one for one in run.refused if one.code is not code))
            for run in self.runs
        ]

    def refusals(self) -> tuple[str, ...]:
        """What the server refused, in plain words, each once."""
        told = []
        for run in self.runs:
            for refused in run.refused:
                what, todo = refusal_words(Refusal(refused.code))
                told.append(f"lane {refused.lane}, number {refused.sequence}: {what}; {todo}")
        return tuple(dict.fromkeys(told))
