"""The root document: thresholds, rotation under old and new keys, no step back and none skipped."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from sync.protocol.documents import sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal
from sync.protocol.ids import Organisation, sha256
from sync.protocol.root import LABEL, Root, SignedRoot, check_next, parse_root, sign_root, walk
from tests.protocol.refusing import refused
from tests.protocol.samples import DIRECTORY_KEYS, FIRST_ROOT, ROOT_KEYS, octets, root

A, B, C, D = range(4)


def keys(*numbers: int) -> tuple[bytes, ...]:
    """Public keys of officers, in the order of the document."""
    return tuple(sorted(ROOT_KEYS[number].public for number in numbers))


def signed(document: Root, *signers: int) -> bytes:
    """The document signed by these officers."""
    return sign_root(document, [ROOT_KEYS[number] for number in signers])


@functools.cache
def version(number: int, officers: tuple[int, ...] = (A,), threshold: int = 1) -> SignedRoot:
    """Version `number` of an organisation whose root keys never change, signed by all of them."""
    previous = None if number == 1 else version(number - 1, officers, threshold).hash
    document = root(version=number, keys=keys(*officers), threshold=threshold, previous=previous)
    return parse_root(signed(document, *officers))


def second(*signers: int, **changes: Any) -> SignedRoot:
    """A version 2 after FIRST_ROOT, one key and threshold 1 unless changed."""
    document = root(version=2, previous=FIRST_ROOT.hash, keys=keys(A), **changes)
    return parse_root(signed(document, *signers))


def test_round_trip() -> None:
    """What was signed is read back; the hash covers the payload alone."""
    document = root(keys=keys(A, B, C), threshold=2, directory_keys=directory_keys(0, 1, 2))
    read = parse_root(signed(document, A, B))
    assert read.root == document
    assert read.raw == read.document.raw
    assert read.hash == parse_root(signed(document, A, B, C)).hash
    payload: Any = decode(read.raw, limit=70_000)
    assert read.hash == sha256(encode([LABEL, 1, payload[0]]))


def directory_keys(*numbers: int) -> tuple[bytes, ...]:
    """Public directory keys in the order of the document."""
    return tuple(sorted(DIRECTORY_KEYS[number].public for number in numbers))


@pytest.mark.parametrize(
    ("signers", "holds"),
    [((A, B), 1), ((A, C), 1), ((B, C), 1), ((A, B, C), 1), ((A, B, D), 1), ((A,), 0), ((A, D), 0), ((), 0)],
)
def test_two_of_three(signers: tuple[int, ...], holds: int) -> None:
    """Any two officers of three make a root, no one alone, and strangers do not count."""
    raw = signed(root(keys=keys(A, B, C), threshold=2), *signers)
    if holds:
        assert parse_root(raw).root.threshold == 2
    else:
        with refused(Refusal.DOCUMENT, "signatures by 2 known keys"):
            parse_root(raw)


def test_the_next_version() -> None:
    """Version 2 with the same keys follows version 1."""
    check_next(FIRST_ROOT, second(A))
    check_next(version(1), version(2))
    check_next(version(2), version(3))


# (officers and threshold before, officers and threshold after, who signs, holds)
ROTATIONS = [
    ("replaced, both sign", (A,), 1, (B,), 1, (A, B), True),
    ("replaced, only the new one signs", (A,), 1, (B,), 1, (B,), False),
    ("grown to two of three", (A,), 1, (A, B, C), 2, (A, B), True),
    ("grown, without the old one", (A,), 1, (A, B, C), 2, (B, C), False),
    ("one of three replaced", (A, B, C), 2, (A, B, D), 2, (A, B), True),
    ("one of three replaced by the others", (A, B, C), 2, (A, B, D), 2, (B, C, D), True),
    ("one old, two new", (A, B, C), 2, (A, B, D), 2, (A, D), False),
    ("shrunk to one", (A, B, C), 2, (A,), 1, (A, B), True),
    ("shrunk by one alone", (A, B, C), 2, (A,), 1, (A,), False),
    ("threshold raised", (A, B), 1, (A, B), 2, (A, B), True),
    ("threshold lowered by one alone", (A, B), 2, (A, B), 1, (A,), False),
]


@pytest.mark.parametrize(
    ("before", "threshold", "after", "next_threshold", "signers", "holds"),
    [pytest.param(*rotation[1:], id=rotation[0]) for rotation in ROTATIONS],
)
def test_rotation(
    before: tuple[int, ...],
    threshold: int,
    after: tuple[int, ...],
    next_threshold: int,
    signers: tuple[int, ...],
    holds: bool,
) -> None:
    """A new version needs the threshold of the old keys and of its own."""
    held = version(1, before, threshold)
    document = root(version=2, keys=keys(*after), threshold=next_threshold, previous=held.hash)
    new = parse_root(signed(document, *signers))
    if holds:
        check_next(held, new)
    else:
        with refused(Refusal.DOCUMENT, f"by {threshold} known keys"):
            check_next(held, new)


def test_the_new_threshold_is_checked_too() -> None:
    """A version that its own keys did not sign enough is no root at all."""
    document = root(version=2, keys=keys(B, C), threshold=2, previous=FIRST_ROOT.hash)
    with refused(Refusal.DOCUMENT, "by 2 known keys"):
        parse_root(signed(document, A, B))


def test_steps_that_are_refused() -> None:
    """The same, a lower or a skipped version, another past, another organisation."""
    for held, new in ((1, 1), (2, 1), (1, 3), (3, 1)):
        with refused(Refusal.DOCUMENT, f"expected root version {held + 1}, got {new}"):
            check_next(version(held), version(new))
    other_past = root(version=2, keys=keys(A), previous=octets("another root", 32))
    with refused(Refusal.DOCUMENT, "does not follow"):
        check_next(FIRST_ROOT, parse_root(signed(other_past, A)))
    with refused(Refusal.DOCUMENT, "does not follow"):
        check_next(FIRST_ROOT, second(A, organisation=Organisation(octets("another organisation"))))


DEFECTS: dict[str, dict[int, Any]] = {
    "short organisation": {1: b"short"},
    "version 0": {2: 0},
    "version as text": {2: "1"},
    "negative day": {3: -1},
    "threshold 0": {4: 0},
    "threshold 17": {4: 17},
    "no keys": {5: []},
    "one key twice": {5: [ROOT_KEYS[0].public] * 2},
    "keys out of order": {5: list(keys(A, B))[::-1]},
    "a key one byte short": {5: [ROOT_KEYS[0].public[:-1]]},
    "a directory key in place of a root key": {5: [DIRECTORY_KEYS[0].public]},
    "17 keys": {5: [bytes([number]) * 1_984 for number in range(17)]},
    "directory threshold 0": {6: 0},
    "no directory keys": {7: []},
    "directory keys out of order": {7: list(directory_keys(0, 1))[::-1]},
    "17 directory keys": {7: [bytes([number]) * 32 for number in range(17)]},
    "a short previous hash": {2: 2, 8: bytes(31)},
    "a key that is not of the table": {9: 1},
    "a text key": {"1": 1},  # type: ignore[dict-item]
}


def payload(changes: dict[int, Any], *drop: int) -> bytes:
    """The payload of root 1 with other fields."""
    document: Any = decode(FIRST_ROOT.raw, limit=70_000)
    fields: Any = decode(document[0], limit=70_000)
    return encode({key: value for key, value in (fields | changes).items() if key not in drop})


@pytest.mark.parametrize("changes", DEFECTS.values(), ids=DEFECTS)
def test_malformed(changes: dict[int, Any]) -> None:
    """A field out of its range is malformed, well signed or not."""
    with refused():
        parse_root(sign_document(LABEL, payload(changes), ROOT_KEYS[:1]))


@pytest.mark.parametrize("key", range(1, 8))
def test_every_field_is_needed(key: int) -> None:
    """A root without one of its fields is malformed."""
    with refused(words="missing"):
        parse_root(sign_document(LABEL, payload({}, key), ROOT_KEYS[:1]))


CONTRADICTIONS: dict[str, dict[int, Any]] = {
    "more signatures than keys": {4: 2},
    "more directory signatures than keys": {6: 2},
    "a version before the first": {8: bytes(32)},
    "a second version without a first": {2: 2},
}


@pytest.mark.parametrize("changes", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_documents_that_cannot_be(changes: dict[int, Any]) -> None:
    """A root that nobody could follow is refused."""
    with refused(Refusal.DOCUMENT):
        parse_root(sign_document(LABEL, payload(changes), ROOT_KEYS[:1]))


def test_another_label() -> None:
    """A root signed as something else is none."""
    with refused(Refusal.DOCUMENT):
        parse_root(sign_document("fieldkit/directory", payload({}), ROOT_KEYS[:1]))


def test_walking_from_the_invited_root() -> None:
    """From the anchor each version is checked; those before it are vouched for by its hash."""
    raws = [version(number).raw for number in range(1, 5)]
    for anchor in range(1, 5):
        assert walk(raws, version(anchor).hash).root.version == 4
    assert walk(raws[:1], version(1).hash) == version(1)
    assert walk(raws[2:], version(3).hash).root.version == 4


WALKS = {
    "none": ([], 1),
    "not the invited one": ([2, 3], 1),
    "one skipped": ([1, 3], 1),
    "one repeated": ([1, 2, 2], 1),
    "one step back": ([1, 2, 1], 1),
    "backwards": ([3, 2, 1], 2),
}


@pytest.mark.parametrize(("numbers", "anchor"), WALKS.values(), ids=WALKS)
def test_walks_that_do_not_hold(numbers: list[int], anchor: int) -> None:
    """A run that lacks the anchor, or does not go up one by one from it, is refused."""
    with refused(Refusal.DOCUMENT):
        walk([version(number).raw for number in numbers], version(anchor).hash)


def test_a_walk_into_a_forged_version() -> None:
    """A version 2 that the officers did not sign ends the walk."""
    forged = signed(root(version=2, keys=keys(D), previous=version(1).hash), D)
    with refused(Refusal.DOCUMENT, "known keys"):
        walk([version(1).raw, forged], version(1).hash)
