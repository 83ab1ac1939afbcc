"""The people of the demonstration: three laptops, each with a home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.actions import enrol, unlock
from fieldkit.actions.network import PinnedTransport, over_https
from fieldkit.actions.session import Session
from fieldkit.vault.keyslots import FLOOR_COST


@dataclass(slots=True)
class People:
    """Makes laptops in one folder; all their vaults open with one passphrase, which is random."""

    folder: Path
    passphrase: str = field(default_factory=unlock.suggest_passphrase, repr=False)
    homes: dict[str, Path] = field(default_factory=dict)
    _open: list[Session] = field(default_factory=list)

    def laptop(self, name: str) -> Session:
        """A new vault, unlocked. Its key derivation is the quickest allowed: nobody hunts for these."""
        self.homes[name] = self.folder / name
        session = unlock.initialise(self.homes[name], self.passphrase, cost=FLOOR_COST)
        self._open.append(session)
        return session

    def lock_all(self) -> None:
        """Lock every vault."""
        for session in self._open:
            session.lock()


def join_by_invite(session: Session, coordinator: Session, role: str, name: str) -> enrol.OrganisationView:
    """A coordinator invites, the invite reaches the server, the newcomer joins."""
    from fieldkit.actions import exchange

    invited = enrol.invite(coordinator, role, name)
    exchange.sync(coordinator)
    return enrol.join(session, invited.text, pseudonym=name)


@contextmanager
def by_way_of(
    way: str, address: str, pins: tuple[bytes, ...] | None, proxy: str | None
) -> Iterator[PinnedTransport]:
    """The ordinary connection, led through another address on this machine.

    The pins are checked all the same.
    """
    with over_https(way, pins, proxy) as transport:
        yield transport
