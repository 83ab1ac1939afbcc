"""§6: signed documents, roots, directories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.vectors.making import section6_directory
from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    ORGANISATION,
    OTHER_ORGANISATION,
    Map,
    drawn,
    public,
    root_public,
    root_sign,
)
from tests.vectors.mini.cbor import decode, encode
from tests.vectors.mini.documents import put_together
from tests.vectors.mini.names import key_id, labelled, sha256

DIRECTORY_KEYS = sorted(public(drawn(f"directory {number}")) for number in (1, 2))
FIRST: Map = {
    **{1: ORGANISATION, 2: 1, 3: 20_400, 4: 1, 5: [root_public(1)], 6: 1, 7: DIRECTORY_KEYS},
}


def root(payload: Map | bytes, *signers: int, label: str = "root") -> bytes:
    """A root document under these root keys."""
    octets = payload if isinstance(payload, bytes) else encode(payload)
    return put_together(label, octets, {key_id(root_public(one)): partial(root_sign, one) for one in signers})


def hash_of(payload: Map) -> bytes:
    """The hash of a root of this payload."""
    return sha256(labelled("root", encode(payload)))


BOTH = sorted([root_public(1), root_public(2)])
SECOND: Map = {**FIRST, 2: 2, 3: 20_401, 4: 2, 5: BOTH, 8: hash_of(FIRST)}
THIRD: Map = {**FIRST, 2: 3, 3: 20_402, 4: 1, 5: [root_public(2)], 8: hash_of(SECOND)}
ROOT_1, ROOT_2, ROOT_3 = root(FIRST, 1), root(SECOND, 1, 2), root(THIRD, 1, 2)

PAYLOAD_BAD: list[tuple[str, str, Map]] = [
    ("threshold-0", "A threshold of 0.", {4: 0}),
    ("threshold-2", "A threshold of 2 with one key.", {4: 2}),
    ("directory-threshold-0", "A directory threshold of 0.", {6: 0}),
    ("directory-threshold-3", "A directory threshold of 3 with two keys.", {6: 3}),
    ("version-0", "Version 0.", {2: 0}),
    ("version-1-previous", "Version 1 with the hash of a root before it.", {8: drawn("before")}),
    ("version-2-alone", "Version 2 without the hash of the root before it.", {2: 2}),
    ("key-missing", "No day of its making.", {3: None}),
    ("key-extra", "A key the table does not have.", {9: 1}),
    ("organisation-15", "An organisation of 15 bytes.", {1: bytes(15)}),
    ("directory-keys-none", "No directory key.", {7: []}),
    ("directory-keys-descending", "Directory keys out of order.", {7: DIRECTORY_KEYS[::-1]}),
    ("directory-keys-twice", "One directory key twice.", {7: [DIRECTORY_KEYS[0]] * 2, 6: 2}),
    ("directory-keys-17", "17 directory keys.", {7: sorted(drawn(f"key {number}") for number in range(17))}),
    ("directory-key-31", "A directory key of 31 bytes.", {7: [bytes(31)]}),
    ("root-keys-descending", "Root keys out of order.", {5: BOTH[::-1]}),
    ("root-key-ed25519", "A root key that is Ed25519 by itself.", {5: [root_public(1)[:32], root_public(1)]}),
    ("created-negative", "A day before 1970.", {3: -1}),
]


def _signatures() -> Iterator[tuple[str, str, str, bytes]]:
    payload, [[key, signature]] = decode(ROOT_1)
    other = decode(root(FIRST, 1, label="directory"))[1][0][1]
    unknown = [drawn("unknown key", 8), b"anything"]

    def signed(*entries: Any) -> bytes:
        return encode([payload, list(entries)])

    def flipped(place: int) -> bytes:
        octets = bytearray(signature)
        octets[place] ^= 1
        return signed([key, bytes(octets)])

    yield "signature|document", "ed25519-bit", "A bit of the Ed25519 half.", flipped(0)
    yield "signature|document", "ml-dsa-bit", "A bit of the ML-DSA half.", flipped(64)
    yield (
        "signature|document",
        "ml-dsa-last-bit",
        "A bit of the last byte of the ML-DSA half.",
        flipped(3_372),
    )
    yield "signature|document", "ed25519-only", "The Ed25519 half by itself.", signed([key, signature[:64]])
    yield "signature|document", "ml-dsa-only", "The ML-DSA half by itself.", signed([key, signature[64:]])
    yield (
        "signature|document",
        "halves-swapped",
        "The ML-DSA half first.",
        signed([key, signature[64:] + signature[:64]]),
    )
    yield "signature|document", "other-label", "Signed under the label of a directory.", signed([key, other])
    yield "document|signature", "unsigned", "No signature.", signed()
    yield "document|signature", "unknown-only", "Signed by an unknown key alone.", signed(unknown)
    twice = signed([key, signature], [key, signature])
    yield "document|malformed", "signed-twice", "One key's signature twice.", twice
    out_of_order = signed(*sorted([[key, signature], unknown], reverse=True))
    yield "document|malformed", "signatures-descending", "Signatures out of order.", out_of_order
    many = sorted([[drawn(f"unknown {number}", 8), b""] for number in range(32)] + [[key, signature]])
    yield "document|malformed", "signatures-33", "33 signatures.", signed(*many)
    short = signed([key[:7], signature])
    yield "document|malformed", "key-id-7", "A key id of 7 bytes.", short
    yield "malformed|document", "trailing", "A byte after the document.", ROOT_1 + b"\0"
    yield (
        "document|malformed",
        "payload-bare",
        "A payload that is not wrapped.",
        encode([decode(payload), []]),
    )
    yield "size|document|malformed", "too-long", "61,441 bytes.", encode([bytes(61_436), []])


def _walks() -> Iterator[tuple[str, str, list[bytes]]]:
    yield "skipped", "A version is skipped.", [ROOT_1, ROOT_3]
    yield "rolled-back", "An older version after a newer one.", [ROOT_1, ROOT_2, ROOT_1]
    yield "again", "The same version again.", [ROOT_1, ROOT_1]
    previous = root({**SECOND, 8: drawn("before")}, 1, 2)
    yield "other-previous", "The hash of another root before it.", [ROOT_1, previous]
    elsewhere = root({**SECOND, 1: OTHER_ORGANISATION}, 1, 2)
    yield "other-organisation", "The next root is another organisation's.", [ROOT_1, elsewhere]
    yield (
        "only-new",
        "Version 2 by the new key alone.",
        [ROOT_1, root({**SECOND, 4: 1, 5: [root_public(2)]}, 2)],
    )
    yield "only-old", "Version 2 by the old key alone.", [ROOT_1, root(SECOND, 1)]
    yield (
        "one-of-two",
        "Version 3 by one of the two that version 2 asks for.",
        [ROOT_1, ROOT_2, root(THIRD, 2)],
    )


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    yield good("root", "An organisation's first root.", "read_root", root=ROOT_1)
    payload, [entry] = decode(ROOT_1)
    stranger = encode([payload, sorted([entry, [drawn("unknown key", 8), b"anything"]])])
    yield good("root-unknown-key", "An entry by an unknown key is passed over.", "read_root", root=stranger)
    yield good("root-two", "Two of two.", "read_root", root=ROOT_2)
    for name, about, change in PAYLOAD_BAD:
        fields = {key: value for key, value in {**FIRST, **change}.items() if value is not None}
        octets = root(fields, 1)
        yield bad("document|malformed", f"root-{name}", about, "read_root", root=octets)
    for expect, name, about, octets in _signatures():
        yield bad(expect, f"root-{name}", about, "read_root", root=octets)
    yield good("walk", "From version 1 to 3, one by one.", "walk_roots", roots=[ROOT_1, ROOT_2, ROOT_3])
    for name, about, roots in _walks():
        yield bad("document|signature", f"walk-{name}", about, "walk_roots", roots=roots)
    yield from section6_directory.vectors(ROOT_1, hash_of(FIRST))
