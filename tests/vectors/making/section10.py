"""§10: ticket, invite, join."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.section3 import JOIN, JOINER
from tests.vectors.making.world import (
    LOG,
    NEWCOMER,
    ORGANISATION,
    OTHER_INCARNATION,
    OTHER_ORGANISATION,
    READER_SEED,
    Map,
    at,
    drawn,
    frame,
    public,
)
from tests.vectors.mini import enrolment, keys
from tests.vectors.mini.cbor import encode
from tests.vectors.mini.frames import Place
from tests.vectors.mini.names import sha256

ADDRESS = "203.0.113.7:8443"
SECRET = drawn("invite secret", 16)
INVITE_ID, K_SERVER, K_ORG = enrolment.invite_keys(SECRET)
TICKET: list[Any] = ["fieldkit/ticket", 1, ADDRESS, [drawn("pin")], public(LOG), drawn("code", 16)]
INVITE: list[Any] = [ADDRESS, ORGANISATION, drawn("root hash"), 4, SECRET, 1, 491_000]
TICKET_TEXT = enrolment.write("fkt1", encode(TICKET))
INVITE_TEXT = enrolment.write("fki1", encode(INVITE))


def texts(prefix: str, text: str) -> list[tuple[str, str, str]]:
    """A text in ways that are not it: name, what is wrong, text."""
    body = text.removeprefix(prefix + ".")
    middle = len(body) // 2
    other = "A" if body[middle] != "A" else "B"
    # The last character carries bits that belong to no byte unless the length is a multiple of four.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = alphabet[alphabet.index(body[-1]) ^ 1]
    octets = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    cut = prefix + "." + base64.urlsafe_b64encode(octets[:-1]).decode().rstrip("=")
    if not set("-_") & set(body):
        raise ValueError("this text has no character in which the two base64 differ")
    return [
        ("prefix-other", "Another prefix.", ("fki1." if prefix == "fkt1" else "fkt1.") + body),
        ("prefix-missing", "No prefix.", body),
        ("prefix-2", "The prefix of another version.", prefix[:3] + "2." + body),
        ("prefix-upper", "The prefix in capitals.", prefix.upper() + "." + body),
        ("checksum", "One character is another.", f"{prefix}.{body[:middle]}{other}{body[middle + 1 :]}"),
        ("cut", "The last byte is missing.", cut),
        ("empty", "The prefix by itself.", prefix + "."),
        ("padding", "Padding at the end.", text + "=" * (-len(body) % 4 or 4)),
        ("last-bits", "Bits at the end that belong to no byte.", text[:-1] + twin),
        ("plus", "The other base64, with + and /.", f"{prefix}.{body}".replace("-", "+").replace("_", "/")),
        ("hyphen", "A full stop within.", f"{prefix}.{body[:middle]}.{body[middle:]}"),
        ("long", "More than 1,024 characters.", text + "A" * 1_024),
    ]


TICKET_BAD: list[tuple[str, str, list[Any]]] = [
    ("label", "Another label.", ["fieldkit/invite", *TICKET[1:]]),
    ("suite", "Suite 2.", [TICKET[0], 2, *TICKET[2:]]),
    ("no-pin", "No pin.", [*TICKET[:3], [], *TICKET[4:]]),
    ("pins-3", "Three pins.", [*TICKET[:3], [drawn("pin")] * 3, *TICKET[4:]]),
    ("address", "An address without a port.", [*TICKET[:2], "203.0.113.7", *TICKET[3:]]),
    ("log-key", "A log key of 31 bytes.", [*TICKET[:4], bytes(31), TICKET[5]]),
    ("code", "A code of 15 bytes.", [*TICKET[:5], bytes(15)]),
    ("more", "Something more.", [*TICKET, 0]),
]
INVITE_BAD: list[tuple[str, str, list[Any]]] = [
    ("address", "An address that is a byte string.", [ADDRESS.encode(), *INVITE[1:]]),
    ("organisation", "An organisation of 15 bytes.", [ADDRESS, bytes(15), *INVITE[2:]]),
    ("root-hash", "A root hash of 31 bytes.", [*INVITE[:2], bytes(31), *INVITE[3:]]),
    ("version-0", "Directory version 0.", [*INVITE[:3], 0, *INVITE[4:]]),
    ("secret", "A secret of 32 bytes.", [*INVITE[:4], bytes(32), *INVITE[5:]]),
    ("role-0", "Role 0.", [*INVITE[:5], 0, INVITE[6]]),
    ("role-3", "Role 3.", [*INVITE[:5], 3, INVITE[6]]),
    ("expires", "An expiry before 1970.", [*INVITE[:6], -1]),
    ("short", "No expiry.", INVITE[:6]),
]


def _texts() -> Iterator[Vector]:
    for operation, prefix, text in (("ticket", "fkt1", TICKET_TEXT), ("invite", "fki1", INVITE_TEXT)):
        yield replace(
            good(operation, f"A text as it is handed over: {operation}.", operation), input={"text": text}
        )
        spaced = " \t" + text[:9] + "\r\n" + text[9:60] + "\n " + text[60:] + "\n"
        about = "White space is passed over."
        yield replace(good(f"{operation}-spaced", about, operation), input={"text": spaced})
        for name, about, wrong in texts(prefix, text):
            vector = bad("invite|malformed|size", f"{operation}-{name}", about, operation)
            yield replace(vector, input={"text": wrong})
    for name, about, item in TICKET_BAD:
        vector = bad("invite|malformed", f"ticket-with-{name}", about, "ticket")
        yield replace(vector, input={"text": enrolment.write("fkt1", encode(item))})
    for name, about, item in INVITE_BAD:
        vector = bad("invite|malformed", f"invite-with-{name}", about, "invite")
        yield replace(vector, input={"text": enrolment.write("fki1", encode(item))})
    payload = encode(INVITE)
    crooked = payload.replace(b"\x50" + SECRET, b"\x58\x10" + SECRET)
    vector = bad(
        "malformed|invite",
        "invite-not-canonical",
        "A head longer than needed, under a right checksum.",
        "invite",
    )
    yield replace(vector, input={"text": enrolment.write("fki1", crooked)})


def join(
    change: Map | None = None, body: bytes = b"", said: Map | None = None, place: Place = JOINER
) -> bytes:
    """A join whose MACs are over `said` (by default over what the frame itself says)."""
    header = {**JOIN, 15: INVITE_ID, **(change or {})}
    told = enrolment.transcript(place, {**header, **(said or {})}, body)
    macs = {23: enrolment.mac(K_SERVER, told), 24: enrolment.mac(K_ORG, told)}
    return frame(19, {**header, **macs}, body, JOINER, NEWCOMER)


TRANSCRIPTS: list[tuple[str, Map]] = [
    ("invite id", {15: drawn("other invite", 16)}),
    ("root hash", {19: drawn("other root")}),
    ("directory version", {20: 3}),
    ("directory hash", {21: drawn("other directory")}),
    ("role", {16: 2}),
    ("log key", {22: drawn("other log key")}),
]


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    yield good("invite-keys", "Invite id, k_server and k_org of a secret.", "invite_keys", secret=SECRET)
    yield from _texts()
    given: dict[str, Any] = {**at(JOINER), "key": K_SERVER, "for_server": True}
    own: dict[str, Any] = {**at(JOINER), "key": K_ORG, "for_server": False}
    yield good("join-server", "The server's MAC of a reporter's join.", "join_mac", frame=join(), **given)
    yield good("join-organisation", "The organisation's MAC.", "join_mac", frame=join(), **own)
    reader = keys.inbox(READER_SEED).public
    raw = join({16: 2}, reader)
    yield good(
        "join-coordinator",
        "A coordinator's join: the body is in the transcript.",
        "join_mac",
        frame=raw,
        **given,
    )
    for name, said in TRANSCRIPTS:
        about = f"A MAC over another {name}."
        yield bad(
            "invite", f"join-{name.replace(' ', '-')}", about, "join_mac", frame=join(said=said), **given
        )
    about = "A MAC over another public key."
    yield bad(
        "invite", "join-public-key", about, "join_mac", frame=join(said={17: drawn("other key")}), **given
    )
    place = replace(JOINER, organisation=OTHER_ORGANISATION)
    yield bad(
        "invite",
        "join-other-organisation",
        "A MAC over another organisation.",
        "join_mac",
        frame=join(place=place),
        **given,
    )
    place = replace(JOINER, incarnation=OTHER_INCARNATION)
    yield bad(
        "invite",
        "join-incarnation",
        "A MAC over another incarnation.",
        "join_mac",
        frame=join(place=place),
        **given,
    )
    swapped = reader[:-1] + bytes([reader[-1] ^ 1])
    header = {**JOIN, 15: INVITE_ID, 16: 2}
    told = enrolment.transcript(JOINER, header, reader)
    macs = {23: enrolment.mac(K_SERVER, told), 24: enrolment.mac(K_ORG, told)}
    raw = frame(19, {**header, **macs}, swapped, JOINER, NEWCOMER)
    yield bad(
        "invite",
        "join-body",
        "The reader key was exchanged after the MAC was made.",
        "join_mac",
        frame=raw,
        **given,
    )
    crossed = {**given, "key": K_ORG}
    yield bad(
        "invite",
        "join-keys-crossed",
        "The organisation's key for the server's MAC.",
        "join_mac",
        frame=join(),
        **crossed,
    )
    guessed = {**given, "key": sha256(SECRET)}
    yield bad(
        "invite",
        "join-key-guessed",
        "A key that is not derived as §10 says.",
        "join_mac",
        frame=join(),
        **guessed,
    )
