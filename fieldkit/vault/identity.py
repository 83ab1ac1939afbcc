"""Who this laptop is in its organisation (docs/protocol.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.errors import JOIN_FIRST, VaultError
from fieldkit.vault.queries import load
from sync.protocol.ids import INCARNATION_BYTES, Device, Incarnation, Organisation
from sync.protocol.kinds import Role

SQL: Final = load("identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """This laptop as a member."""

    organisation: Organisation
    device: Device
    incarnation: Incarnation
    role: Role
    pseudonym: str
    joined: int


class NotJoined(VaultError):
    """The vault belongs to no organisation yet."""


class Identities:
    """The one identity of a vault, and the small numbers that move on with it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def load(self) -> Identity | None:
        """Who this laptop is, or None before it joined."""
        found = self._db.row(SQL["load"])
        if found is None:
            return None
        organisation, device, incarnation, role, pseudonym, joined = found
        return Identity(
            organisation=organisation,
            device=device,
            incarnation=incarnation,
            role=Role(role),
            pseudonym=pseudonym,
            joined=joined,
        )

    def require(self) -> Identity:
        """As `load`; raises NotJoined."""
        found = self.load()
        if found is None:
            raise NotJoined("this vault belongs to no organisation yet", JOIN_FIRST)
        return found

    def store(self, identity: Identity) -> None:
        """Set it, once; OutOfStep when the vault has one already."""
        values = (identity.organisation, identity.device, identity.incarnation, int(identity.role))
        self._db.run(SQL["store"], (*values, identity.pseudonym, identity.joined))

    def begin_incarnation(self, incarnation: Incarnation) -> None:
        """Start new chains and new epochs, because a copy of this vault may go on with the old ones."""
        if len(incarnation) != INCARNATION_BYTES:
            raise ValueError(f"expected {INCARNATION_BYTES} bytes, got {len(incarnation)}")
        self._db.run(SQL["set_incarnation"], (incarnation,))

    def progress(self, name: str) -> int:
        """A small number that moves on; 0 before it was set."""
        found = self._db.row(SQL["progress"], (name,))
        return 0 if found is None else int(found[0])

    def set_progress(self, name: str, value: int) -> None:
        """Set it."""
        self._db.run(SQL["set_progress"], (name, value))
