"""An organisation and its people, made of real keys and frames, and a server in memory that they talk to."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any

from sync.protocol.directory import (
    MEMBER_OFFICER,
    Coordinator,
    Directory,
    LaneEntry,
    SignedDirectory,
    parse_directory,
    sign_directory,
)
from sync.protocol.encoding import SequenceReader
from sync.protocol.enrolment import InviteKeys, JoinClaim, build_join, invite_keys
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame, build
from sync.protocol.hello import Hello, Purpose, build_hello
from sync.protocol.ids import (
    ADMIN,
    MAIN,
    NO_HASH,
    SOURCES,
    Chain,
    Device,
    FrameHash,
    Incarnation,
    Lane,
    Organisation,
    device_id,
    first_generation,
    key_id,
)
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.limits import INBOX_PUBLIC_BYTES
from sync.protocol.messages import (
    ErrorItem,
    FeedItem,
    MailItem,
    OrganisationRequest,
    ReceiptItem,
    RefusedItem,
    ReplyItem,
    Upload,
    encode_invite_request,
    encode_organisation_request,
    encode_upload,
    parse_reply,
)
from sync.protocol.receipts import Receipt, open_receipt
from sync.protocol.root import Root, SignedRoot, parse_root, sign_root
from sync.protocol.signing import RootKey, SigningKey
from sync.server.documents import Documents
from sync.server.handlers import Handlers
from sync.server.log import HOUR, EventLog
from sync.server.membership import Server
from sync.server.nonces import Nonces
from sync.server.service import Parts, Service
from sync.server.settings import Settings
from sync.server.stores.base import Store
from sync.server.tickets import RANDOM_BYTES, TicketCodes
from sync.server.verify import Verifier
from sync.server.writer import Writer

NOW = 1_900_000_000
"""Seconds: where the tests' clocks begin."""

NOW_HOUR = NOW // HOUR
RECORD_BYTES = 256 + 16
LANES = (MAIN, SOURCES, ADMIN)


@dataclass
class Person:
    """A device with its keys and the heads of its chains."""

    organisation: Organisation
    key: SigningKey = field(default_factory=SigningKey.generate)
    incarnation: Incarnation = field(default_factory=lambda: Incarnation(os.urandom(8)))
    heads: dict[Lane, tuple[int, FrameHash]] = field(default_factory=dict)

    @property
    def device(self) -> Device:
        """The device id."""
        return device_id(self.key.public)

    def chain(self, lane: Lane) -> Chain:
        """The person's chain in a lane."""
        return Chain(
            organisation=self.organisation, lane=lane, device=self.device, incarnation=self.incarnation
        )

    def write(self, lane: Lane, kind: Kind, header: dict[Key, Any], body: bytes = b"") -> Frame:
        """The next frame of the chain in a lane."""
        sequence, previous = self.heads.get(lane, (0, NO_HASH))
        whole = {Key.SEQUENCE: sequence + 1, Key.PREVIOUS: previous, **header}
        frame = build(self.chain(lane), self.key, kind, whole, body)
        self.heads[lane] = (sequence + 1, frame.hash)
        return frame

    def record(self, lane: Lane = MAIN, *, size: int = RECORD_BYTES) -> Frame:
        """A record; the server cannot tell that its body is noise."""
        header = {Key.EPOCH: os.urandom(16), Key.STEP: 0, Key.SEAL: os.urandom(16)}
        return self.write(lane, Kind.RECORD, header, os.urandom(size))

    def void(self, lane: Lane, voided: Frame) -> Frame:
        """A void that closes the sequence of a frame that never comes."""
        closing = {Key.VOIDED: voided.sequence, Key.VOIDED_HASH: voided.hash, Key.REASON: 5}
        return self.write(lane, Kind.VOID, {**closing, Key.VOIDED_PREVIOUS: voided.previous})

    def upload(self, lane: Lane, frame: Frame) -> bytes:
        """The upload item of an own frame."""
        return encode_upload(Upload(lane=lane, frame=frame.raw))

    def carried(self, lane: Lane, frame: Frame) -> bytes:
        """The upload item of this person's frame, for somebody else's request."""
        return encode_upload(
            Upload(lane=lane, device=self.device, incarnation=self.incarnation, frame=frame.raw)
        )


