"""Notices, while a feed is read, who speaks under more than one incarnation (docs/protocol.md §9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from fieldkit.actions.session import Session
from fieldkit.vault.inbox import Link
from sync.protocol.ids import Device, Incarnation, Lane


class Listener:
    """For one reader: every chain is looked at once, its first verified frame before it is stored."""

    def __init__(self, session: Session, lanes: Iterable[Lane]) -> None:
        self._session = session
        self._copies = session.vault.copies
        self._me = session.vault.identities.require().device
        self._lanes = tuple(lanes)
        self._known: set[tuple[Lane, Device, Incarnation]] = set()
        self._heard: dict[Device, set[Incarnation]] = defaultdict(set)

    def hear(self, links: Iterable[Link]) -> None:
        """Take the links of verified frames, before they are stored."""
        for link in links:
            if link.entry.hash != link.hash:
                continue  # what a void says of a frame that never came
            lane, device, incarnation = link.chain
            if device == self._me:
                if self._copies.foreign(lane, incarnation, link.sequence, link.hash):
                    self._note(link)
                    self._session.vault.delivery.contradicted(
                        lane, incarnation, link.sequence, link.hash, link.previous
                    )
            elif link.chain not in self._known:
                self._known.add(link.chain)
                self._meet(link)

    def _meet(self, link: Link) -> None:
        """The first frame of a chain: somebody new, somebody known, or somebody known by another name."""
        _, device, incarnation = link.chain
        before, other = self._copies.heard(self._lanes, device, incarnation)
        now = self._heard[device]
        if not before and incarnation not in now and (other or now):
            self._note(link)
        now.add(incarnation)

    def _note(self, link: Link) -> None:
        lane, device, incarnation = link.chain
        self._copies.note(lane, device, incarnation, link.entry.raw, at=self._session.now())
