"""The directory: signed under the newest root, never older, and what it says about people and lanes."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol.directory import (
    LABEL,
    Coordinator,
    Directory,
    LaneEntry,
    SignedDirectory,
    check_newer,
    parse_directory,
    sign_directory,
)
from sync.protocol.documents import document_hash, sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Device, Lane, Organisation, device_id
from sync.protocol.limits import DIRECTORY_BYTES
from sync.protocol.root import SignedRoot, parse_root, sign_root
from tests.protocol.refusing import refused
from tests.protocol.samples import (
    DIRECTORY_KEYS,
    FIRST_ROOT,
    INBOX,
    KEY,
    OTHER_KEY,
    ROOT_KEYS,
    directory,
    octets,
    root,
    signed_directory,
    signing_key,
)

COORDINATOR = device_id(OTHER_KEY.public)


def payload(changes: dict[int, Any], *drop: int) -> bytes:
    """The payload of directory 1 with other fields."""
    document: Any = decode(signed_directory())
    fields: Any = decode(document[0])
    return encode({key: value for key, value in (fields | changes).items() if key not in drop})


def resigned(changes: dict[int, Any], *drop: int, label: str = LABEL) -> bytes:
    """The same with a good signature."""
    return sign_document(label, payload(changes, *drop), DIRECTORY_KEYS[:1])


def crowded() -> Directory:
    """Twelve coordinators who read four lanes, one of them the organisation's own."""
    people = [signing_key(f"coordinator {number}") for number in range(12)]
    coordinators = tuple(
        sorted(
            (Coordinator(device=device_id(key.public), public_key=key.public, roles=0) for key in people),
            key=lambda entry: entry.device,
        )
    )
    readers = tuple(entry.device for entry in coordinators)
    lanes = tuple(
        LaneEntry(lane=Lane(lane), name=f"lane {lane}", term=9, inbox=INBOX.public, readers=readers)
        for lane in (1, 2, 3, 16)
    )
    return directory(coordinators=coordinators, lanes=lanes, delivered_by=2, revoked=readers[:2])


def test_round_trip() -> None:
    """What was signed is read back, small or crowded; the hash covers the payload alone."""
    for made in (directory(), crowded()):
        raw = sign_directory(made, DIRECTORY_KEYS[:1])
        read = parse_directory(raw, FIRST_ROOT)
        document: Any = decode(raw)
        assert (read.directory, read.raw) == (made, raw)
        assert read.hash == document_hash(LABEL, document[0])
    assert len(sign_directory(crowded(), DIRECTORY_KEYS[:1])) < DIRECTORY_BYTES


def test_who_signs() -> None:
    """Two of three directory keys, where the root says so; a root key or a stranger does not count."""
    public = tuple(sorted(key.public for key in DIRECTORY_KEYS[:3]))
    strict = parse_root(sign_root(root(directory_keys=public, directory_threshold=2), ROOT_KEYS[:1]))
    made = directory(root_hash=strict.hash)
    for signers, holds in (
        ((0, 1), 1),
        ((1, 2), 1),
        ((0, 1, 2), 1),
        ((0,), 0),
        ((0, 3), 0),
        ((3,), 0),
        ((), 0),
    ):
        raw = sign_directory(made, [DIRECTORY_KEYS[number] for number in signers])
        if holds:
            assert parse_directory(raw, strict).directory == made
        else:
            with refused(Refusal.DOCUMENT, "by 2 known keys"):
                parse_directory(raw, strict)


def test_another_label_or_a_changed_payload() -> None:
    """A signature over something else does not hold."""
    with refused(Refusal.DOCUMENT):
        parse_directory(resigned({}, label="fieldkit/root"), FIRST_ROOT)
    document: Any = decode(signed_directory())
    with refused(Refusal.DOCUMENT):
        parse_directory(encode([payload({2: 2}), document[1]]), FIRST_ROOT)


def other_root(**changes: Any) -> SignedRoot:
    """Another first root."""
    return parse_root(sign_root(root(**changes), ROOT_KEYS[:1]))


def test_under_another_root() -> None:
    """A directory that names another root than the newest one held is refused."""
    with refused(Refusal.DOCUMENT, "another root"):
        parse_directory(signed_directory(), other_root(created=20_001))
    for changes in ({5: 2}, {6: octets("root", 32)}):
        with refused(Refusal.DOCUMENT, "another root"):
            parse_directory(resigned(changes), FIRST_ROOT)
    with refused(Refusal.DOCUMENT, "another organisation"):
        parse_directory(resigned({1: octets("elsewhere")}), FIRST_ROOT)
    with refused(Refusal.DOCUMENT, "another organisation"):
        parse_directory(signed_directory(), other_root(organisation=Organisation(octets("elsewhere"))))


LANE: list[Any] = [1, "main", 1, INBOX.public, [COORDINATOR]]
PERSON: list[Any] = [COORDINATOR, OTHER_KEY.public, 1]


def lane(**changes: Any) -> list[Any]:
    """A lane entry with one part replaced."""
    parts = dict(zip(("lane", "name", "term", "inbox", "readers"), LANE, strict=True)) | changes
    return list(parts.values())


