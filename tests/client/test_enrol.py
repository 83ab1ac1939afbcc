"""The requests of enrolment: documents whole or not at all, refusals in their own words."""

from __future__ import annotations

import ssl

import pytest

from sync.client.enrol import create_organisation, fetch_documents
from sync.client.errors import LinkError, RefusedError, VerificationError
from sync.client.http import HttpsTransport
from sync.protocol.errors import Refusal
from sync.protocol.ids import InviteId
from sync.protocol.messages import (
    DirectoryItem,
    EndItem,
    ErrorItem,
    OrganisationRequest,
    ReplyItem,
    RootItem,
    encode_reply,
)
from tests.client.memory import ORGANISATION
from tests.client.tiny_server import TinyServer, answer, read_request


def sequence(items: list[ReplyItem]) -> bytes:
    """The items of a reply, encoded."""
    return b"".join(encode_reply(item) for item in items)


def test_documents_of_an_invite_come_whole_or_not_at_all(server: TinyServer) -> None:
    """Roots and one directory, an end; a refusal in its own words; a cut is a cut."""
    end = EndItem(request_limit=0, more=False)
    whole: list[ReplyItem] = [RootItem(root=b"r1"), RootItem(root=b"r2"), DirectoryItem(directory=b"d")]
    replies: list[tuple[str, bytes]] = []

    def speak(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
        tiny.requests.append(read_request(conn))
        status, raw = replies.pop(0)
        answer(conn, raw, status=status)

    server.behave = speak
    cases: list[tuple[str, bytes, type[Exception]]] = [
        ("403 No", encode_reply(ErrorItem(code=Refusal.INVITE)), RefusedError),
        ("200 OK", sequence(whole), LinkError),
        ("200 OK", sequence([*whole[:2], end]), VerificationError),
        ("200 OK", b"<html>", VerificationError),
        ("502 Bad", b"<html>", LinkError),
    ]
    for status, raw, error in cases:
        replies.append((status, raw))
        with HttpsTransport(address=server.address, pins=None) as transport, pytest.raises(error):
            fetch_documents(transport, ORGANISATION, InviteId(bytes(16)))
    replies.append(("200 OK", sequence([*whole, end])))
    with HttpsTransport(address=server.address, pins=None) as transport:
        found = fetch_documents(transport, ORGANISATION, InviteId(bytes(16)))
    assert (found.roots, found.directory) == ((b"r1", b"r2"), b"d")
    request = OrganisationRequest(code=bytes(16), root=b"r", directory=b"d")
    replies += [("200 OK", encode_reply(end)), ("403 No", encode_reply(ErrorItem(code=Refusal.INVITE)))]
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        create_organisation(transport, request)
        with pytest.raises(RefusedError):
            create_organisation(transport, request)
