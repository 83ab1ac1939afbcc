"""The first keys and documents of an organisation (docs/protocol.md §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fieldkit.actions.session import HOUR
from fieldkit.vault.keys import Purpose
from sync.protocol.directory import MEMBER_OFFICER, Coordinator, Directory, LaneEntry, sign_directory
from sync.protocol.enrolment import Ticket
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Device, Lane, Organisation, device_id
from sync.protocol.root import Root, parse_root, sign_root
from sync.protocol.sealing import InboxSecret
from sync.protocol.signing import RootKey, SigningKey

DAY = 24 * HOUR
DIRECTORY_DAYS = 180
"""Past this users are warned; nothing stops."""

LANES = ((MAIN, "main"), (SOURCES, "sources"), (ADMIN, "admin"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """Everything that is made when an organisation begins."""

    organisation: Organisation
    me: Device
    root: bytes = field(repr=False)
    root_hash: bytes
    directory: bytes = field(repr=False)
    secrets: Mapping[Purpose, bytes] = field(repr=False)
    seeds: Mapping[Lane, bytes] = field(repr=False)


def found(ticket: Ticket, *, random: Callable[[int], bytes], now: int) -> Founding:
    """Make root 1 and directory 1 with thresholds of one, and this laptop's keys as the first coordinator."""
    root_key, directory_key, device_key = RootKey.generate(), SigningKey.generate(), SigningKey.generate()
    organisation, me = Organisation(random(16)), device_id(device_key.public)
    seeds = {lane: random(32) for lane, _ in LANES}
    root = sign_root(
        Root(
            organisation=organisation,
            version=1,
            created=now // DAY,
            threshold=1,
            keys=(root_key.public,),
            directory_threshold=1,
            directory_keys=(directory_key.public,),
        ),
        [root_key],
    )
    root_hash = parse_root(root).hash
    directory = Directory(
        organisation=organisation,
        version=1,
        created=now // HOUR,
        expires=now // HOUR + DIRECTORY_DAYS * 24,
        root_version=1,
        root_hash=root_hash,
        lanes=tuple(
            LaneEntry(lane=lane, name=name, term=1, inbox=InboxSecret(seeds[lane]).public, readers=(me,))
            for lane, name in LANES
        ),
        log_key=ticket.log_key,
        pins=ticket.pins,
        address=ticket.address,
        coordinators=(Coordinator(device=me, public_key=device_key.public, roles=MEMBER_OFFICER),),
    )
    return Founding(
        organisation=organisation,
        me=me,
        root=root,
        root_hash=root_hash,
        directory=sign_directory(directory, [directory_key]),
        secrets={
            Purpose.DEVICE: device_key.secret,
            Purpose.READER: random(32),
            Purpose.ROOT: root_key.secret,
            Purpose.DIRECTORY: directory_key.secret,
        },
        seeds=seeds,
    )
