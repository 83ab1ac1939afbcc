"""§6: the directory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    COORDINATOR,
    LOG,
    MAIN_SEED,
    NEWCOMER,
    ORGANISATION,
    OTHER_ORGANISATION,
    SECOND,
    Map,
    device,
    drawn,
    public,
)
from tests.vectors.mini import keys, signing
from tests.vectors.mini.cbor import encode
from tests.vectors.mini.documents import put_together
from tests.vectors.mini.names import device_id, key_id, labelled, sha256

INBOX = keys.inbox(MAIN_SEED).public
READERS = sorted([device(COORDINATOR), device(SECOND)])
PEOPLE: list[list[Any]] = sorted(
    [[device(COORDINATOR), public(COORDINATOR), 1], [device(SECOND), public(SECOND), 6]]
)
LANE: list[Any] = [1, "main", 1, INBOX, READERS]


def payload(root_hash: bytes) -> Map:
    """A directory under a root."""
    return {
        **{1: ORGANISATION, 2: 7, 3: 490_000, 4: 498_760, 5: 1, 6: root_hash, 7: [LANE], 8: public(LOG)},
        **{9: [drawn("pin")], 10: "203.0.113.7:8443", 11: [1], 12: PEOPLE, 13: [], 14: {1: 1}},
    }


def signed(fields: Map, *signers: int, label: str = "directory") -> bytes:
    """A directory document under these directory keys."""
    by = {}
    for number in signers:
        seed = drawn(f"directory {number}")
        by[key_id(public(seed))] = partial(signing.sign, seed)
    return put_together(label, encode(fields), by)


def crowd(count: int) -> list[bytes]:
    """So many devices, ascending."""
    return sorted(drawn(f"crowd {number}", 16) for number in range(count))


def _people(count: int) -> list[list[Any]]:
    members = [drawn(f"person {number}") for number in range(count)]
    return sorted([device_id(key), key, 0] for key in members)


LANES = {
    "lanes-none": ("No lane.", []),
    "lanes-9": ("Nine lanes.", [[lane, "l", 1, INBOX, []] for lane in (1, 2, 3, *range(16, 22))]),
    "lanes-descending": ("Lanes out of order.", [[2, "sources", 1, INBOX, []], LANE]),
    "lane-twice": ("Lane 1 twice.", [LANE, LANE]),
    "lane-term-0": ("A lane of term 0.", [[1, "main", 0, INBOX, READERS]]),
    "lane-key-1215": ("An inbox key of 1,215 bytes.", [[1, "main", 1, INBOX[:-1], READERS]]),
    "lane-short": ("A lane without readers.", [LANE[:4]]),
    "lane-name-bytes": ("A lane whose name is a byte string.", [[1, b"main", 1, INBOX, READERS]]),
    "lane-name-long": ("A lane name of 256 bytes.", [[1, "m" * 256, 1, INBOX, READERS]]),
    "readers-descending": ("Readers out of order.", [[1, "main", 1, INBOX, READERS[::-1]]]),
    "readers-129": ("129 readers.", [[1, "main", 1, INBOX, crowd(129)]]),
}
OTHERS: dict[str, tuple[str, Map]] = {
    "version-0": ("Version 0.", {2: 0}),
    "key-missing": ("No policy.", {14: None}),
    "key-extra": ("A key the table does not have.", {15: 1}),
    "other-organisation": ("Another organisation.", {1: OTHER_ORGANISATION}),
    "other-root": ("The hash of another root.", {6: drawn("other root")}),
    "other-root-version": ("Another version of the root.", {5: 2}),
    "log-key-31": ("A log key of 31 bytes.", {8: bytes(31)}),
    "pins-none": ("No pin.", {9: []}),
    "pins-3": ("Three pins.", {9: [drawn(f"pin {number}") for number in range(3)]}),
    "pin-20": ("A pin of 20 bytes.", {9: [bytes(20)]}),
    "address-no-port": ("An address without a port.", {10: "203.0.113.7"}),
    "suites-none": ("No suite.", {11: []}),
    "suites-2": ("A suite that does not exist.", {11: [1, 2]}),
    "coordinators-none": ("No coordinator.", {12: []}),
    "coordinators-descending": ("Coordinators out of order.", {12: PEOPLE[::-1]}),
    "coordinators-129": ("129 coordinators.", {12: _people(129)}),
    "coordinator-other-key": (
        "A coordinator's device is not the hash of the key.",
        {12: [[device(COORDINATOR), public(SECOND), 1]]},
    ),
    "revoked-descending": ("Revoked devices out of order.", {13: crowd(3)[::-1]}),
    "policy-0": ("k is 0.", {14: {1: 0}}),
    "policy-key": ("A policy with another key.", {14: {1: 1, 2: 1}}),
}


def vectors(root: bytes, root_hash: bytes) -> Iterator[Vector]:
    """Directories, right and wrong."""
    right = payload(root_hash)
    raw = signed(right, 1)
    here: dict[str, Any] = {"roots": [root]}
    yield good("directory", "A directory.", "read_directory", directory=raw, **here)
    newer: dict[str, Any] = {**here, "held_version": 6, "held_hash": drawn("held")}
    yield good(
        "directory-newer", "A directory newer than the one held.", "read_directory", directory=raw, **newer
    )
    both = signed(right, 1, 2)
    yield good("directory-two", "More signatures than needed.", "read_directory", directory=both, **here)
    out = signed({**right, 13: sorted([device(COORDINATOR), device(NEWCOMER)])}, 1)
    about = "A revoked device is no coordinator and no reader, though it is listed."
    yield good("directory-revoked", about, "read_directory", directory=out, **here)
    for name, (about, lanes) in LANES.items():
        octets = signed({**right, 7: lanes}, 1)
        yield bad(
            "document|malformed|lane", f"directory-{name}", about, "read_directory", directory=octets, **here
        )
    for lane in (0, 4):
        octets = signed({**right, 7: [[lane, "main", 1, INBOX, READERS]]}, 1)
        name, about = f"directory-lane-{lane}", f"Lane {lane}."
        yield bad("lane|document|malformed", name, about, "read_directory", directory=octets, **here)
    for name, (about, change) in OTHERS.items():
        fields = {key: value for key, value in {**right, **change}.items() if value is not None}
        octets = signed(fields, 1)
        yield bad(
            "document|malformed", f"directory-{name}", about, "read_directory", directory=octets, **here
        )
    yield from _whole(right, raw, here)


def _whole(right: Map, raw: bytes, here: dict[str, Any]) -> Iterator[Vector]:
    same = sha256(labelled("directory", encode(right)))
    held = [
        ("fork|document", "fork", "The same version with another hash is held.", 7, drawn("held")),
        ("document|fork", "older", "A newer version is held.", 8, drawn("held")),
    ]
    for expect, name, about, version, hash_ in held:
        given = {**here, "held_version": version, "held_hash": hash_}
        yield bad(expect, f"directory-{name}", about, "read_directory", directory=raw, **given)
    given = {**here, "held_version": 7, "held_hash": same}
    yield good(
        "directory-again", "The directory that is held already.", "read_directory", directory=raw, **given
    )
    revoked = signed({**right, 13: crowd(1_025)}, 1)
    about = "1,025 revoked devices, which are more than 16,384 bytes too."
    yield bad(
        "size|document|malformed",
        "directory-revoked-1025",
        about,
        "read_directory",
        directory=revoked,
        **here,
    )
    other = signed(right, 1, label="root")
    about = "Signed under the label of a root."
    yield bad("signature|document", "directory-other-label", about, "read_directory", directory=other, **here)
    about = "Signed by nobody."
    yield bad(
        "document|signature", "directory-unsigned", about, "read_directory", directory=signed(right), **here
    )
    about = "Signed by a key the root does not have."
    yield bad(
        "document|signature",
        "directory-stranger",
        about,
        "read_directory",
        directory=signed(right, 3),
        **here,
    )
