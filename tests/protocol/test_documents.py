"""Signed documents: thresholds over distinct known keys, and one way to write each."""

from __future__ import annotations

import hashlib
from typing import Any

import cbor2
import pytest

from sync.protocol.documents import document_hash, parse_document, require, sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal
from sync.protocol.ids import key_id
from sync.protocol.signing import SigningKey, verify
from tests.protocol.refusing import refused
from tests.protocol.samples import octets, signing_key

LABEL, PAYLOAD, LIMIT = "fieldkit/directory", b"the payload", 4_096
KEYS = [signing_key(f"signer {number}") for number in range(4)]
PUBLIC = [key.public for key in KEYS]


def check(raw: bytes, known: list[bytes], threshold: int, label: str = LABEL) -> None:
    """Parse a document and hold it to a threshold."""
    require(parse_document(raw, LIMIT), label, known, threshold, verify)


def with_entries(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A document with exactly these entries."""
    return encode([PAYLOAD, [list(entry) for entry in entries]])


def entry(key: SigningKey, label: str = LABEL, payload: bytes = PAYLOAD) -> tuple[bytes, bytes]:
    """A signature by a key."""
    return key_id(key.public), key.sign(cbor2.dumps([label, 1, payload]))


def test_the_signature_is_the_specifications() -> None:
    """Message and hash, made a second time by hand; the hash does not depend on who signed."""
    message = cbor2.dumps([LABEL, 1, PAYLOAD])
    document = parse_document(sign_document(LABEL, PAYLOAD, KEYS[:2]), LIMIT)
    assert document.payload == PAYLOAD
    assert dict(document.signatures) == {key_id(key.public): key.sign(message) for key in KEYS[:2]}
    assert document_hash(LABEL, PAYLOAD) == hashlib.sha256(message).digest()


# (who signs, who is known, threshold, holds)
THRESHOLDS = [
    ([0], [0], 1, True),
    ([0, 1], [0, 1, 2], 2, True),
    ([1, 2], [0, 1, 2], 2, True),
    ([0, 1, 2], [0, 1, 2], 2, True),
    ([0, 3], [0, 1, 2], 1, True),
    ([0], [0, 1, 2], 2, False),
    ([], [0], 1, False),
    ([3], [0, 1, 2], 1, False),
    ([0, 3], [0, 1, 2], 2, False),
    ([0, 1], [0, 1, 2], 3, False),
]


@pytest.mark.parametrize(("signers", "known", "threshold", "holds"), THRESHOLDS)
def test_thresholds(signers: list[int], known: list[int], threshold: int, holds: bool) -> None:
    """Known keys count, unknown ones are passed over, whatever the order they signed in."""
    for order in (signers, signers[::-1]):
        raw = sign_document(LABEL, PAYLOAD, [KEYS[number] for number in order])
        if holds:
            check(raw, [PUBLIC[number] for number in known], threshold)
        else:
            with refused(Refusal.DOCUMENT, f"by {threshold} known keys"):
                check(raw, [PUBLIC[number] for number in known], threshold)


def test_a_bad_signature_by_a_known_key_spoils_the_document() -> None:
    """Even beside enough good ones; by an unknown key it is passed over."""
    good, other = entry(KEYS[0]), (key_id(PUBLIC[1]), KEYS[2].sign(b"something else"))
    raw = with_entries(sorted([good, other]))
    with refused(Refusal.DOCUMENT, "does not hold"):
        check(raw, PUBLIC[:2], 1)
    check(raw, PUBLIC[:1], 1)
    for signature in (b"", bytes(64), bytes(63), bytes(3_373)):
        with refused(Refusal.DOCUMENT, "does not hold"):
            check(with_entries([(key_id(PUBLIC[0]), signature)]), PUBLIC[:1], 1)


def test_a_signature_under_another_label_or_payload() -> None:
    """A signature speaks of one label and one payload."""
    for signed in (entry(KEYS[0], label="fieldkit/root"), entry(KEYS[0], payload=b"another payload")):
        with refused(Refusal.DOCUMENT):
            check(with_entries([signed]), PUBLIC[:1], 1)
    with refused(Refusal.DOCUMENT):
        check(sign_document(LABEL, PAYLOAD, KEYS[:1]), PUBLIC[:1], 1, label="fieldkit/receipt")


def test_one_key_counts_once() -> None:
    """The same key twice is not two signatures: the entries must be distinct and ascending."""
    with refused(words="ascending"):
        check(with_entries([entry(KEYS[0])] * 2), PUBLIC[:3], 2)
    both = sorted([entry(KEYS[0]), entry(KEYS[1])])
    check(with_entries(both), PUBLIC[:2], 2)
    with refused(words="ascending"):
        check(with_entries(both[::-1]), PUBLIC[:2], 2)


ID, SIGNATURE = octets("key id", 8), octets("signature", 64)
SHAPES: dict[str, Any] = {
    "no array": PAYLOAD,
    "payload alone": [PAYLOAD],
    "three parts": [PAYLOAD, [], 0],
    "payload as text": ["payload", []],
    "payload as a map": [{1: 2}, []],
    "no entries": [PAYLOAD, None],
    "entries as a map": [PAYLOAD, {ID: SIGNATURE}],
    "an entry of one": [PAYLOAD, [[ID]]],
    "an entry of three": [PAYLOAD, [[ID, SIGNATURE, 0]]],
    "a short key id": [PAYLOAD, [[ID[:7], SIGNATURE]]],
    "a long key id": [PAYLOAD, [[ID + b"x", SIGNATURE]]],
    "a signature as text": [PAYLOAD, [[ID, "signature"]]],
    "a signature longer than any": [PAYLOAD, [[ID, bytes(3_374)]]],
    "33 entries": [PAYLOAD, [[bytes([*range(7), number]), b""] for number in range(33)]],
}


@pytest.mark.parametrize("value", SHAPES.values(), ids=SHAPES)
def test_shapes(value: object) -> None:
    """Anything but a payload and its entries is malformed."""
    with refused():
        parse_document(encode(value), 8_192)


def test_the_size_is_compared_first() -> None:
    """A document of the limit is read, one byte more is refused for its size."""
    raw = sign_document(LABEL, PAYLOAD, KEYS[:1])
    assert parse_document(raw, len(raw)).raw == raw
    with refused(Refusal.SIZE):
        parse_document(raw, len(raw) - 1)
    with refused():
        parse_document(raw + b"\0", LIMIT)
    assert decode(raw) == [PAYLOAD, [list(entry(KEYS[0]))]]
