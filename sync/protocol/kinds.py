"""The table of frame kinds and header keys (docs/protocol.md §3). A kind that has no row here is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from sync.protocol.ids import (
    ADMIN,
    GENERATION_BYTES,
    HASH_BYTES,
    HELLO_LANE,
    ID_BYTES,
    INCARNATION_BYTES,
    KEY_ID_BYTES,
    Lane,
    is_lane,
)
from sync.protocol.limits import (
    DIRECTORY_BYTES,
    HELLO_LANES,
    HELLO_SIZES,
    INBOX_PUBLIC_BYTES,
    PAD_FLOOR,
    RANGES,
    RATCHET_STEPS,
    ROOT_BYTES,
    TAG_BYTES,
    WRAP_BYTES,
)
from sync.protocol.padding import allowed_size
from sync.protocol.shapes import Check, ascending, between, lane_number, octets, row, uint
from sync.protocol.signing import PUBLIC_BYTES


class Kind(IntEnum):
    """What a frame is. The numbers 6, 7, 9, 10 and 12 are reserved, 16 and 17 never used."""

    HELLO = 1
    EPOCH = 2
    RECORD = 3
    VOID = 4
    HEARTBEAT = 5
    ACKNOWLEDGEMENT = 8
    CERTIFICATE = 11
    GRANT = 13
    ROOT = 14
    DIRECTORY = 15
    INVITE = 18
    JOIN = 19
    GENERATION = 20


class Key(IntEnum):
    """Integer keys of a header."""

    SEQUENCE = 1
    PREVIOUS = 2
    EPOCH = 3
    STEP = 4
    SEAL = 5
    TO = 6
    TERM = 7
    COMMIT = 8
    INCARNATION = 9
    RANGES = 10
    PROOF = 11
    VOIDED = 12
    VOIDED_HASH = 13
    REASON = 14
    INVITE = 15
    ROLE = 16
    PUBLIC_KEY = 17
    LANE = 18
    ROOT_HASH = 19
    VERSION = 20
    DIRECTORY_HASH = 21
    LOG_KEY = 22
    SERVER_MAC = 23
    ORGANISATION_MAC = 24
    JOIN_HASH = 25
    EXPIRES = 26
    GENERATION = 27
    SIZE = 28
    TREE_ROOT = 29
    HELLO_ORGANISATION = 30
    HELLO_DEVICE = 31
    HELLO_INCARNATION = 32
    LOG_KEY_ID = 33
    PURPOSE = 34
    NONCE = 35
    CREATED = 36
    REPLY_LIMIT = 37
    DIRECTORY_VERSION = 38
    ROOT_VERSION = 39
    MAIL_CURSOR = 40
    LANES = 41
    NEW_GENERATION = 42
    VOIDED_PREVIOUS = 43


class Role(IntEnum):
    """A member's role on the wire."""

    REPORTER = 1
    COORDINATOR = 2


class Signer(IntEnum):
    """Who may sign a kind. In the admin lane `MEMBER` means a coordinator."""

    MEMBER = 1
    COORDINATOR = 2
    OFFICER = 3
    NEWCOMER = 4


SYNC_LANES: Final = ascending(row(lane_number, uint), highest=HELLO_LANES)
PULL_LANES: Final = ascending(row(lane_number, octets(GENERATION_BYTES), uint), highest=HELLO_LANES)


def _hello_lanes(value: object) -> tuple[object, ...]:
    """Entries of a pull where the first looks like one, else of a sync; hello.py holds the purpose to it."""
    pull = isinstance(value, list) and value and isinstance(value[0], list) and len(value[0]) == 3
    read: tuple[object, ...] = (PULL_LANES if pull else SYNC_LANES)(value)
    return read


