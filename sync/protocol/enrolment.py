"""Tickets, invites and joining (docs/protocol.md §10)."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from typing import Any, Final

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame, build
from sync.protocol.ids import (
    HASH_BYTES,
    ID_BYTES,
    NO_HASH,
    Chain,
    InviteId,
    Organisation,
    device_id,
    labelled,
    sha256,
)
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.shapes import Check, address, between, constant, octets, row, rows, uint
from sync.protocol.signing import PUBLIC_BYTES, SigningKey

TICKET_PREFIX: Final = "fkt1."
INVITE_PREFIX: Final = "fki1."
_TEXT_CHARACTERS: Final = 1_024
_CHECKSUM_BYTES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a server's operator hands to the first coordinator of an organisation."""

    address: str
    pins: tuple[bytes, ...]
    log_key: bytes
    code: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """What a coordinator hands to a newcomer over a channel both trust."""

    address: str
    organisation: Organisation
    root_hash: bytes
    directory_version: int
    secret: bytes = field(repr=False)
    role: Role
    expires: int
    """Hours since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteKeys:
    """What an invite's secret yields: its id, and a MAC key for each of the two who check a join."""

    invite: InviteId
    server_key: bytes = field(repr=False)
    org_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinClaim:
    """The facts a joining device binds together in the transcript."""

    invite: InviteId
    role: Role
    root_hash: bytes
    directory_version: int
    directory_hash: bytes
    public_key: bytes
    log_key: bytes
    reader_key: bytes = b""
    """1,216 bytes for a coordinator, empty for a reporter."""


_TICKET: Final = row(
    constant("fieldkit/ticket"),
    constant(1),
    address,
    rows(octets(HASH_BYTES), lowest=1, highest=2),
    octets(PUBLIC_BYTES),
    octets(ID_BYTES),
)
_INVITE: Final = row(
    address,
    octets(ID_BYTES),
    octets(HASH_BYTES),
    between(1),
    octets(ID_BYTES),
    between(Role.REPORTER, Role.COORDINATOR),
    uint,
)


def encode_ticket(ticket: Ticket) -> str:
    """The ticket as one word."""
    packed = encode(["fieldkit/ticket", 1, ticket.address, list(ticket.pins), ticket.log_key, ticket.code])
    return TICKET_PREFIX + _to_text(packed + _checksum(packed))


def parse_ticket(words: str) -> Ticket:
    """Read a ticket, white space ignored; raise ProtocolError (INVITE) for anything that was mistyped."""
    read = _parse(words, TICKET_PREFIX, _TICKET)
    return Ticket(address=read[2], pins=read[3], log_key=read[4], code=read[5])


def encode_invite(invite: Invite) -> str:
    """The invite as one word of about 130 characters."""
    packed = encode(
        [
            invite.address,
            invite.organisation,
            invite.root_hash,
            invite.directory_version,
            invite.secret,
            int(invite.role),
            invite.expires,
        ]
    )
    return INVITE_PREFIX + _to_text(packed + _checksum(packed))


def parse_invite(words: str) -> Invite:
    """Read an invite, white space ignored; raise ProtocolError (INVITE) for anything that was mistyped."""
    read = _parse(words, INVITE_PREFIX, _INVITE)
    return Invite(
        address=read[0],
        organisation=read[1],
        root_hash=read[2],
        directory_version=read[3],
        secret=read[4],
        role=Role(read[5]),
        expires=read[6],
    )


