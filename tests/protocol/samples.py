"""Keys, chains, frames and documents that are the same in every run, for the tests of sync.protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sync.protocol.directory import MEMBER_OFFICER, Coordinator, Directory, LaneEntry, sign_directory
from sync.protocol.encoding import encode
from sync.protocol.frames import Frame, build, parse, signed_message
from sync.protocol.hello import Hello, Purpose
from sync.protocol.ids import (
    ADMIN,
    HELLO_LANE,
    MAIN,
    NO_HASH,
    SOURCES,
    Chain,
    FrameHash,
    Generation,
    Incarnation,
    Lane,
    Organisation,
    SealId,
    device_id,
    first_generation,
    key_id,
)
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.receipts import Checkpoint, Receipt
from sync.protocol.root import Root, SignedRoot, parse_root, sign_root
from sync.protocol.sealing import EpochSecret, InboxSecret, Ratchet, Sealed, seal_epoch, seal_record
from sync.protocol.signing import RootKey, SigningKey


def octets(name: str, length: int = 16) -> bytes:
    """Bytes that look random and are the same in every run."""
    return hashlib.shake_256(name.encode()).digest(length)


def signing_key(name: str) -> SigningKey:
    """An Ed25519 key by name."""
    return SigningKey.from_bytes(octets(name, 32))


def root_key(name: str) -> RootKey:
    """A root key by name."""
    return RootKey.from_bytes(octets(name, 64))


KEY: Final = signing_key("device")
OTHER_KEY: Final = signing_key("another device")
LOG_KEY: Final = signing_key("log")
ORGANISATION: Final = Organisation(octets("organisation"))
INCARNATION: Final = Incarnation(octets("incarnation", 8))
INBOX: Final = InboxSecret(octets("inbox", 32))
READER: Final = InboxSecret(octets("reader", 32))
SECRET: Final = EpochSecret(octets("epoch", 32))
NONCE: Final = octets("nonce")
GENERATION: Final = Generation(first_generation(ORGANISATION, MAIN))


def chain(lane: Lane = MAIN, key: SigningKey = KEY) -> Chain:
    """The chain of a device in a lane."""
    return Chain(organisation=ORGANISATION, lane=lane, device=device_id(key.public), incarnation=INCARNATION)


VALUES: Final[Mapping[Key, Any]] = {
    Key.SEQUENCE: 7,
    Key.PREVIOUS: octets("previous", 32),
    Key.EPOCH: octets("epoch id"),
    Key.STEP: 5,
    Key.SEAL: octets("seal"),
    Key.TO: device_id(OTHER_KEY.public),
    Key.TERM: 1,
    Key.COMMIT: octets("commit", 32),
    Key.INCARNATION: octets("other incarnation", 8),
    Key.RANGES: [[1, 3], [5, 5]],
    Key.PROOF: octets("proof", 32),
    Key.VOIDED: 6,
    Key.VOIDED_HASH: octets("voided", 32),
    Key.VOIDED_PREVIOUS: octets("voided previous", 32),
    Key.REASON: 5,
    Key.INVITE: octets("invite"),
    Key.ROLE: int(Role.REPORTER),
    Key.PUBLIC_KEY: OTHER_KEY.public,
    Key.LANE: int(MAIN),
    Key.ROOT_HASH: octets("root", 32),
    Key.VERSION: 1,
    Key.DIRECTORY_HASH: octets("directory", 32),
    Key.LOG_KEY: LOG_KEY.public,
    Key.SERVER_MAC: octets("server mac", 32),
    Key.ORGANISATION_MAC: octets("organisation mac", 32),
    Key.JOIN_HASH: octets("join", 32),
    Key.EXPIRES: 500_000,
    Key.GENERATION: octets("generation", 8),
    Key.SIZE: 41,
    Key.TREE_ROOT: octets("tree root", 32),
    Key.HELLO_ORGANISATION: ORGANISATION,
    Key.HELLO_DEVICE: device_id(KEY.public),
    Key.HELLO_INCARNATION: INCARNATION,
    Key.LOG_KEY_ID: key_id(LOG_KEY.public),
    Key.PURPOSE: int(Purpose.SYNC),
    Key.NONCE: NONCE,
    Key.CREATED: 1_800_000_000,
    Key.REPLY_LIMIT: 65_536,
    Key.DIRECTORY_VERSION: 3,
    Key.ROOT_VERSION: 1,
    Key.MAIL_CURSOR: 0,
    Key.LANES: [[1, 7], [2, 0]],
    Key.NEW_GENERATION: octets("new generation", 8),
}
"""A valid value of every header key."""

HEADER_KEYS: Final[Mapping[Kind, str]] = {
    Kind.HELLO: "30 31 32 33 34 35 36 37 38 39 40 41",
    Kind.EPOCH: "1 2 7 8",
    Kind.RECORD: "1 2 3 4 5",
    Kind.VOID: "1 2 12 13 14 43",
    Kind.HEARTBEAT: "1 2 3 4 5",
    Kind.ACKNOWLEDGEMENT: "1 2 6 9 10 11",
    Kind.CERTIFICATE: "1 2 6 15 16 17 25",
    Kind.GRANT: "1 2 6 7 18",
    Kind.ROOT: "1 2 20",
    Kind.DIRECTORY: "1 2 20",
    Kind.INVITE: "1 2 15 16 26",
    Kind.JOIN: "1 2 15 16 17 19 20 21 22 23 24",
    Kind.GENERATION: "1 2 18 27 28 29 42",
}
"""Written out again, so that a change of the code's table shows."""

