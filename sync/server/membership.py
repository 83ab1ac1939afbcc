"""What frames of the admin lane do on the server.

Joins, invites, certificates, roots, directories (docs/protocol.md §6, §10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sync.protocol.directory import Directory, SignedDirectory
from sync.protocol.enrolment import check_server_mac
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame
from sync.protocol.ids import ADMIN, Chain, Device, FrameHash, InviteId, Organisation, device_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.permissions import Author, Standing
from sync.protocol.root import SignedRoot
from sync.server.documents import Documents, new_directory, new_root
from sync.server.log import ALARM_INVITE_REUSED, Event, EventLog
from sync.server.nonces import Nonces
from sync.server.stores.base import Document, DocumentKind, Invite, Member, Reader, Transaction

Effect = Callable[[], None]
"""What is to be done once a frame is accepted; nothing has been written before it is called."""


def find_author(reader: Reader, organisation: Organisation, device: Device, directory: Directory) -> Author:
    """How a device stands now. Raises ProtocolError: DEVICE when unknown, NOT_PERMITTED when revoked."""
    if device in directory.revoked:
        raise ProtocolError(Refusal.NOT_PERMITTED, "the device is revoked")
    coordinator = directory.coordinator(device)
    if coordinator is not None:
        standing = Standing.OFFICER if coordinator.officer else Standing.COORDINATOR
        return Author(device=device, public_key=coordinator.public_key, standing=standing)
    member = reader.member(organisation, device)
    if member is None:
        raise ProtocolError(Refusal.DEVICE, "the device has not joined this organisation")
    standing = Standing.CERTIFIED if member.certified else Standing.PENDING
    return Author(device=device, public_key=member.public_key, standing=standing)


@dataclass(frozen=True, slots=True)
class Server:
    """What a server knows of itself: its log key, its pins, its parsed documents, its log."""

    log_key: bytes
    pins: tuple[bytes, ...]
    documents: Documents
    nonces: Nonces
    log: EventLog


class Membership:
    """The members of one organisation, during one request's turn in a transaction."""

    def __init__(
        self, transaction: Transaction, server: Server, organisation: Organisation, hour: int
    ) -> None:
        self._tx = transaction
        self._server = server
        self._organisation = organisation
        self._hour = hour
        self._authors: dict[Device, Author] = {}
        self.joined: list[Device] = []
        """Who joined in this turn."""
        self.signed: SignedDirectory = server.documents.directory(transaction, organisation)

    @property
    def directory(self) -> Directory:
        """The newest directory, those of this request included."""
        return self.signed.directory

    def author(self, device: Device) -> Author:
        """How a device stands now; raises as `find_author`."""
        found = self._authors.get(device)
        if found is None:
            found = find_author(self._tx, self._organisation, device, self.directory)
            self._authors[device] = found
        return found

    def prepare(self, frame: Frame, chain: Chain) -> Effect | None:
        """Check what a frame would change; raise ProtocolError when it must not."""
        prepare = _PREPARE.get(frame.kind)
        return None if prepare is None else prepare(self, frame, chain)

    def _join(self, frame: Frame, chain: Chain) -> Effect | None:
        header = frame.header
        if chain.device != device_id(header[Key.PUBLIC_KEY]):
            raise ProtocolError(Refusal.SIGNATURE, "the device is not the hash of the key that joins")
        if chain.device in self.directory.revoked:
            raise ProtocolError(Refusal.NOT_PERMITTED, "the device is revoked")
        member = self._tx.member(self._organisation, chain.device)
        if member is not None and member.certified and member.join_hash == frame.hash:
            return None  # an officer has vouched for this very frame, and its invite may be long gone
        invite = self._tx.invite(self._organisation, InviteId(header[Key.INVITE]))
        if (
            invite is None
            or invite.role != header[Key.ROLE]
            or not check_server_mac(frame, chain, invite.key)
        ):
            raise ProtocolError(Refusal.INVITE, "no such invite, or the proof of holding it does not hold")
        if invite.burnt_by is not None:
            self._server.log.write(
                Event.ALARM, what=ALARM_INVITE_REUSED, organisation=self._organisation, device=chain.device
            )
            raise ProtocolError(Refusal.INVITE, "the invite was used")
        if self._hour >= invite.expires:
            raise ProtocolError(Refusal.INVITE, f"the invite expired {self._hour - invite.expires} hours ago")
        if header[Key.LOG_KEY] != self._server.log_key:
            raise ProtocolError(Refusal.LOG_KEY, "the join names another server's log key")
        return lambda: self._joined(frame, chain, invite)

    def _joined(self, frame: Frame, chain: Chain, invite: Invite) -> None:
        self._tx.put_invite(self._organisation, replace(invite, burnt_by=chain.device, burnt_with=frame.hash))
        role = frame.header[Key.ROLE]
        before = self._tx.member(self._organisation, chain.device)
        certified = before is not None and before.certified and before.role == role
        member = Member(
            device=chain.device,
            public_key=frame.header[Key.PUBLIC_KEY],
            role=role,
            certified=certified,
            join_hash=frame.hash,
        )
        self._put(member)
        self.joined.append(chain.device)

    def _put(self, member: Member) -> None:
        self._tx.put_member(self._organisation, member)
        self._authors.pop(member.device, None)

    def _invite(self, frame: Frame, chain: Chain) -> Effect | None:
        header = frame.header
        invite = Invite(
            invite=InviteId(header[Key.INVITE]),
            role=header[Key.ROLE],
            expires=header[Key.EXPIRES],
            key=frame.body,
        )
        held = self._tx.invite(self._organisation, invite.invite)
        if held is not None:
            if replace(held, burnt_by=None, burnt_with=None) != invite:
                raise ProtocolError(Refusal.INVITE, "another invite with this id exists")
            return None  # the same again, by a vault that was copied or restored
        return lambda: self._tx.put_invite(self._organisation, invite)

    def _certificate(self, frame: Frame, chain: Chain) -> Effect | None:
        header = frame.header
        device = Device(header[Key.TO])
        if device != device_id(header[Key.PUBLIC_KEY]):
            raise ProtocolError(Refusal.DOCUMENT, "the certificate's device is not the hash of its key")
        held = self._tx.member(self._organisation, device)
        if held is not None and held.join_hash != header[Key.JOIN_HASH]:
            return None  # the device has joined anew since; the certificate stays in the log without effect
        member = Member(
            device=device,
            public_key=header[Key.PUBLIC_KEY],
            role=header[Key.ROLE],
            certified=True,
            join_hash=FrameHash(header[Key.JOIN_HASH]),
        )
        return lambda: self._put(member)

    def _root(self, frame: Frame, chain: Chain) -> Effect | None:
        held = self._server.documents.root(self._tx, self._organisation)
        new = new_root(held, frame.body, frame.header[Key.VERSION])
        return None if new is None else lambda: self._keep_root(new)

    def _keep_root(self, new: SignedRoot) -> None:
        document = Document(version=new.root.version, hash=new.hash, raw=new.raw)
        self._tx.add_document(self._organisation, DocumentKind.ROOT, document)

    def _directory(self, frame: Frame, chain: Chain) -> Effect | None:
        root = self._server.documents.root(self._tx, self._organisation)
        new = new_directory(root, self.signed, frame.body, frame.header[Key.VERSION])
        if new is None:
            return None
        check_own(new.directory, self._server)
        return lambda: self._keep_directory(new)

    def _keep_directory(self, new: SignedDirectory) -> None:
        document = Document(version=new.directory.version, hash=new.hash, raw=new.raw)
        self._tx.add_document(self._organisation, DocumentKind.DIRECTORY, document)
        self.signed = new
        self._authors.clear()


def check_own(directory: Directory, server: Server) -> None:
    """Raise ProtocolError (DOCUMENT) unless a directory names this server: log key and pins.

    The admin lane must be in it.
    """
    if directory.log_key != server.log_key:
        raise ProtocolError(Refusal.DOCUMENT, "the directory names another server's log key")
    if not set(directory.pins) <= set(server.pins) or server.pins[0] not in directory.pins:
        raise ProtocolError(Refusal.DOCUMENT, "the directory's pins are not this server's")
    if directory.lane(ADMIN) is None:
        raise ProtocolError(Refusal.DOCUMENT, "the directory has no admin lane")


_PREPARE: dict[Kind, Callable[[Membership, Frame, Chain], Effect | None]] = {
    Kind.JOIN: Membership._join,
    Kind.INVITE: Membership._invite,
    Kind.CERTIFICATE: Membership._certificate,
    Kind.ROOT: Membership._root,
    Kind.DIRECTORY: Membership._directory,
}