def _to_text(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _checksum(packed: bytes) -> bytes:
    return sha256(packed)[:_CHECKSUM_BYTES]


def _parse(words: str, prefix: str, shape: Check) -> tuple[Any, ...]:
    word = "".join(words.split())
    what, one = ("the ticket", "a ticket") if prefix == TICKET_PREFIX else ("the invite", "an invite")
    if not word.startswith(prefix):
        raise ProtocolError(Refusal.INVITE, f"expected {one}, which starts with {prefix}")
    if len(word) > _TEXT_CHARACTERS:
        raise ProtocolError(Refusal.INVITE, f"{what} has at most {_TEXT_CHARACTERS} characters")
    encoded = word[len(prefix) :]
    try:
        packed = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError(Refusal.INVITE, f"{what} has a character or length that none has") from None
    body, tail = packed[:-_CHECKSUM_BYTES], packed[-_CHECKSUM_BYTES:]
    if _to_text(packed) != encoded or _checksum(body) != tail:
        raise ProtocolError(Refusal.INVITE, f"{what} was mistyped or cut")
    try:
        read: tuple[Any, ...] = shape(decode(body, limit=_TEXT_CHARACTERS))
    except ProtocolError as error:
        raise ProtocolError(Refusal.INVITE, f"{what} does not hold what it must: {error}") from None
    return read


def invite_keys(secret: bytes) -> InviteKeys:
    """Id and MAC keys of an invite, from its 16-byte secret."""
    base = sha256(labelled("fieldkit/invite-secret", secret))
    return InviteKeys(
        invite=InviteId(_expand(base, "fieldkit/invite-id")[:ID_BYTES]),
        server_key=_expand(base, "fieldkit/invite-server"),
        org_key=_expand(base, "fieldkit/invite-org"),
    )


def _expand(secret: bytes, label: str) -> bytes:
    """HKDF-Expand for one block (RFC 5869 §2.3).

    `derive` of §5, which the server's half of this module must not import.
    """
    return hmac.digest(secret, labelled(label) + b"\1", "sha256")


def transcript(chain: Chain, claim: JoinClaim) -> bytes:
    """What both MACs cover: every fact the newcomer relied on."""
    return labelled(
        "fieldkit/join",
        chain.organisation,
        claim.invite,
        claim.root_hash,
        claim.directory_version,
        claim.directory_hash,
        claim.public_key,
        chain.incarnation,
        int(claim.role),
        claim.log_key,
        sha256(claim.reader_key),
    )


def build_join(chain: Chain, key: SigningKey, claim: JoinClaim, keys: InviteKeys) -> Frame:
    """The first frame a device writes into the admin lane."""
    bound = transcript(chain, claim)
    header = {
        Key.SEQUENCE: 1,
        Key.PREVIOUS: NO_HASH,
        Key.INVITE: claim.invite,
        Key.ROLE: int(claim.role),
        Key.PUBLIC_KEY: claim.public_key,
        Key.ROOT_HASH: claim.root_hash,
        Key.VERSION: claim.directory_version,
        Key.DIRECTORY_HASH: claim.directory_hash,
        Key.LOG_KEY: claim.log_key,
        Key.SERVER_MAC: hmac.digest(keys.server_key, bound, "sha256"),
        Key.ORGANISATION_MAC: hmac.digest(keys.org_key, bound, "sha256"),
    }
    return build(chain, key, Kind.JOIN, header, claim.reader_key)


def read_claim(frame: Frame) -> JoinClaim:
    """The facts in a join frame."""
    header = frame.header
    return JoinClaim(
        invite=header[Key.INVITE],
        role=Role(header[Key.ROLE]),
        root_hash=header[Key.ROOT_HASH],
        directory_version=header[Key.VERSION],
        directory_hash=header[Key.DIRECTORY_HASH],
        public_key=header[Key.PUBLIC_KEY],
        log_key=header[Key.LOG_KEY],
        reader_key=frame.body,
    )


def check_server_mac(frame: Frame, chain: Chain, server_key: bytes) -> bool:
    """Whether whoever made the join holds the invite: the server's half."""
    return _check(frame, chain, server_key, Key.SERVER_MAC)


def check_organisation_mac(frame: Frame, chain: Chain, org_key: bytes) -> bool:
    """The same for coordinators, under a key the server never has."""
    return _check(frame, chain, org_key, Key.ORGANISATION_MAC)


def _check(frame: Frame, chain: Chain, key: bytes, mac: Key) -> bool:
    if device_id(frame.header[Key.PUBLIC_KEY]) != chain.device:
        return False  # the envelope names another's device id: the MAC covers the key alone
    expected = hmac.digest(key, transcript(chain, read_claim(frame)), "sha256")
    return hmac.compare_digest(frame.header[mac], expected)