@dataclass
class Site:
    """A server without a network: its handlers, its log, a clock to turn."""

    store: Store
    settings: Settings = field(default_factory=Settings)
    log_key: SigningKey = field(default_factory=SigningKey.generate)
    pins: tuple[bytes, ...] = (b"\1" * 32, b"\2" * 32)
    log: EventLog = field(default_factory=EventLog)
    now: float = NOW

    def __post_init__(self) -> None:
        self.writer = Writer(self.store, self.log)
        self.verifier = Verifier(2)
        self.codes = TicketCodes(b"k" * 32)
        self.server = Server(self.log_key.public, self.pins, Documents(), Nonces(), self.log)
        self.service = Service(
            Parts(
                store=self.store,
                writer=self.writer,
                verifier=self.verifier,
                log_key=self.log_key,
                server=self.server,
                codes=self.codes,
                settings=self.settings,
                clock=lambda: self.now,
            )
        )
        self.handlers = Handlers(self.service, self.settings, self.log)

    def post(self, path: str, body: bytes, *, whole: bool = True) -> tuple[int, list[ReplyItem]]:
        """Status and items of the reply."""
        answer = self.handlers.routes[path].handle(body, whole)
        return answer.status, read_items(answer.body)

    def new_code(self, days: int = 1) -> bytes:
        """A ticket code."""
        return self.codes.make(os.urandom(RANDOM_BYTES), hour=int(self.now) // HOUR, days=days)

    def stop(self) -> None:
        """End the threads and close the store."""
        self.writer.stop()
        self.verifier.close()
        self.store.close()


def read_items(body: bytes) -> list[ReplyItem]:
    """The items of a whole reply body."""
    reader = SequenceReader()
    items = [parse_reply(value) for value, _ in reader.feed(body)]
    assert not reader.rest
    return items


class World:
    """An organisation with one officer, who is the first coordinator and reads every lane."""

    def __init__(
        self,
        log_public: bytes,
        pins: tuple[bytes, ...],
        *,
        organisation: bytes | None = None,
        address: str = "127.0.0.1:8440",
    ) -> None:
        self.organisation = Organisation(organisation or os.urandom(16))
        self.log_public = log_public
        self.root_key, self.directory_key = RootKey.generate(), SigningKey.generate()
        self.officer = Person(self.organisation)
        self.root: SignedRoot = self._first_root()
        self.plan = self._first_plan(pins, address)
        self.directory = self.sign(self.plan)

    def _first_root(self) -> SignedRoot:
        root = Root(
            organisation=self.organisation,
            version=1,
            created=20_000,
            threshold=1,
            keys=(self.root_key.public,),
            directory_threshold=1,
            directory_keys=(self.directory_key.public,),
        )
        return parse_root(sign_root(root, [self.root_key]))

    def _first_plan(self, pins: tuple[bytes, ...], address: str) -> Directory:
        inbox, readers = os.urandom(INBOX_PUBLIC_BYTES), (self.officer.device,)
        officer = Coordinator(
            device=self.officer.device, public_key=self.officer.key.public, roles=MEMBER_OFFICER
        )
        return Directory(
            organisation=self.organisation,
            version=1,
            created=NOW_HOUR,
            expires=NOW_HOUR + 10_000,
            root_version=1,
            root_hash=self.root.hash,
            lanes=tuple(
                LaneEntry(lane=lane, name=f"lane {lane}", term=1, inbox=inbox, readers=readers)
                for lane in LANES
            ),
            log_key=self.log_public,
            pins=pins,
            address=address,
            coordinators=(officer,),
        )

    def sign(self, plan: Directory) -> SignedDirectory:
        """Sign a directory under the world's root."""
        return parse_directory(sign_directory(plan, [self.directory_key]), self.root)

    def next_directory(self, **changes: Any) -> SignedDirectory:
        """The next version, with changes; becomes the world's newest."""
        self.plan = replace(self.plan, version=self.plan.version + 1, **changes)
        self.directory = self.sign(self.plan)
        return self.directory

    def with_coordinator(self, person: Person, roles: int = 0) -> SignedDirectory:
        """The next directory, in which somebody more is a coordinator who reads every lane."""
        entry = Coordinator(device=person.device, public_key=person.key.public, roles=roles)
        lanes = tuple(
            replace(lane, readers=tuple(sorted({*lane.readers, person.device}))) for lane in self.plan.lanes
        )
        return self.next_directory(coordinators=(*self.plan.coordinators, entry), lanes=lanes)

    def directory_frame(self, signed: SignedDirectory, *, version: int | None = None) -> Frame:
        """The officer's frame that carries a directory."""
        header = {Key.VERSION: signed.directory.version if version is None else version}
        return self.officer.write(ADMIN, Kind.DIRECTORY, header, signed.raw)

    def root_frame(self, signed: SignedRoot) -> Frame:
        """The officer's frame that carries a root."""
        return self.officer.write(ADMIN, Kind.ROOT, {Key.VERSION: signed.root.version}, signed.raw)

    def founding(self, code: bytes) -> bytes:
        """The body that makes the organisation."""
        return encode_organisation_request(
            OrganisationRequest(code=code, root=self.root.raw, directory=self.directory.raw)
        )

    def invite(
        self, role: Role = Role.REPORTER, *, expires: int = NOW_HOUR + 48, by: Person | None = None
    ) -> tuple[InviteKeys, Frame]:
        """A new invite and its frame, by the officer."""
        keys = invite_keys(os.urandom(16))
        header = {Key.INVITE: keys.invite, Key.ROLE: int(role), Key.EXPIRES: expires}
        return keys, (by or self.officer).write(ADMIN, Kind.INVITE, header, keys.server_key)

    def invite_request(self, keys: InviteKeys) -> bytes:
        """The body that asks for the documents with an invite."""
        return encode_invite_request(self.organisation, keys.invite)

    def join(self, person: Person, keys: InviteKeys, role: Role = Role.REPORTER, **changes: Any) -> Frame:
        """The first frame of a newcomer."""
        claim = JoinClaim(
            invite=keys.invite,
            role=role,
            root_hash=self.root.hash,
            directory_version=self.directory.directory.version,
            directory_hash=self.directory.hash,
            public_key=person.key.public,
            log_key=self.log_public,
            reader_key=b"" if role is Role.REPORTER else os.urandom(INBOX_PUBLIC_BYTES),
        )
        frame = build_join(person.chain(ADMIN), person.key, replace(claim, **changes), keys)
        person.heads[ADMIN] = (1, frame.hash)
        return frame

    def certificate(self, person: Person, join: Frame, role: Role = Role.REPORTER) -> Frame:
        """The officer's certificate for a newcomer."""
        header = {
            Key.TO: person.device,
            Key.INVITE: join.header[Key.INVITE],
            Key.ROLE: int(role),
            Key.PUBLIC_KEY: person.key.public,
            Key.JOIN_HASH: join.hash,
        }
        return self.officer.write(ADMIN, Kind.CERTIFICATE, header)

    def hello(self, person: Person, purpose: Purpose = Purpose.SYNC, **changes: Any) -> bytes:
        """A hello of somebody who holds the newest documents and wants nothing else."""
        lanes: Any = [(lane, person.heads.get(lane, (0,))[0]) for lane in LANES]
        if purpose is Purpose.PULL:
            lanes = [(lane, first_generation(self.organisation, lane), 0) for lane in LANES]
        hello = Hello(
            organisation=self.organisation,
            device=person.device,
            incarnation=person.incarnation,
            log_key_id=key_id(self.log_public),
            purpose=purpose,
            nonce=os.urandom(16),
            created=NOW,
            reply_limit=1 << 20,
            directory_version=self.directory.directory.version,
            root_version=self.root.root.version,
            mail_cursor=0,
            lanes=tuple(lanes),
        )
        return build_hello(replace(hello, **changes), person.key).raw


def receipts(items: list[ReplyItem], site: Site) -> list[Receipt]:
    """The receipts of a reply, checked under the server's log key."""
    return [
        open_receipt(item.receipt, site.log_key.public) for item in items if isinstance(item, ReceiptItem)
    ]


def refusals(items: list[ReplyItem]) -> list[tuple[int, int, Refusal]]:
    """Lane, sequence and code of every refused upload."""
    return [(item.lane, item.sequence, item.code) for item in items if isinstance(item, RefusedItem)]


def mail(items: list[ReplyItem]) -> list[MailItem]:
    """The mail of a reply."""
    return [item for item in items if isinstance(item, MailItem)]


def feed(items: list[ReplyItem]) -> list[FeedItem]:
    """The feed entries of a reply."""
    return [item for item in items if isinstance(item, FeedItem)]


def whole_refusal(items: list[ReplyItem]) -> Refusal:
    """The code of a request that was refused whole."""
    (item,) = items
    assert isinstance(item, ErrorItem)
    return item.code


def send(site: Site, world: World, person: Person, lane: Lane, *frames: Frame) -> list[ReplyItem]:
    """Send frames of one lane in one request, which must not be refused whole; the items of the reply."""
    body = world.hello(person) + b"".join(person.upload(lane, frame) for frame in frames)
    status, items = site.post("/v1/sync", body)
    assert status == 200, items
    return items
