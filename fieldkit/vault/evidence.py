"""Contradictions between what peers or the server said at different times: shown, never acted upon (R17)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.queries import load
from sync.protocol.ids import Device, Lane

SQL: Final = load("evidence")

SERVER: Final = Device(bytes(16))
"""Stands for the server, which has no device id."""


class Finding(StrEnum):
    """What kind of contradiction."""

    FORK = "fork"
    """One device signed two frames for one place of its chain."""
    TREE = "tree"
    """The server, or what a member heard from it, tells of another log than the one computed here."""
    FEED = "feed"
    """The server gave another frame for a position than before, or passed one over."""
    LOST = "lost"
    """The server does not hold any more what it had confirmed."""
    GENERATION = "generation"
    """The server says that a lane began anew."""
    RESTART = "restart"
    """A coordinator let a lane begin anew, which settles what the server's log showed of it before."""
    DIRECTORY = "directory"
    """Two copies of one vault signed two directories of one version; the server's stands."""
    COPY = "copy"
    """A vault lives on in two copies, or was put back: its device speaks under another incarnation, which
    `detail` gives in hex, or signed there what this vault did not write."""
    PART = "part"
    """One author sent two contents for the same lane of one revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One contradiction."""

    kind: Finding
    lane: Lane
    device: Device
    detail: str
    raw: bytes = field(repr=False)
    at: int


class Evidence:
    """All contradictions of a vault."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, kind: Finding, lane: int, device: bytes, detail: str, raw: bytes, *, at: int) -> None:
        """Keep one; the same again changes nothing."""
        self._db.run(SQL["add"], (kind, lane, device, detail, raw, at))

    def unsettled(self) -> list[Found]:
        """What nobody has settled: without losses, which mend themselves, and lanes begun anew since."""
        found = self.all()
        restarted = {one.lane: place for place, one in enumerate(found) if one.kind is Finding.RESTART}
        return [one for place, one in enumerate(found) if not _settled(one, place, restarted)]

    def all(self) -> list[Found]:
        """Everything found, oldest first."""
        return [
            Found(kind=Finding(kind), lane=Lane(lane), device=device, detail=detail, raw=raw, at=at)
            for kind, lane, device, detail, raw, at in self._db.rows(SQL["all"])
        ]


def _settled(one: Found, place: int, restarted: dict[Lane, int]) -> bool:
    if one.kind in (Finding.LOST, Finding.RESTART):
        return True
    if one.kind is Finding.GENERATION:
        return one.lane in restarted
    return one.kind in (Finding.TREE, Finding.FEED) and place < restarted.get(one.lane, -1)
