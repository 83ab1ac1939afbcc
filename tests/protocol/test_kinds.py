"""The table of kinds and header keys: every key's values, every kind's body sizes and lanes."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol.ids import Lane
from sync.protocol.kinds import KEYS, SEALED_KINDS, TABLE, Key, Kind, Signer
from sync.protocol.padding import allowed_size
from tests.protocol.refusing import refused
from tests.protocol.samples import HEADER_KEYS, VALUES

TOO_LARGE = 2**63

# Refused beside what every value of the type refuses: the edges of each key.
BAD: dict[Key, list[Any]] = {
    Key.SEQUENCE: [0],
    Key.STEP: [1_024],
    Key.TERM: [0],
    Key.VOIDED: [0],
    Key.REASON: [0, 256],
    Key.ROLE: [0, 3],
    Key.LANE: [0, 4, 15],
    Key.VERSION: [0],
    Key.PURPOSE: [0, 3],
    Key.RANGES: [[], [[1]], [[1, 2, 3]], [1], [[0, 1]], [[1, TOO_LARGE]], [[2, 3], [1, 1]], [[1, 1], [1, 2]]],
    Key.LANES: [
        [[0, 1]],
        [[1]],
        [[1, -1]],
        [[2, 0], [1, 0]],
        [[1, 0], [1, 0]],
        [[1, 2, 3]],
        [[1, b"8 bytes."]],
        [[1, b"8 bytes.", 0], [2, 0]],
        [[1, 0], [2, b"8 bytes.", 0]],
        [[1, b"7 bytes", 0]],
        [[b"a", 1], [1, 2]],
        [[1, 0, 0, 0]],
        [[lane, 0] for lane in range(16, 33)],
        [[4, 0]],
        [[1, 0], [15, 0]],
        [[]],
        [1],
    ],
}

GOOD: dict[Key, list[Any]] = {
    Key.LANE: [1, 2, 3, 16, TOO_LARGE - 1],
    Key.SEQUENCE: [1, TOO_LARGE - 1],
    Key.STEP: [0, 1_023],
    Key.REASON: [1, 16, 255],
    Key.ROLE: [1, 2],
    Key.PURPOSE: [1, 2],
    Key.EXPIRES: [0],
    Key.RANGES: [[[1, TOO_LARGE - 1]], [[number * 3, number * 3 + 1] for number in range(1, 65)]],
    Key.LANES: [
        [],
        [[1, b"8 bytes.", 0], [2, b"8 bytes.", 9]],
        [[lane, 0] for lane in (1, 2, 3, *range(16, 29))],
    ],
}


def strangers(value: object) -> list[object]:
    """Values of every other type, or of the wrong length."""
    if isinstance(value, bytes):
        return [value[:-1], value + b"\0", b"", value.hex(), 5, True, None, [value], {}]
    if isinstance(value, int):
        return [-1, TOO_LARGE, str(value), True, None, b"\1", [value], {1: value}]
    return [None, 5, True, "[]", b"", {}, {1: 2}, [None], ["a"]]


@pytest.mark.parametrize("key", Key, ids=lambda key: key.name)
def test_values_of_each_key(key: Key) -> None:
    """A good value is taken, an edge too, and anything else is malformed."""
    for value in [VALUES[key], *GOOD.get(key, [])]:
        KEYS[key](value)
    for value in [*strangers(VALUES[key]), *BAD.get(key, [])]:
        with refused():
            KEYS[key](value)


def test_too_many_ranges() -> None:
    """Sixty-five ranges are one too many."""
    with refused():
        KEYS[Key.RANGES]([[number * 3, number * 3] for number in range(1, 66)])


def test_every_key_and_kind_has_a_row() -> None:
    """Nothing is in an enumeration that the tables do not know, and each kind has the keys written here."""
    assert set(KEYS) == set(Key) == set(VALUES)
    assert set(TABLE) == set(Kind)
    assert {kind: {int(key) for key in row.keys} for kind, row in TABLE.items()} == {
        kind: set(map(int, keys.split())) for kind, keys in HEADER_KEYS.items()
    }


def test_every_key_is_used() -> None:
    """No header key is defined that no kind carries."""
    assert set().union(*(row.keys for row in TABLE.values())) == set(Key)


SIZES: dict[Kind, list[int]] = {
    Kind.HELLO: [*range(1_024)],
    Kind.EPOCH: [1_168],
    Kind.RECORD: [size + 16 for size in range(61_441) if allowed_size(size)],
    Kind.VOID: [0],
    Kind.HEARTBEAT: [272],
    Kind.ACKNOWLEDGEMENT: [0],
    Kind.CERTIFICATE: [0],
    Kind.GRANT: [1_168],
    Kind.ROOT: [*range(1, 61_441)],
    Kind.DIRECTORY: [*range(1, 16_385)],
    Kind.INVITE: [32],
    Kind.JOIN: [0, 1_216],
    Kind.GENERATION: [0],
}


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_body_sizes(kind: Kind) -> None:
    """Each kind has exactly the body sizes of its row, from nothing to beyond a frame."""
    assert [size for size in range(65_600) if TABLE[kind].body(size)] == SIZES[kind]


EVERYWHERE = [1, 2, 3, 16, 17, 2**40]
ADMIN_ONLY = [3]
LANES = {
    Kind.HELLO: [0],
    Kind.EPOCH: EVERYWHERE,
    Kind.RECORD: EVERYWHERE,
    Kind.VOID: EVERYWHERE,
    Kind.HEARTBEAT: EVERYWHERE,
    Kind.ACKNOWLEDGEMENT: EVERYWHERE,
    Kind.CERTIFICATE: ADMIN_ONLY,
    Kind.GRANT: ADMIN_ONLY,
    Kind.ROOT: ADMIN_ONLY,
    Kind.DIRECTORY: ADMIN_ONLY,
    Kind.INVITE: ADMIN_ONLY,
    Kind.JOIN: ADMIN_ONLY,
    Kind.GENERATION: ADMIN_ONLY,
}


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_lanes(kind: Kind) -> None:
    """Each kind belongs into its lanes; none into a reserved one."""
    lanes = [-1, *range(18), 2**40]
    assert [lane for lane in lanes if TABLE[kind].lanes(Lane(lane))] == LANES[kind]


def test_signers() -> None:
    """Who may sign what, written out a second time."""
    by_signer = {signer: {kind.name for kind in Kind if TABLE[kind].signer is signer} for signer in Signer}
    assert by_signer == {
        Signer.MEMBER: {"HELLO", "EPOCH", "RECORD", "VOID", "HEARTBEAT"},
        Signer.COORDINATOR: {"ACKNOWLEDGEMENT", "ROOT", "DIRECTORY"},
        Signer.OFFICER: {"CERTIFICATE", "GRANT", "INVITE", "GENERATION"},
        Signer.NEWCOMER: {"JOIN"},
    }


def test_sealed_kinds() -> None:
    """Only what a reader alone can open is acknowledged."""
    assert {Kind.EPOCH, Kind.RECORD, Kind.HEARTBEAT} == SEALED_KINDS