BODY_SIZES: Final[Mapping[Kind, int]] = {
    Kind.HELLO: 7,
    Kind.EPOCH: 1_168,
    Kind.RECORD: 272,
    Kind.HEARTBEAT: 272,
    Kind.GRANT: 1_168,
    Kind.ROOT: 40_000,
    Kind.DIRECTORY: 5_000,
    Kind.INVITE: 32,
}
LANES: Final[Mapping[Kind, Lane]] = {
    Kind.HELLO: HELLO_LANE,
    **dict.fromkeys((Kind.EPOCH, Kind.RECORD, Kind.VOID, Kind.HEARTBEAT, Kind.ACKNOWLEDGEMENT), MAIN),
    **dict.fromkeys((Kind.CERTIFICATE, Kind.GRANT, Kind.ROOT, Kind.DIRECTORY, Kind.INVITE, Kind.JOIN), ADMIN),
    Kind.GENERATION: ADMIN,
}


def header(kind: Kind) -> dict[Key, Any]:
    """A valid header of a kind."""
    return {Key(int(key)): VALUES[Key(int(key))] for key in HEADER_KEYS[kind].split()}


def body(kind: Kind) -> bytes:
    """A body of a size that the kind may have."""
    return octets(f"body of {kind.name}", BODY_SIZES.get(kind, 0))


def frame(kind: Kind) -> Frame:
    """A valid signed frame of a kind; a sealed one opens with no key."""
    return build(chain(LANES[kind]), KEY, kind, header(kind), body(kind))


def raw_frame(kind: int, fields: object, content: bytes = b"", lane: Lane = MAIN) -> bytes:
    """A frame with a good signature over whatever it is given, unchecked."""
    fields_bytes = fields if isinstance(fields, bytes) else encode(fields)
    signature = KEY.sign(signed_message(kind, chain(lane), fields_bytes, content))
    return encode([kind, fields_bytes, content, signature])


ELSEWHERE: Final[Mapping[str, Any]] = {
    "organisation": octets("another organisation"),
    "lane": SOURCES,
    "device": octets("another device"),
    "incarnation": octets("another incarnation", 8),
}
"""For each part of a chain's name another value."""


def changed(frame: Frame, body: bytes | None = None, **header: Any) -> Frame:
    """A frame with a good signature over other header values or another body."""
    fields = {Key(key): value for key, value in frame.header.items()}
    fields |= {Key[name]: value for name, value in header.items()}
    return parse(raw_frame(frame.kind, fields, frame.body if body is None else body, LANES[frame.kind]))


