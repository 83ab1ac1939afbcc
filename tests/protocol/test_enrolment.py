"""Tickets and invites as people copy them, and the transcript that binds a join together."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.enrolment import (
    INVITE_PREFIX,
    TICKET_PREFIX,
    Invite,
    JoinClaim,
    Ticket,
    build_join,
    check_organisation_mac,
    check_server_mac,
    encode_invite,
    encode_ticket,
    invite_keys,
    parse_invite,
    parse_ticket,
    read_claim,
    transcript,
)
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import check_signature, parse
from sync.protocol.ids import ADMIN, NO_HASH
from sync.protocol.kinds import Kind, Role
from tests.protocol import derivations
from tests.protocol.refusing import refused
from tests.protocol.samples import (
    ELSEWHERE,
    KEY,
    LOG_KEY,
    ORGANISATION,
    OTHER_KEY,
    READER,
    chain,
    changed,
    octets,
)

TICKET = Ticket(
    address="server.example:443",
    pins=(octets("pin", 32), octets("next pin", 32)),
    log_key=LOG_KEY.public,
    code=octets("code"),
)
INVITE = Invite(
    address="server.example:443",
    organisation=ORGANISATION,
    root_hash=octets("root", 32),
    directory_version=3,
    secret=octets("secret"),
    role=Role.REPORTER,
    expires=490_000,
)
TEXTS = {"ticket": encode_ticket(TICKET), "invite": encode_invite(INVITE)}
PARSERS: dict[str, Any] = {"ticket": parse_ticket, "invite": parse_invite}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_round_trip() -> None:
    """What was written is read; an invite is short enough to be read out."""
    assert parse_ticket(TEXTS["ticket"]) == TICKET
    assert parse_invite(TEXTS["invite"]) == INVITE
    coordinator = replace(INVITE, role=Role.COORDINATOR)
    assert parse_invite(encode_invite(coordinator)) == coordinator
    assert TEXTS["ticket"].startswith(TICKET_PREFIX)
    assert TEXTS["invite"].startswith(INVITE_PREFIX)
    assert len(TEXTS["invite"]) < 150


@pytest.mark.parametrize("name", TEXTS)
def test_white_space_does_not_matter(name: str) -> None:
    """A text that was wrapped by a mail program or printed in groups is read all the same."""
    text = TEXTS[name]
    for wrapped in (
        f"  {text}\n",
        "\r\n".join([text[:60], text[60:]]),
        " ".join(text),
        f"\u00a0{text}\u2003",
    ):
        assert PARSERS[name](wrapped) == PARSERS[name](text)


@pytest.mark.parametrize("name", TEXTS)
def test_every_typing_error_is_caught(name: str) -> None:
    """One wrong, missing or doubled character anywhere, or two exchanged: refused, and said so."""
    text = TEXTS[name]
    for at in range(5, len(text)):
        other = LETTERS[(LETTERS.index(text[at]) + 1) % 64]
        wrong = [
            text[:at] + other + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at : at + 1] + text[at:],
        ]
        if at + 1 < len(text) and text[at] != text[at + 1]:
            wrong.append(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
        for typed in wrong:
            with refused(Refusal.INVITE, "mistyped or cut|character or length"):
                PARSERS[name](typed)


@pytest.mark.parametrize("name", TEXTS)
@given(typed=st.text(max_size=200))
def test_anything_typed(name: str, typed: str) -> None:
    """Whatever somebody types is refused in the declared way, with and without the prefix."""
    for text in (typed, TEXTS[name][:5] + typed):
        with pytest.raises(ProtocolError) as caught:
            PARSERS[name](text)
        assert caught.value.code is Refusal.INVITE


MESSAGES: list[tuple[str, str, str]] = [
    ("ticket", "", "expected a ticket, which starts with fkt1."),
    ("ticket", TEXTS["invite"], "expected a ticket"),
    ("invite", TEXTS["ticket"], "expected an invite, which starts with fki1."),
    ("invite", TEXTS["invite"].upper(), "expected an invite"),
    ("invite", TEXTS["invite"] + "!", "a character or length that none has"),
    ("invite", TEXTS["invite"] + "é", "a character or length that none has"),
    ("invite", TEXTS["invite"] + "\ud800", "a character or length that none has"),
    ("invite", TEXTS["invite"] + "=", "mistyped or cut|character or length"),
    ("invite", TEXTS["invite"].replace("-", "+").replace("_", "/") + "++", "mistyped or cut"),
    ("invite", TEXTS["invite"][:40], "mistyped or cut"),
    ("invite", INVITE_PREFIX, "mistyped or cut"),
    ("invite", INVITE_PREFIX + "AA", "mistyped or cut"),
    ("invite", INVITE_PREFIX + "A" * 1_020, "at most 1024 characters"),
]


@pytest.mark.parametrize(("name", "typed", "words"), MESSAGES)
def test_messages_say_what_is_wrong(name: str, typed: str, words: str) -> None:
    """The wrong kind of text, a stray character and a cut text are told apart."""
    with refused(Refusal.INVITE, words):
        PARSERS[name](typed)


def with_checksum(prefix: str, packed: bytes) -> str:
    """A text in good order around whatever bytes."""
    return prefix + base64.urlsafe_b64encode(packed + hashlib.sha256(packed).digest()[:4]).decode().rstrip(
        "="
    )


def test_the_texts_are_the_specifications() -> None:
    """Both texts, made a second time by hand."""
    ticket = ["fieldkit/ticket", 1, TICKET.address, list(TICKET.pins), TICKET.log_key, TICKET.code]
    invite = [INVITE.address, ORGANISATION, INVITE.root_hash, 3, INVITE.secret, 1, 490_000]
    assert TEXTS["ticket"] == with_checksum(TICKET_PREFIX, cbor2.dumps(ticket))
    assert TEXTS["invite"] == with_checksum(INVITE_PREFIX, cbor2.dumps(invite))


GOOD_TICKET: list[Any] = ["fieldkit/ticket", 1, "a:1", [bytes(32)], bytes(32), bytes(16)]
GOOD_INVITE: list[Any] = ["a:1", bytes(16), bytes(32), 1, bytes(16), 1, 0]
BAD_PARTS: list[tuple[str, int, Any]] = [
    ("ticket", 0, "fieldkit/invite"),
    ("ticket", 1, 2),
    ("ticket", 2, "x" * 256),
    ("ticket", 3, []),
    ("ticket", 3, [bytes(32)] * 3),
    ("ticket", 4, bytes(31)),
    ("ticket", 5, bytes(15)),
    ("invite", 0, b"a:1"),
    ("invite", 1, bytes(15)),
    ("invite", 2, bytes(31)),
    ("invite", 3, 0),
    ("invite", 4, bytes(17)),
    ("invite", 5, 3),
    ("invite", 5, 0),
    ("invite", 6, -1),
]


@pytest.mark.parametrize(("name", "at", "value"), BAD_PARTS)
def test_parts_of_another_shape(name: str, at: int, value: Any) -> None:
    """A text in good order that holds something else is refused, saying so."""
    good, prefix = (GOOD_TICKET, TICKET_PREFIX) if name == "ticket" else (GOOD_INVITE, INVITE_PREFIX)
    PARSERS[name](with_checksum(prefix, cbor2.dumps(good)))
    bad: list[Any] = [[*good[:at], value, *good[at + 1 :]], good[:-1], [*good, 0], {}, 7]
    for parts in bad:
        with refused(Refusal.INVITE, "does not hold what it must"):
            PARSERS[name](with_checksum(prefix, cbor2.dumps(parts)))


def test_keys_of_an_invite() -> None:
    """Id and both keys as the specification derives them; none tells another."""
    keys = invite_keys(INVITE.secret)
    base = hashlib.sha256(derivations.labelled("fieldkit/invite-secret", INVITE.secret)).digest()
    assert keys.invite == derivations.derive(base, "fieldkit/invite-id")[:16]
    assert keys.server_key == derivations.derive(base, "fieldkit/invite-server")
    assert keys.org_key == derivations.derive(base, "fieldkit/invite-org")
    assert len({keys.server_key, keys.org_key, base}) == 3
    assert repr(keys).count("key") == 0


KEYS = invite_keys(INVITE.secret)
ADMIN_CHAIN = chain(ADMIN)
CLAIM = JoinClaim(
    invite=KEYS.invite,
    role=Role.COORDINATOR,
    root_hash=octets("root", 32),
    directory_version=3,
    directory_hash=octets("directory", 32),
    public_key=KEY.public,
    log_key=LOG_KEY.public,
    reader_key=READER.public,
)
JOIN = build_join(ADMIN_CHAIN, KEY, CLAIM, KEYS)


def test_a_join_proves_the_invite() -> None:
    """The frame comes first in its chain, signs itself, says what was claimed, and both MACs hold."""
    frame = parse(JOIN.raw)
    check_signature(frame, ADMIN_CHAIN, CLAIM.public_key)
    assert (frame.kind, frame.sequence, frame.previous) == (Kind.JOIN, 1, NO_HASH)
    assert read_claim(frame) == CLAIM
    assert check_server_mac(frame, ADMIN_CHAIN, KEYS.server_key)
    assert check_organisation_mac(frame, ADMIN_CHAIN, KEYS.org_key)


def test_a_reporters_join_has_no_reader_key() -> None:
    """The same without a body."""
    claim = replace(CLAIM, role=Role.REPORTER, reader_key=b"")
    frame = build_join(ADMIN_CHAIN, KEY, claim, KEYS)
    assert (frame.body, read_claim(frame)) == (b"", claim)
    assert check_server_mac(frame, ADMIN_CHAIN, KEYS.server_key)
    with refused(Refusal.SIZE):
        build_join(ADMIN_CHAIN, KEY, replace(CLAIM, role=Role.REPORTER), KEYS)


def test_the_macs_are_not_exchangeable() -> None:
    """The server, which holds one key, cannot make the MAC under the other."""
    assert not check_server_mac(JOIN, ADMIN_CHAIN, KEYS.org_key)
    assert not check_organisation_mac(JOIN, ADMIN_CHAIN, KEYS.server_key)
    other = invite_keys(octets("another secret"))
    assert not check_server_mac(JOIN, ADMIN_CHAIN, other.server_key)
    assert not check_organisation_mac(JOIN, ADMIN_CHAIN, other.org_key)


def test_the_transcript_is_the_specifications() -> None:
    """The bytes under both MACs, made a second time by hand."""
    reader = hashlib.sha256(READER.public).digest()
    facts = [CLAIM.directory_version, CLAIM.directory_hash, KEY.public, ADMIN_CHAIN.incarnation, 2]
    bound = cbor2.dumps(
        ["fieldkit/join", 1, ORGANISATION, CLAIM.invite, CLAIM.root_hash, *facts, LOG_KEY.public, reader]
    )
    assert transcript(ADMIN_CHAIN, CLAIM) == bound
    assert JOIN.header[23] == hmac.digest(KEYS.server_key, bound, "sha256")
    assert JOIN.header[24] == hmac.digest(KEYS.org_key, bound, "sha256")


FACTS: dict[str, Any] = {
    "INVITE": octets("another invite"),
    "PUBLIC_KEY": OTHER_KEY.public,
    "ROOT_HASH": octets("another root", 32),
    "VERSION": 4,
    "DIRECTORY_HASH": octets("another directory", 32),
    "LOG_KEY": KEY.public,
    "SERVER_MAC": octets("mac", 32),
}


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_is_bound(name: str) -> None:
    """A join that claims another fact, well signed, has no valid server MAC."""
    assert not check_server_mac(changed(JOIN, **{name: FACTS[name]}), ADMIN_CHAIN, KEYS.server_key)


def test_role_and_reader_key_are_bound() -> None:
    """Neither can a reporter become a coordinator, nor a reader key be exchanged."""
    lesser = changed(JOIN, b"", ROLE=1)
    swapped = changed(JOIN, octets("another reader key", 1_216))
    for frame in (lesser, swapped):
        assert not check_server_mac(frame, ADMIN_CHAIN, KEYS.server_key)
        assert not check_organisation_mac(frame, ADMIN_CHAIN, KEYS.org_key)


@pytest.mark.parametrize("field", [field for field in ELSEWHERE if field != "lane"])
def test_a_join_elsewhere(field: str) -> None:
    """In another organisation or incarnation, or as another device, the MACs do not hold."""
    elsewhere = replace(ADMIN_CHAIN, **{field: ELSEWHERE[field]})
    assert not check_server_mac(JOIN, elsewhere, KEYS.server_key)
    assert not check_organisation_mac(JOIN, elsewhere, KEYS.org_key)


def test_nobody_joins_under_anothers_device_id() -> None:
    """The MACs cover the key, so the device id must be its hash: an invite does not give another's name."""
    victim = chain(ADMIN, OTHER_KEY)
    frame = build_join(victim, KEY, CLAIM, KEYS)
    check_signature(frame, victim, KEY.public)
    assert not check_server_mac(frame, victim, KEYS.server_key)
    assert not check_organisation_mac(frame, victim, KEYS.org_key)


def test_secrets_are_not_shown() -> None:
    """Neither code nor secret appear when the objects are printed."""
    assert repr(TICKET.code)[2:-1] not in repr(TICKET)
    assert repr(INVITE.secret)[2:-1] not in repr(INVITE)
