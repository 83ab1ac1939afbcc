"""What really happened, kept apart from everything the program believes."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.protocol.ids import Device, Lane, Organisation, sha256
from tests.simulator.server import Durable


class Violation(Exception):
    """The program broke a promise: what it was, in words."""


@dataclass(slots=True)
class Truth:
    """Everything anybody did, and everything the server held."""

    organisation: Organisation
    tried: dict[Device, set[str]] = field(default_factory=dict)
    """Narratives somebody began to finish on a device, whether or not the laptop lived to say so."""
    sources: set[str] = field(default_factory=set)
    opened: dict[Device, set[tuple[bytes, int]]] = field(default_factory=dict)
    """(revision, lane) that ever stood opened in some vault of a coordinator's device."""
    feeds: dict[Lane, list[bytes]] = field(default_factory=dict)
    """Frames of each lane as the server held them durably, in order."""
    hashes: set[bytes] = field(default_factory=set)
    """Their hashes."""
    seen: Durable | None = None

    def look(self, durable: Durable, *, rolled_back: bool = False) -> None:
        """Look at the server's disk: it only ever grows, unless it was put back to a backup just now."""
        if durable is self.seen:
            return
        self.seen = durable
        held = durable[self.organisation].feeds
        for lane in held.keys() | self.feeds.keys():
            entries = held.get(lane, {})
            places = sorted(entries)
            if places != list(range(len(places))):
                raise Violation(f"positions of lane {lane} on the server have holes: {places}")
            now = [entries[place].raw for place in places]
            before = self.feeds.get(lane, [])
            if not rolled_back and now[: len(before)] != before:
                raise Violation(f"the server changed or lost frames of lane {lane} that it held")
            self.feeds[lane] = now
        self.hashes = {sha256(raw) for lane in self.feeds.values() for raw in lane}
