"""Members and invites as coordinators know them; a reporter's vault holds none (docs/protocol.md §10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from fieldkit.vault.db import Database, Row
from fieldkit.vault.queries import load
from sync.protocol.ids import Device, InviteId
from sync.protocol.kinds import Role
from sync.protocol.records import InviteNote

SQL: Final = load("members")


class MemberState(IntEnum):
    """What is known of a member; numbers are stored."""

    NAMED = 0
    """Only a name has come so far."""
    PENDING = 1
    """Joined; waits for a coordinator to check the proof and certify."""
    MEMBER = 2
    """Certified."""
    REFUSED = 3
    """The proof did not hold; `reason` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember:
    """One member."""

    device: Device
    public_key: bytes | None
    role: Role
    name: str
    state: MemberState
    reason: str
    invite: InviteId | None
    join_frame: bytes | None = field(repr=False)
    certificate: bytes | None = field(repr=False)
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInvite:
    """An invite and who used it."""

    note: InviteNote
    used_by: Device | None


class Members:
    """Everybody known, and the invites."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, device: Device) -> StoredMember | None:
        """One member, or None."""
        found = self._db.row(SQL["find"], (device,))
        return None if found is None else _member(found)

    def all(self) -> list[StoredMember]:
        """Everybody, the longest known first."""
        return [_member(row) for row in self._db.rows(SQL["all"])]

    def joined(
        self, device: Device, public_key: bytes, role: Role, invite: InviteId, join_frame: bytes, *, now: int
    ) -> None:
        """Store a join frame whose signature held: the member is pending, unless certified already."""
        self._db.run(SQL["joined"], (device, public_key, int(role), invite, join_frame, now))

    def certified(
        self,
        device: Device,
        public_key: bytes,
        role: Role,
        invite: InviteId | None,
        certificate: bytes,
        *,
        now: int,
    ) -> None:
        """Store a certificate that held."""
        self._db.run(SQL["certified"], (device, public_key, int(role), invite, certificate, now))

    def named(self, device: Device, role: Role, name: str, *, now: int) -> None:
        """Store a member's name; the newest one told counts."""
        self._db.run(SQL["named"], (device, int(role), name, now))

    def refused(self, device: Device, reason: str) -> None:
        """A join's proof did not hold."""
        self._db.run(SQL["refused"], (reason, device))

    def keep_invite(self, note: InviteNote, *, now: int) -> None:
        """Store an invite; the same again changes nothing."""
        values = (note.invite, note.org_key, int(note.role), note.name, note.expires, now)
        self._db.run(SQL["keep_invite"], values)

    def invite(self, invite: InviteId) -> StoredInvite | None:
        """One invite, or None."""
        found = self._db.row(SQL["invite"], (invite,))
        return None if found is None else _invite(found)

    def invites(self) -> list[StoredInvite]:
        """All invites, oldest first."""
        return [_invite(row) for row in self._db.rows(SQL["invites"])]

    def use_invite(self, invite: InviteId, device: Device) -> bool:
        """Give an invite to the device whose proof held; False when it is unknown or used by another."""
        return self._db.run(SQL["use_invite"], (device, invite)) == 1


def _member(row: Row) -> StoredMember:
    device, public_key, role, name, state, reason, invite, join_frame, certificate, since = row
    return StoredMember(
        device=device,
        public_key=public_key,
        role=Role(role),
        name=name,
        state=MemberState(state),
        reason=reason,
        invite=invite,
        join_frame=join_frame,
        certificate=certificate,
        since=since,
    )


def _invite(row: Row) -> StoredInvite:
    id_, org_key, role, name, expires, used_by = row
    note = InviteNote(invite=id_, org_key=org_key, role=Role(role), name=name, expires=expires)
    return StoredInvite(note=note, used_by=used_by)