KEYS: Final[Mapping[int, Check]] = {
    Key.SEQUENCE: between(1),
    Key.PREVIOUS: octets(HASH_BYTES),
    Key.EPOCH: octets(ID_BYTES),
    Key.STEP: between(0, RATCHET_STEPS - 1),
    Key.SEAL: octets(ID_BYTES),
    Key.TO: octets(ID_BYTES),
    Key.TERM: between(1),
    Key.COMMIT: octets(HASH_BYTES),
    Key.INCARNATION: octets(INCARNATION_BYTES),
    Key.RANGES: ascending(row(between(1), between(1)), lowest=1, highest=RANGES),
    Key.PROOF: octets(HASH_BYTES),
    Key.VOIDED: between(1),
    Key.VOIDED_HASH: octets(HASH_BYTES),
    Key.REASON: between(1, 255),
    Key.INVITE: octets(ID_BYTES),
    Key.ROLE: between(Role.REPORTER, Role.COORDINATOR),
    Key.PUBLIC_KEY: octets(PUBLIC_BYTES),
    Key.LANE: lane_number,
    Key.ROOT_HASH: octets(HASH_BYTES),
    Key.VERSION: between(1),
    Key.DIRECTORY_HASH: octets(HASH_BYTES),
    Key.LOG_KEY: octets(PUBLIC_BYTES),
    Key.SERVER_MAC: octets(HASH_BYTES),
    Key.ORGANISATION_MAC: octets(HASH_BYTES),
    Key.JOIN_HASH: octets(HASH_BYTES),
    Key.EXPIRES: between(0),
    Key.GENERATION: octets(GENERATION_BYTES),
    Key.SIZE: between(0),
    Key.TREE_ROOT: octets(HASH_BYTES),
    Key.HELLO_ORGANISATION: octets(ID_BYTES),
    Key.HELLO_DEVICE: octets(ID_BYTES),
    Key.HELLO_INCARNATION: octets(INCARNATION_BYTES),
    Key.LOG_KEY_ID: octets(KEY_ID_BYTES),
    Key.PURPOSE: between(1, 2),
    Key.NONCE: octets(ID_BYTES),
    Key.CREATED: between(0),
    Key.REPLY_LIMIT: between(0),
    Key.DIRECTORY_VERSION: between(0),
    Key.ROOT_VERSION: between(0),
    Key.MAIL_CURSOR: between(0),
    Key.LANES: _hello_lanes,
    Key.NEW_GENERATION: octets(GENERATION_BYTES),
    Key.VOIDED_PREVIOUS: octets(HASH_BYTES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind: its header keys, which body lengths it may have, its lanes, and who may sign it."""

    keys: frozenset[Key]
    body: Callable[[int], bool]
    lanes: Callable[[Lane], bool]
    signer: Signer


def _exactly(*lengths: int) -> Callable[[int], bool]:
    return lambda length: length in lengths


def _at_most(highest: int) -> Callable[[int], bool]:
    return lambda length: 0 < length <= highest


def _row(keys: str, body: Callable[[int], bool], signer: Signer, lane: Lane | None = None) -> Row:
    lanes = is_lane if lane is None else (lambda given: given == lane)
    return Row(keys=frozenset(Key(int(key)) for key in keys.split()), body=body, lanes=lanes, signer=signer)


_SEALED = _row("1 2 3 4 5", lambda length: allowed_size(length - TAG_BYTES), Signer.MEMBER)
_HELLO_KEYS = " ".join(str(key) for key in range(Key.HELLO_ORGANISATION, Key.LANES + 1))

TABLE: Final[Mapping[Kind, Row]] = {
    Kind.HELLO: _row(_HELLO_KEYS, lambda length: length < max(HELLO_SIZES), Signer.MEMBER, HELLO_LANE),
    Kind.EPOCH: _row("1 2 7 8", _exactly(WRAP_BYTES), Signer.MEMBER),
    Kind.RECORD: _SEALED,
    Kind.VOID: _row("1 2 12 13 14 43", _exactly(0), Signer.MEMBER),
    Kind.HEARTBEAT: _row("1 2 3 4 5", _exactly(PAD_FLOOR + TAG_BYTES), Signer.MEMBER),
    Kind.ACKNOWLEDGEMENT: _row("1 2 6 9 10 11", _exactly(0), Signer.COORDINATOR),
    Kind.CERTIFICATE: _row("1 2 6 15 16 17 25", _exactly(0), Signer.OFFICER, ADMIN),
    Kind.GRANT: _row("1 2 6 7 18", _exactly(WRAP_BYTES), Signer.OFFICER, ADMIN),
    Kind.ROOT: _row("1 2 20", _at_most(ROOT_BYTES), Signer.COORDINATOR, ADMIN),
    Kind.DIRECTORY: _row("1 2 20", _at_most(DIRECTORY_BYTES), Signer.COORDINATOR, ADMIN),
    Kind.INVITE: _row("1 2 15 16 26", _exactly(HASH_BYTES), Signer.OFFICER, ADMIN),
    Kind.JOIN: _row(
        "1 2 15 16 17 19 20 21 22 23 24", _exactly(0, INBOX_PUBLIC_BYTES), Signer.NEWCOMER, ADMIN
    ),
    Kind.GENERATION: _row("1 2 18 27 28 29 42", _exactly(0), Signer.OFFICER, ADMIN),
}

SEALED_KINDS: Final = frozenset({Kind.EPOCH, Kind.RECORD, Kind.HEARTBEAT})
"""Kinds that only a reader of the lane can open, so that only they are acknowledged (§8)."""
