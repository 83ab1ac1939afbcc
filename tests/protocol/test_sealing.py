"""Epochs and grants: what is wrapped for an inbox opens for it alone, and only in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sync.protocol.frames import parse
from sync.protocol.ids import MAIN, SOURCES, Device, sha256
from sync.protocol.kinds import Key
from sync.protocol.limits import INBOX_PUBLIC_BYTES, WRAP_BYTES
from sync.protocol.sealing import (
    InboxSecret,
    epoch_id,
    epoch_token,
    open_epoch,
    open_seed,
    seal_seed,
    wrap,
)
from tests.protocol import derivations, samples
from tests.protocol.refusing import refused
from tests.protocol.samples import ELSEWHERE, INBOX, ORGANISATION, READER, SECRET, chain, changed, octets

EPOCH = samples.epoch()


def test_an_epoch_opens_for_the_inbox() -> None:
    """The reader gets the sender's secret, and both have the same id and token."""
    frame = parse(EPOCH.frame.raw)
    assert open_epoch(frame, chain(), INBOX) == SECRET
    assert epoch_id(frame) == EPOCH.ratchet.epoch == frame.hash[:16]
    assert epoch_token(SECRET, epoch_id(frame)) == EPOCH.token
    assert (EPOCH.ratchet.step, EPOCH.ratchet.key) == (0, SECRET)
    assert len(frame.body) == WRAP_BYTES


def test_an_epoch_opens_by_the_specification_alone() -> None:
    """HPKE, commitment and token, computed a second time from bare primitives."""
    frame, place = EPOCH.frame, chain()
    commit = derivations.labelled("fieldkit/commit", SECRET)
    info = derivations.labelled(
        "fieldkit/epoch", place.organisation, 1, 1, place.device, place.incarnation, frame.header[Key.COMMIT]
    )
    assert derivations.hpke_open(INBOX.seed, INBOX.public, frame.body, info) == SECRET
    assert frame.header[Key.COMMIT] == sha256(commit)
    assert EPOCH.token == derivations.derive(SECRET, "fieldkit/ack-epoch", frame.hash[:16])


@pytest.mark.parametrize("field", ELSEWHERE)
def test_an_epoch_moved_elsewhere(field: str) -> None:
    """An epoch body does not open in another organisation, lane, device or incarnation."""
    with refused(words="does not open"):
        open_epoch(EPOCH.frame, replace(chain(), **{field: ELSEWHERE[field]}), INBOX)


def test_an_epoch_for_another_term_or_inbox() -> None:
    """Another term in the header, or another lane's key: it does not open."""
    with refused(words="does not open"):
        open_epoch(changed(EPOCH.frame, TERM=2), chain(), INBOX)
    with refused(words="does not open"):
        open_epoch(EPOCH.frame, chain(), READER)


def test_an_epoch_that_breaks_its_commitment() -> None:
    """A secret that is not the committed one is refused, though HPKE opens it: one frame opens one way."""
    place, lie = chain(), octets("commitment to another secret", 32)
    info = derivations.labelled(
        "fieldkit/epoch", place.organisation, 1, 1, place.device, place.incarnation, lie
    )
    for secret in (SECRET, b"short", octets("long", 64)):
        body = wrap(secret, INBOX.public, info)
        assert INBOX.unwrap(body, info) == secret
        if len(body) == WRAP_BYTES:
            with refused(words="commits to"):
                open_epoch(changed(EPOCH.frame, body, COMMIT=lie), place, INBOX)


def test_an_epoch_with_a_damaged_body() -> None:
    """One bit anywhere in the encapsulated key, the ciphertext or the tag: it does not open."""
    for at in (0, 700, 1_087, 1_088, 1_119, 1_120, 1_151, 1_152, 1_167):
        body = bytearray(EPOCH.frame.body)
        body[at] ^= 1
        with refused(words="does not open"):
            open_epoch(changed(EPOCH.frame, bytes(body)), chain(), INBOX)
    with refused(words="does not open"):
        open_epoch(changed(EPOCH.frame, EPOCH.frame.body[:1_088] + bytes(80)), chain(), INBOX)


PUBLIC_KEYS = {
    "nothing": b"",
    "one byte short": INBOX.public[:-1],
    "one byte more": INBOX.public + b"\0",
    "a lattice key beyond its modulus": b"\xff" * 1_184 + INBOX.public[1_184:],
    "a point of no order": INBOX.public[:1_184] + bytes(32),
    "a point of order one": INBOX.public[:1_184] + b"\1" + bytes(31),
}


@pytest.mark.parametrize("public", PUBLIC_KEYS.values(), ids=PUBLIC_KEYS)
def test_public_keys_that_are_none(public: bytes) -> None:
    """A directory with such a key cannot be sealed to, and says so in the declared way."""
    with refused():
        wrap(SECRET, public, b"info")


def test_an_inbox_key_comes_from_its_seed() -> None:
    """The same seed gives the same public key; another length gives none."""
    assert InboxSecret(INBOX.seed).public == INBOX.public
    assert len(INBOX.public) == INBOX_PUBLIC_BYTES
    for length in (0, 31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            InboxSecret(bytes(length))


GRANT = {"organisation": ORGANISATION, "lane": MAIN, "term": 1, "to": Device(octets("reader device"))}
OTHERS: dict[str, Any] = {
    "organisation": octets("another organisation"),
    "lane": SOURCES,
    "term": 2,
    "to": octets("another device"),
}


def test_a_grant_opens_for_its_reader() -> None:
    """The seed comes back as the same inbox key, by the code and by the specification alone."""
    fields: dict[str, Any] = dict(GRANT)
    body = seal_seed(INBOX.seed, READER.public, **fields)
    assert open_seed(body, READER, **fields).public == INBOX.public
    info = derivations.labelled("fieldkit/grant", *fields.values())
    assert derivations.hpke_open(READER.seed, READER.public, body, info) == INBOX.seed


@pytest.mark.parametrize("field", GRANT)
def test_a_grant_for_something_else(field: str) -> None:
    """Another organisation, lane, term or reader: it does not open."""
    fields: dict[str, Any] = dict(GRANT)
    body = seal_seed(INBOX.seed, READER.public, **fields)
    with refused(words="does not open"):
        open_seed(body, READER, **(fields | {field: OTHERS[field]}))
    with refused(words="does not open"):
        open_seed(body, INBOX, **fields)


def test_an_epoch_is_no_grant() -> None:
    """What was sealed as an epoch does not open as a grant, nor the other way round, nor a short seed."""
    fields: dict[str, Any] = dict(GRANT)
    with refused(words="does not open"):
        open_seed(EPOCH.frame.body, INBOX, **fields)
    body = seal_seed(SECRET, INBOX.public, **fields)
    with refused(words="does not open"):
        open_epoch(changed(EPOCH.frame, body), chain(), INBOX)
    with refused(words="32 bytes"):
        open_seed(seal_seed(b"short", READER.public, **fields), READER, **fields)


def test_secrets_are_not_shown() -> None:
    """Neither keys nor tokens appear when the objects are printed."""
    for shown in (repr(EPOCH), repr(EPOCH.ratchet), repr(INBOX)):
        for secret in (SECRET, EPOCH.token, INBOX.seed):
            assert repr(secret)[2:-1] not in shown
