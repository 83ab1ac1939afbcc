"""An organisation on a server, with the keys of all its coordinators, who write the chains of these tests."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from sync.protocol.directory import Coordinator, Directory, LaneEntry, sign_directory
from sync.protocol.enrolment import Ticket
from sync.protocol.hello import Hello, Purpose, build_hello
from sync.protocol.ids import (
    ADMIN,
    MAIN,
    SOURCES,
    Chain,
    Incarnation,
    Lane,
    Organisation,
    device_id,
    key_id,
)
from sync.protocol.messages import OrganisationRequest, encode_organisation_request
from sync.protocol.root import Root, parse_root, sign_root
from sync.protocol.sealing import InboxSecret
from sync.protocol.signing import RootKey, SigningKey

FAR_HOURS = 1_000_000
"""An expiry that no clock of a test machine reaches: the year 2084."""

REPLY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What the devices of one organisation know of themselves and their server."""

    organisation: Organisation
    pins: tuple[bytes, ...]
    log_key: bytes
    devices: tuple[SigningKey, ...] = field(repr=False)
    founding: bytes = field(repr=False)
    """The body of the request that makes the organisation."""

    def chain(self, device: SigningKey, incarnation: bytes, lane: Lane = MAIN) -> Chain:
        """The name of a chain of one of the devices."""
        return Chain(
            organisation=self.organisation,
            lane=lane,
            device=device_id(device.public),
            incarnation=Incarnation(incarnation),
        )

    def hello(self, device: SigningKey, chain: Chain, nonce: bytes) -> bytes:
        """A signed hello for a sync of one chain."""
        hello = Hello(
            organisation=chain.organisation,
            device=chain.device,
            incarnation=chain.incarnation,
            log_key_id=key_id(self.log_key),
            purpose=Purpose.SYNC,
            nonce=nonce,
            created=0,
            reply_limit=REPLY_BYTES,
            directory_version=1,
            root_version=1,
            mail_cursor=0,
            lanes=((chain.lane, 0),),
        )
        return build_hello(hello, device).raw


def found(ticket: Ticket, devices: int = 1) -> Party:
    """A new organisation for a ticket. Every device is a coordinator, so that all may write at once."""
    root_key, directory_key, inbox = RootKey.generate(), SigningKey.generate(), InboxSecret(os.urandom(32))
    keys = tuple(SigningKey.generate() for _ in range(devices))
    organisation = Organisation(os.urandom(16))
    root = Root(
        organisation=organisation,
        version=1,
        created=0,
        threshold=1,
        keys=(root_key.public,),
        directory_threshold=1,
        directory_keys=(directory_key.public,),
    )
    raw_root = sign_root(root, [root_key])
    first = device_id(keys[0].public)
    directory = Directory(
        organisation=organisation,
        version=1,
        created=0,
        expires=FAR_HOURS,
        root_version=1,
        root_hash=parse_root(raw_root).hash,
        lanes=tuple(
            LaneEntry(lane=lane, name=name, term=1, inbox=inbox.public, readers=(first,))
            for lane, name in ((MAIN, "main"), (SOURCES, "sources"), (ADMIN, "admin"))
        ),
        log_key=ticket.log_key,
        pins=ticket.pins,
        address=ticket.address,
        coordinators=tuple(
            Coordinator(device=device_id(key.public), public_key=key.public, roles=1) for key in keys
        ),
    )
    request = OrganisationRequest(
        code=ticket.code, root=raw_root, directory=sign_directory(directory, [directory_key])
    )
    return Party(
        organisation=organisation,
        pins=ticket.pins,
        log_key=ticket.log_key,
        devices=keys,
        founding=encode_organisation_request(request),
    )