def epoch(lane: Lane = MAIN) -> Sealed:
    """An epoch frame that opens with INBOX, at sequence 1."""
    return seal_epoch(
        chain(lane), KEY, inbox_public=INBOX.public, term=1, sequence=1, previous=NO_HASH, secret=SECRET
    )


def record(ratchet: Ratchet, plain: bytes, *, sequence: int = 2, kind: Kind = Kind.RECORD) -> Sealed:
    """A record sealed with the ratchet where it stands."""
    return seal_record(
        chain(),
        KEY,
        ratchet,
        plain,
        seal=SealId(octets(f"seal {sequence}")),
        sequence=sequence,
        previous=FrameHash(octets("previous", 32)),
        kind=kind,
    )


def hello(purpose: Purpose = Purpose.SYNC, lanes: int = 2) -> Hello:
    """A hello that names `lanes` lanes."""
    numbers = [1, 2, 3, *range(16, 40)][:lanes]
    entries: tuple[Any, ...] = tuple(
        (lane, 7) if purpose is Purpose.SYNC else (lane, octets(f"generation {lane}", 8), 7)
        for lane in numbers
    )
    return Hello(
        organisation=ORGANISATION,
        device=device_id(KEY.public),
        incarnation=INCARNATION,
        log_key_id=key_id(LOG_KEY.public),
        purpose=purpose,
        nonce=NONCE,
        created=1_800_000_000,
        reply_limit=65_536,
        directory_version=3,
        root_version=1,
        mail_cursor=0,
        lanes=entries,
    )


ROOT_KEYS: Final = [root_key(f"officer {number}") for number in range(4)]
DIRECTORY_KEYS: Final = [signing_key(f"directory {number}") for number in range(4)]


def root(**changes: Any) -> Root:
    """The payload of root document 1: one root key, one directory key, thresholds of one."""
    first = Root(
        organisation=ORGANISATION,
        version=1,
        created=20_000,
        threshold=1,
        keys=(ROOT_KEYS[0].public,),
        directory_threshold=1,
        directory_keys=(DIRECTORY_KEYS[0].public,),
    )
    return replace(first, **changes)


FIRST_ROOT: Final[SignedRoot] = parse_root(sign_root(root(), ROOT_KEYS[:1]))


def directory(**changes: Any) -> Directory:
    """The payload of directory 1 under FIRST_ROOT: three lanes, one coordinator who reads them."""
    coordinator = Coordinator(
        device=device_id(OTHER_KEY.public), public_key=OTHER_KEY.public, roles=MEMBER_OFFICER
    )
    lanes = tuple(
        LaneEntry(lane=lane, name=name, term=1, inbox=INBOX.public, readers=(coordinator.device,))
        for lane, name in ((MAIN, "main"), (SOURCES, "sources"), (ADMIN, "admin"))
    )
    first = Directory(
        organisation=ORGANISATION,
        version=1,
        created=480_000,
        expires=490_000,
        root_version=1,
        root_hash=FIRST_ROOT.hash,
        lanes=lanes,
        log_key=LOG_KEY.public,
        pins=(octets("pin", 32),),
        address="server.example:443",
        coordinators=(coordinator,),
    )
    return replace(first, **changes)


def signed_directory(**changes: Any) -> bytes:
    """The same, signed as FIRST_ROOT demands."""
    return sign_directory(directory(**changes), DIRECTORY_KEYS[:1])


def receipt(**changes: Any) -> Receipt:
    """A receipt for an empty chain and lane."""
    empty = Receipt(
        chain=chain(),
        generation=GENERATION,
        head=0,
        head_hash=NO_HASH,
        beyond=(),
        first_index=0,
        count=0,
        size=0,
        root=octets("tree", 32),
        nonce=NONCE,
        hours=480_000,
    )
    return replace(empty, **changes)


def checkpoint() -> Checkpoint:
    """A checkpoint of the main lane."""
    return Checkpoint(
        organisation=ORGANISATION,
        lane=MAIN,
        generation=GENERATION,
        size=12,
        root=octets("tree", 32),
        nonce=NONCE,
        hours=480_000,
    )
