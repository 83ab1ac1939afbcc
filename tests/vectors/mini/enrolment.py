"""§10: ticket, invite, and the MACs of a join."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

from .cbor import decode
from .directory import check_address, check_pins
from .failure import Failure, Item, array, bstr, need, uint
from .frames import JOIN, Frame, Place
from .keys import derive
from .names import SUITE, labelled, sha256

TEXT_MAX = 1_024
CHECKSUM = 4
WHITE = " \t\r\n"
BAD = "invite"


def write(prefix: str, payload: bytes) -> str:
    """The text of a ticket or invite."""
    octets = payload + sha256(payload)[:CHECKSUM]
    return prefix + "." + base64.urlsafe_b64encode(octets).decode().rstrip("=")


def read(prefix: str, text: str) -> Item:
    """The payload of a text, decoded."""
    bare = "".join(one for one in text if one not in WHITE)
    need(len(bare) <= TEXT_MAX, BAD, "a text beyond 1,024 characters")
    need(bare.startswith(prefix + "."), BAD, f"a text that begins with {prefix}.")
    body = bare[len(prefix) + 1 :]
    try:
        octets = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Failure(BAD, "not base64url") from None
    need(
        base64.urlsafe_b64encode(octets).decode().rstrip("=") == body,
        BAD,
        "not the only base64url of its bytes",
    )
    payload, checksum = octets[:-CHECKSUM], octets[-CHECKSUM:]
    need(len(octets) > CHECKSUM and sha256(payload)[:CHECKSUM] == checksum, BAD, "the checksum is another")
    return decode(payload)


def ticket(text: str) -> tuple[str, list[bytes], bytes, bytes]:
    """Address, pins, log key and code of a ticket."""
    label, suite, address, pins, log_key, code = array(read("fkt1", text), 6, name=BAD)
    need(label == "fieldkit/ticket" and type(suite) is int and suite == SUITE, BAD, "another label")
    check_address(address, BAD)
    check_pins(pins, BAD)
    return address, pins, bstr(log_key, 32, name=BAD), bstr(code, 16, name=BAD)


@dataclass(frozen=True, kw_only=True)
class Invite:
    """An invite as the newcomer reads it."""

    address: str
    organisation: bytes
    root_hash: bytes
    directory_version: int
    secret: bytes
    role: int
    expires: int


def invite(text: str) -> Invite:
    """The invite in a text."""
    address, organisation, root_hash, version, secret, role, expires = array(read("fki1", text), 7, name=BAD)
    check_address(address, BAD)
    return Invite(
        address=address,
        organisation=bstr(organisation, 16, name=BAD),
        root_hash=bstr(root_hash, 32, name=BAD),
        directory_version=uint(version, 1, name=BAD),
        secret=bstr(secret, 16, name=BAD),
        role=uint(role, 1, 2, name=BAD),
        expires=uint(expires, name=BAD),
    )


def invite_keys(secret: bytes) -> tuple[bytes, bytes, bytes]:
    """Invite id, k_server and k_org."""
    s = sha256(labelled("invite-secret", secret))
    return derive(s, "invite-id")[:16], derive(s, "invite-server"), derive(s, "invite-org")


def transcript(place: Place, header: dict[int, Item], body: bytes) -> bytes:
    """T, from a join frame's own header keys and the place it is in."""
    documents = (header[19], header[20], header[21])
    who = (header[17], place.incarnation, header[16])
    return labelled("join", place.organisation, header[15], *documents, *who, header[22], sha256(body))


def mac(key: bytes, said: bytes) -> bytes:
    """Server MAC under k_server, organisation MAC under k_org."""
    return hmac.digest(key, said, "sha256")


def check_join(frame: Frame, place: Place, key: bytes, *, for_server: bool) -> None:
    """The MAC of a join frame that this side can check."""
    need(frame.kind == JOIN, "kind", "not a join frame")
    stated = frame.header[23 if for_server else 24]
    said = transcript(place, frame.header, frame.body)
    need(hmac.compare_digest(stated, mac(key, said)), "invite", "the MAC is another")
