"""Secret keys: what signs, opens and certifies. Their text shows nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.identity import SQL
from sync.protocol.ids import Lane


class Purpose(StrEnum):
    """What a key is for; no key has two."""

    DEVICE = "device"
    """Ed25519 secret key of this laptop: signs frames and hellos."""
    READER = "reader"
    """Seed of a coordinator's reader key: grants are sealed to it."""
    INBOX = "inbox"
    """Inbox seed of a lane's term: opens epochs."""
    ROOT = "root"
    """Seed of a root key."""
    DIRECTORY = "directory"
    """Ed25519 secret key that signs directories."""
    INVITE = "invite"
    """An invite that no server could be asked about yet, and the pseudonym chosen with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSeed:
    """The inbox seed of one term of a lane."""

    lane: Lane
    term: int
    seed: bytes = field(repr=False)


_NO_LANE: Final = Lane(0)


class Keys:
    """All secret keys of a vault."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(
        self, purpose: Purpose, secret: bytes, *, now: int, lane: Lane = _NO_LANE, term: int = 0
    ) -> None:
        """Store a key. The same one again changes nothing; another one in its place raises OutOfStep."""
        with self._db.transaction():
            self._db.run(SQL["keep_secret"], (purpose, lane, term, secret, now))
            if self.find(purpose, lane=lane, term=term) != secret:
                raise OutOfStep(f"there is another {purpose} key for lane {lane}, term {term} already")

    def put(self, purpose: Purpose, secret: bytes, *, now: int) -> None:
        """Store what may be replaced."""
        with self._db.transaction():
            self.drop(purpose)
            self._db.run(SQL["keep_secret"], (purpose, _NO_LANE, 0, secret, now))

    def drop(self, purpose: Purpose) -> None:
        """Forget what belongs to no lane; nothing where there is none."""
        self._db.run(SQL["drop_secret"], (purpose,))

    def find(self, purpose: Purpose, *, lane: Lane = _NO_LANE, term: int = 0) -> bytes | None:
        """A key, or None."""
        found = self._db.row(SQL["secret"], (purpose, lane, term))
        return None if found is None else bytes(found[0])

    def require(self, purpose: Purpose, *, lane: Lane = _NO_LANE, term: int = 0) -> bytes:
        """A key; raises NoSuchRecord."""
        found = self.find(purpose, lane=lane, term=term)
        if found is None:
            raise NoSuchRecord(
                f"this vault holds no {purpose} key",
                "only the laptop that made it can do this, or one it was granted to",
            )
        return found

    def lane_seeds(self) -> list[LaneSeed]:
        """Every inbox seed held, by lane and term."""
        return [
            LaneSeed(lane=Lane(lane), term=term, seed=seed)
            for lane, term, seed in self._db.rows(SQL["lane_seeds"])
        ]
