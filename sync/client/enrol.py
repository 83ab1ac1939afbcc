"""The two requests of enrolment that need no membership yet (docs/protocol.md §9, §10).

Nothing of their answers is believed here: the caller checks roots, directory and the pin of the connection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sync.client.errors import Break, LinkError, RefusedError, VerificationError
from sync.client.ports import Traffic, Transport
from sync.protocol.encoding import SequenceReader
from sync.protocol.errors import ProtocolError
from sync.protocol.ids import InviteId, Organisation
from sync.protocol.limits import REQUEST_BYTES
from sync.protocol.messages import (
    DirectoryItem,
    EndItem,
    ErrorItem,
    OrganisationRequest,
    ReplyItem,
    RootItem,
    encode_invite_request,
    encode_organisation_request,
    parse_reply,
)

WIRE_BYTES: Final = 2 * REQUEST_BYTES
"""All that may come down for one answer, its heads and wrappings too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """What a server gives to whoever names an invite: every root from version 1, and the newest directory."""

    roots: tuple[bytes, ...] = field(repr=False)
    directory: bytes = field(repr=False)


def fetch_documents(transport: Transport, organisation: Organisation, invite: InviteId) -> Documents:
    """Ask for roots and directory (POST /v1/invite). Raises as `Engine.sync` does."""
    items = _ask(transport, "/v1/invite", encode_invite_request(organisation, invite))
    roots = tuple(item.root for item in items if isinstance(item, RootItem))
    directories = [item.directory for item in items if isinstance(item, DirectoryItem)]
    if not roots or len(directories) != 1:
        raise VerificationError("the server gave no root document or not exactly one directory")
    return Documents(roots=roots, directory=directories[0])


def create_organisation(transport: Transport, request: OrganisationRequest) -> None:
    """Make an organisation with a ticket's code (POST /v1/organisation); sending it again is safe."""
    _ask(transport, "/v1/organisation", encode_organisation_request(request))


def _ask(transport: Transport, path: str, body: bytes) -> list[ReplyItem]:
    """One request; its whole answer."""
    with transport.post(path, body, _Unwatched()) as answer:
        reader = SequenceReader()
        items: list[ReplyItem] = []
        left = REQUEST_BYTES
        try:
            for chunk in answer:
                left -= len(chunk)
                if left < 0:
                    raise _too_much()
                items += [parse_reply(value) for value, _ in reader.feed(chunk)]
        except ProtocolError as error:
            if answer.status == 200:
                raise VerificationError(f"the server's answer cannot be read: {error}") from None
    if items and isinstance(items[0], ErrorItem):
        raise RefusedError(items[0].code)
    if answer.status != 200:
        raise LinkError(Break.NOT_FIELDKIT, f"HTTP status {answer.status}")
    if not items or not isinstance(items[-1], EndItem):
        raise LinkError(Break.CUT, "the answer has no end")
    return items


def _too_much() -> VerificationError:
    return VerificationError("the server sends far more than documents weigh")


class _Unwatched:
    """Nobody watches a request this short, but it must end."""

    def connected(self) -> None:
        """Nothing to tell."""

    def sent(self) -> None:
        """Nothing to tell."""

    def moved(self, traffic: Traffic) -> None:
        """Bound what comes, before and beside the answer's body too."""
        if traffic.down > WIRE_BYTES:
            raise _too_much()
