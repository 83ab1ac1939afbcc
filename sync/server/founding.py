"""Requests that need no membership yet.

Making an organisation with a ticket, looking up an invite (docs/protocol.md §9, §10).
"""

from __future__ import annotations

from collections.abc import Callable

from sync.protocol.directory import SignedDirectory, parse_directory
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import InviteId, Organisation, sha256
from sync.protocol.messages import OrganisationRequest
from sync.protocol.root import SignedRoot, parse_root
from sync.server.log import ALARM_INVITE_ASKED, Event
from sync.server.membership import Server, check_own
from sync.server.stores.base import Document, DocumentKind, Origin, Reader, Transaction


def read_founding(request: OrganisationRequest, server: Server) -> tuple[SignedRoot, SignedDirectory]:
    """The two first documents of an organisation. Raises ProtocolError (DOCUMENT and others)."""
    root = parse_root(request.root)
    directory = parse_directory(request.directory, root)
    versions = (root.root.version, directory.directory.version)
    if versions != (1, 1):
        raise ProtocolError(Refusal.DOCUMENT, f"expected version 1 of root and directory, got {versions}")
    check_own(directory.directory, server)
    return root, directory


def found(
    code: bytes, root: SignedRoot, directory: SignedDirectory, server: Server
) -> Callable[[Transaction], Refusal | None]:
    """The job that makes the organisation.

    Answers None when it is there, made now or by the same request before.
    """
    origin = Origin(code_hash=sha256(code), root_hash=root.hash)
    organisation = root.root.organisation

    def job(transaction: Transaction) -> Refusal | None:
        before = transaction.origin(organisation)
        if before is not None:
            return None if before == origin else Refusal.INVITE
        if not transaction.add_organisation(organisation, origin):
            return Refusal.INVITE
        first_root = Document(version=1, hash=root.hash, raw=root.raw)
        first_directory = Document(version=1, hash=directory.hash, raw=directory.raw)
        transaction.add_document(organisation, DocumentKind.ROOT, first_root)
        transaction.add_document(organisation, DocumentKind.DIRECTORY, first_directory)
        server.log.write(Event.ORGANISATION, organisation=organisation)
        return None

    return job


def check_invite(
    reader: Reader, organisation: Organisation, invite: InviteId, server: Server, hour: int
) -> None:
    """Raise ProtocolError (ORGANISATION or INVITE) unless the invite is open."""
    if reader.origin(organisation) is None:
        raise ProtocolError(Refusal.ORGANISATION, "no such organisation on this server")
    held = reader.invite(organisation, invite)
    if held is None:
        raise ProtocolError(Refusal.INVITE, "no such invite")
    if held.burnt_by is not None:
        server.log.write(Event.ALARM, what=ALARM_INVITE_ASKED, organisation=organisation)
        raise ProtocolError(Refusal.INVITE, "the invite was used")
    if hour >= held.expires:
        raise ProtocolError(Refusal.INVITE, f"the invite expired {hour - held.expires} hours ago")
