"""The directory: inbox keys, coordinators, pins and policy, signed by the directory keys.

See docs/protocol.md §6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sync.protocol.documents import document_hash, parse_document, require, sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import HASH_BYTES, ID_BYTES, Device, Lane, Organisation, device_id, is_lane
from sync.protocol.limits import DIRECTORY_BYTES, INBOX_PUBLIC_BYTES
from sync.protocol.root import SignedRoot
from sync.protocol.shapes import address, ascending, between, constant, fields, octets, row, rows, text, uint
from sync.protocol.signing import PUBLIC_BYTES, SigningKey, verify

LABEL: Final = "fieldkit/directory"
MEMBER_OFFICER: Final = 1
"""Role bit of a coordinator who may invite and certify."""

_MEMBERS: Final = 128
_LANES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneEntry:
    """One lane: what to seal to, and who can open it."""

    lane: Lane
    name: str
    term: int
    inbox: bytes = field(repr=False)
    readers: tuple[Device, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinator:
    """One coordinator's signing key and rights."""

    device: Device
    public_key: bytes
    roles: int

    @property
    def officer(self) -> bool:
        """Whether this coordinator may invite and certify members."""
        return bool(self.roles & MEMBER_OFFICER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The payload of a directory."""

    organisation: Organisation
    version: int
    created: int
    """Hours since 1970, as `expires`."""
    expires: int
    root_version: int
    root_hash: bytes
    lanes: tuple[LaneEntry, ...]
    log_key: bytes
    pins: tuple[bytes, ...]
    address: str
    coordinators: tuple[Coordinator, ...]
    revoked: tuple[Device, ...] = ()
    delivered_by: int = 1
    """Coordinators whose acknowledgement makes a record delivered."""

    def lane(self, lane: Lane) -> LaneEntry | None:
        """The entry of a lane, or None."""
        return next((entry for entry in self.lanes if entry.lane == lane), None)

    def coordinator(self, device: Device) -> Coordinator | None:
        """The entry of a coordinator, or None; a revoked device is none."""
        if device in self.revoked:
            return None
        return next((entry for entry in self.coordinators if entry.device == device), None)

    def reads(self, device: Device, lane: Lane) -> bool:
        """Whether the device is a coordinator who reads the lane."""
        entry = self.lane(lane)
        return entry is not None and device in entry.readers and self.coordinator(device) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDirectory:
    """A directory whose signatures hold under the root it names."""

    directory: Directory
    hash: bytes
    raw: bytes = field(repr=False)


_LANE_ROW: Final = row(
    between(1), text, between(1), octets(INBOX_PUBLIC_BYTES), ascending(octets(ID_BYTES), highest=_MEMBERS)
)
_FIELDS: Final = {
    1: octets(ID_BYTES),
    2: between(1),
    3: uint,
    4: uint,
    5: between(1),
    6: octets(HASH_BYTES),
    7: ascending(_LANE_ROW, lowest=1, highest=_LANES),
    8: octets(PUBLIC_BYTES),
    9: rows(octets(HASH_BYTES), lowest=1, highest=2),
    10: address,
    11: row(constant(1)),
    12: ascending(row(octets(ID_BYTES), octets(PUBLIC_BYTES), uint), lowest=1, highest=_MEMBERS),
    13: ascending(octets(ID_BYTES), highest=1_024),
    14: lambda value: fields(value, {1: between(1, _MEMBERS)}),
}


def sign_directory(directory: Directory, keys: Sequence[SigningKey]) -> bytes:
    """The signed directory."""
    payload = {
        1: directory.organisation,
        2: directory.version,
        3: directory.created,
        4: directory.expires,
        5: directory.root_version,
        6: directory.root_hash,
        7: [
            [entry.lane, entry.name, entry.term, entry.inbox, sorted(entry.readers)]
            for entry in sorted(directory.lanes, key=lambda entry: entry.lane)
        ],
        8: directory.log_key,
        9: list(directory.pins),
        10: directory.address,
        11: [1],
        12: [
            [entry.device, entry.public_key, entry.roles]
            for entry in sorted(directory.coordinators, key=lambda entry: entry.device)
        ],
        13: sorted(directory.revoked),
        14: {1: directory.delivered_by},
    }
    return sign_document(LABEL, encode(payload), keys)


def parse_directory(raw: bytes, root: SignedRoot) -> SignedDirectory:
    """Parse a directory and check it under `root`, the newest root held.

    Raise ProtocolError when it does not hold.
    """
    document = parse_document(raw, DIRECTORY_BYTES)
    directory = _read(fields(decode(document.payload, limit=DIRECTORY_BYTES), _FIELDS))
    if directory.organisation != root.root.organisation:
        raise ProtocolError(Refusal.DOCUMENT, "the directory belongs to another organisation")
    if (directory.root_version, directory.root_hash) != (root.root.version, root.hash):
        raise ProtocolError(Refusal.DOCUMENT, "the directory names another root than the newest one held")
    if not all(is_lane(entry.lane) for entry in directory.lanes):
        raise ProtocolError(Refusal.DOCUMENT, "the directory has a lane of a reserved number")
    if any(entry.device != device_id(entry.public_key) for entry in directory.coordinators):
        raise ProtocolError(Refusal.DOCUMENT, "a coordinator's device is not the hash of its key")
    require(document, LABEL, root.root.directory_keys, root.root.directory_threshold, verify)
    return SignedDirectory(directory=directory, hash=document_hash(LABEL, document.payload), raw=raw)


def check_newer(held: SignedDirectory | None, new: SignedDirectory) -> bool:
    """Whether `new` should replace `held`; False for the same one again.

    Raises ProtocolError (DOCUMENT) for an older version, and FORK for another directory of the same version.
    """
    if held is None:
        return True
    old, version = held.directory.version, new.directory.version
    if version < old:
        raise ProtocolError(Refusal.DOCUMENT, f"expected directory version {old} or newer, got {version}")
    if version == old:
        if new.hash != held.hash:
            raise ProtocolError(Refusal.FORK, f"two directories of version {version}")
        return False
    return True


def _read(read: dict[int, Any]) -> Directory:
    return Directory(
        organisation=read[1],
        version=read[2],
        created=read[3],
        expires=read[4],
        root_version=read[5],
        root_hash=read[6],
        lanes=tuple(
            LaneEntry(lane=lane, name=name, term=term, inbox=inbox, readers=readers)
            for lane, name, term, inbox, readers in read[7]
        ),
        log_key=read[8],
        pins=read[9],
        address=read[10],
        coordinators=tuple(
            Coordinator(device=device, public_key=public_key, roles=roles)
            for device, public_key, roles in read[12]
        ),
        revoked=read[13],
        delivered_by=read[14][1],
    )
