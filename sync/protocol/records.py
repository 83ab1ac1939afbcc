"""The plain body of a record: type, content, gossip (docs/protocol.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import malformed
from sync.protocol.ids import (
    GENERATION_BYTES,
    HASH_BYTES,
    ID_BYTES,
    Device,
    Generation,
    InviteId,
    Lane,
)
from sync.protocol.kinds import Role
from sync.protocol.limits import PLAIN_BYTES
from sync.protocol.shapes import between, fields, lane_number, octets, row, text, uint


class RecordType(IntEnum):
    """What a record says."""

    REVISION = 1
    PART = 2
    MEMBER = 4
    INVITE = 5
    HEARTBEAT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Gossip:
    """The log state a sender saw last, told to readers where the server cannot see it (§4)."""

    lane: Lane
    generation: Generation
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A plain body. `content` is checked only to be a map; each type has its own reader."""

    type: RecordType
    content: Mapping[Any, Any] = field(repr=False)
    content_bytes: bytes = field(repr=False)
    """E(content): the revision bytes of §2."""
    gossip: Gossip | None


_BEFORE_CONTENT: Final = 2
"""Bytes: the head of an array of three, and a type below 24."""

_GOSSIP = row(lane_number, octets(GENERATION_BYTES), uint, octets(HASH_BYTES))


def encode_plain(type_: RecordType, content: Mapping[Any, Any], gossip: Gossip | None = None) -> bytes:
    """The plain bytes to seal."""
    told = None if gossip is None else [gossip.lane, gossip.generation, gossip.size, gossip.root]
    return encode([int(type_), dict(content), told])


def decode_plain(plain: bytes) -> Plain:
    """Read plain bytes; raise ProtocolError (MALFORMED) for anything else, an unknown type included."""
    number, content, told = row(uint, _map, _identity)(decode(plain, limit=PLAIN_BYTES))
    try:
        type_ = RecordType(number)
    except ValueError:
        raise malformed(f"expected a known type of record, got {number}") from None
    gossip = None
    if told is not None:
        lane, generation, size, root = _GOSSIP(told)
        gossip = Gossip(lane=lane, generation=generation, size=size, root=root)
    # There is one encoding of everything (§1), so the content's is what stands between the two others.
    raw = plain[_BEFORE_CONTENT : len(plain) - len(encode(told))]
    return Plain(type=type_, content=content, content_bytes=raw, gossip=gossip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member's name, told to coordinators only (type 4)."""

    device: Device
    role: Role
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteNote:
    """What coordinators must know of an open invite to check who used it (type 5)."""

    invite: InviteId
    org_key: bytes = field(repr=False)
    role: Role
    name: str
    expires: int
    """Hours since 1970."""


_ROLE = between(Role.REPORTER, Role.COORDINATOR)
_MEMBER = {1: octets(ID_BYTES), 2: _ROLE, 3: text}
_INVITE = {1: octets(ID_BYTES), 2: octets(HASH_BYTES), 3: _ROLE, 4: text, 5: uint}


def member_content(member: Member) -> dict[int, Any]:
    """The content map of a member record."""
    return {1: member.device, 2: int(member.role), 3: member.name}


def read_member(content: Mapping[Any, Any]) -> Member:
    """A member's name; raise ProtocolError when the content is not one, as the reader below."""
    read = fields(content, _MEMBER)
    return Member(device=read[1], role=Role(read[2]), name=read[3])


def invite_content(note: InviteNote) -> dict[int, Any]:
    """The content map of an invite record."""
    return {1: note.invite, 2: note.org_key, 3: int(note.role), 4: note.name, 5: note.expires}


def read_invite(content: Mapping[Any, Any]) -> InviteNote:
    """What was told of an invite."""
    read = fields(content, _INVITE)
    return InviteNote(invite=read[1], org_key=read[2], role=Role(read[3]), name=read[4], expires=read[5])


def read_heartbeat(content: Mapping[Any, Any]) -> int:
    """When a heartbeat was made, in hours since 1970."""
    hours: int = fields(content, {1: uint})[1]
    return hours


def heartbeat_content(hours: int) -> dict[int, Any]:
    """The content map of a heartbeat made `hours` since 1970."""
    return {1: hours}


def _map(value: object) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise malformed("expected a map as content")
    return value


def _identity(value: object) -> object:
    return value