DEFECTS: dict[str, dict[int, Any]] = {
    "short organisation": {1: b"x"},
    "version 0": {2: 0},
    "created as text": {3: "now"},
    "negative expiry": {4: -1},
    "root version 0": {5: 0},
    "short root hash": {6: bytes(31)},
    "no lanes": {7: []},
    "nine lanes": {7: [lane(lane=number) for number in range(16, 25)]},
    "lanes out of order": {7: [lane(lane=2), lane()]},
    "one lane twice": {7: [lane(), lane()]},
    "lane 0": {7: [lane(lane=0)]},
    "a lane of four parts": {7: [LANE[:4]]},
    "a lane's name too long": {7: [lane(name="x" * 256)]},
    "term 0": {7: [lane(term=0)]},
    "a short inbox key": {7: [lane(inbox=INBOX.public[:-1])]},
    "readers out of order": {7: [lane(readers=[b"b" * 16, b"a" * 16])]},
    "one reader twice": {7: [lane(readers=[COORDINATOR] * 2)]},
    "129 readers": {7: [lane(readers=[bytes([0, n]) * 8 for n in range(129)])]},
    "short log key": {8: bytes(31)},
    "no pin": {9: []},
    "three pins": {9: [bytes(32)] * 3},
    "a short pin": {9: [bytes(31)]},
    "no address": {10: None},
    "an address too long": {10: "x" * 256},
    "no suite": {11: []},
    "another suite": {11: [2]},
    "two suites": {11: [1, 2]},
    "suite true": {11: [True]},
    "no coordinator": {12: []},
    "coordinators out of order": {12: [[b"b" * 16, bytes(32), 0], [b"a" * 16, bytes(32), 0]]},
    "a short public key": {12: [[COORDINATOR, bytes(31), 0]]},
    "negative roles": {12: [[COORDINATOR, OTHER_KEY.public, -1]]},
    "revoked out of order": {13: [b"b" * 16, b"a" * 16]},
    "revoked not a list": {13: None},
    "an empty policy": {14: {}},
    "nobody delivers": {14: {1: 0}},
    "129 deliver": {14: {1: 129}},
    "an unknown policy": {14: {1: 1, 2: 1}},
    "a key that is not of the table": {15: 1},
}


@pytest.mark.parametrize("changes", DEFECTS.values(), ids=DEFECTS)
def test_malformed(changes: dict[int, Any]) -> None:
    """A field out of its range is malformed, well signed or not."""
    with refused():
        parse_directory(resigned(changes), FIRST_ROOT)


@pytest.mark.parametrize("key", range(1, 15))
def test_every_field_is_needed(key: int) -> None:
    """A directory without one of its fields is malformed."""
    with refused(words="missing"):
        parse_directory(resigned({}, key), FIRST_ROOT)


@pytest.mark.parametrize("number", [4, 9, 15])
def test_a_reserved_lane(number: int) -> None:
    """A directory cannot open a lane whose number is reserved."""
    with refused(Refusal.DOCUMENT, "reserved"):
        parse_directory(resigned({7: [lane(lane=number)]}), FIRST_ROOT)


def test_a_device_that_is_not_the_hash_of_its_key() -> None:
    """Nobody can be listed under another's device id."""
    for person in ([octets("a device"), *PERSON[1:]], [COORDINATOR, KEY.public, 1]):
        with refused(Refusal.DOCUMENT, "hash of its key"):
            parse_directory(resigned({12: [person]}), FIRST_ROOT)


def test_one_byte_too_many() -> None:
    """The size is compared before anything is read."""
    with refused(Refusal.SIZE):
        parse_directory(bytes(DIRECTORY_BYTES + 1), FIRST_ROOT)


def held(version: int, **changes: Any) -> SignedDirectory:
    """A parsed directory of a version."""
    return parse_directory(signed_directory(version=version, **changes), FIRST_ROOT)


def test_newer_older_and_forked() -> None:
    """A newer one replaces, also past a gap; the same is nothing new; an older one and a fork are refused."""
    assert check_newer(None, held(5))
    assert check_newer(held(5), held(6))
    assert check_newer(held(5), held(9))
    assert not check_newer(held(5), held(5))
    for older in (1, 4):
        with refused(Refusal.DOCUMENT, f"version 5 or newer, got {older}"):
            check_newer(held(5), held(older))
    with refused(Refusal.FORK, "two directories of version 5"):
        check_newer(held(5), held(5, expires=1))


def test_who_reads_and_invites() -> None:
    """Rights come from the directory, and a revoked device has none, whatever else lists it."""
    plain, revoked = directory(), directory(revoked=(COORDINATOR,))
    stranger = Device(octets("stranger"))
    assert [plain.reads(COORDINATOR, number) for number in (MAIN, SOURCES, ADMIN, Lane(16))] == [1, 1, 1, 0]
    assert not plain.reads(stranger, MAIN)
    assert not revoked.reads(COORDINATOR, MAIN)
    assert revoked.coordinator(COORDINATOR) is None
    entry = plain.coordinator(COORDINATOR)
    assert entry is not None
    assert entry.officer
    assert plain.coordinator(stranger) is None
    assert not Coordinator(device=stranger, public_key=KEY.public, roles=2).officer
    found = plain.lane(SOURCES)
    assert found is not None
    assert (found.name, plain.lane(Lane(16))) == ("sources", None)


def test_a_reader_who_is_no_coordinator_reads_nothing() -> None:
    """Being named in a lane is not enough."""
    stranger = Device(octets("stranger"))
    entry = LaneEntry(lane=MAIN, name="main", term=1, inbox=INBOX.public, readers=(stranger,))
    assert not directory(lanes=(entry,)).reads(stranger, MAIN)
