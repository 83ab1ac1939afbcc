"""What the server does with a request: check, verify, commit, answer (docs/protocol.md §9, §10).

Plain blocking code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.hello import Hello, Purpose
from sync.protocol.ids import InviteId, Organisation
from sync.protocol.messages import OrganisationRequest
from sync.protocol.permissions import check_pull
from sync.protocol.signing import SigningKey
from sync.server.authenticate import Authenticator
from sync.server.founding import check_invite, found, read_founding
from sync.server.ingest import Ingest
from sync.server.log import HOUR, Event
from sync.server.membership import Server
from sync.server.outcome import Committed, Signed
from sync.server.pace import Pace
from sync.server.replies import (
    Reply,
    Statements,
    contradiction_items,
    offer_documents,
    offer_feeds,
    offer_mail,
    pulled,
    refusal_items,
    restarts,
)
from sync.server.requests import Request
from sync.server.settings import Settings
from sync.server.stores.base import Reader, Store
from sync.server.tickets import TicketCodes
from sync.server.verify import Verifier
from sync.server.writer import Writer

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a service is made of."""

    store: Store
    writer: Writer
    verifier: Verifier
    log_key: SigningKey
    server: Server
    codes: TicketCodes
    settings: Settings
    clock: Clock


class Service:
    """The four requests. `room` tells how many bytes a reply may have at this moment.

    Each returns a reply body, or raises ProtocolError when the whole request is refused.
    """

    def __init__(self, parts: Parts, room: Callable[[], int] | None = None) -> None:
        self._room = room or (lambda: parts.settings.reply_bytes)
        self._store = parts.store
        self._writer = parts.writer
        self._server = parts.server
        self._codes = parts.codes
        self._settings = parts.settings
        self._clock = parts.clock
        self._statements = Statements(parts.log_key)
        self._authenticator = Authenticator(parts.store, parts.verifier, parts.server)
        self._pace = Pace(parts.settings.enrolments_per_minute, parts.clock)

    def sync(self, request: Request) -> bytes:
        """Commit what holds, durably, and answer with receipts, refusals, documents and mail."""
        hello, hour = request.hello, self._hour()
        signed, refused = self._authenticator.check(request, Purpose.SYNC)
        committed = self._commit(hello, signed, hour)
        reply = self._reply(hello.reply_limit)
        for item in self._statements.receipts(committed, hello, hour):
            reply.need(item)
        # Before the refusals: a client whose reply is cut must not learn of a fork without its proof.
        for item in contradiction_items(committed.contradictions):
            reply.need(item)
        for item in refusal_items([*refused, *committed.refused]):
            reply.need(item)
        if committed.news:
            with self._store.reading() as reader:
                self._offer_common(reply, reader, hello)
        return self._finish(reply)

    def pull(self, request: Request) -> bytes:
        """Answer with documents, mail and the feeds of the lanes the device reads."""
        hello, hour = request.hello, self._hour()
        self._authenticator.check(request, Purpose.PULL)
        if request.uploads or request.refused:
            raise ProtocolError(Refusal.MALFORMED, "a pull carries nothing but its hello")
        with self._store.reading() as reader:
            self._check_pull(reader, hello)
        self._commit(hello, (), hour)
        reply = self._reply(hello.reply_limit)
        with self._store.reading() as reader:
            self._offer_common(reply, reader, hello)
            offer_feeds(reply, reader, hello, self._statements, hour)
        return self._finish(reply)

    def invite(self, organisation: Organisation, invite: InviteId) -> bytes:
        """Every root and the newest directory, for a newcomer who holds an open invite."""
        self._check_pace()
        reply = Reply(self._settings.reply_bytes)  # a newcomer asks once, for everything
        with self._store.reading() as reader:
            check_invite(reader, organisation, invite, self._server, self._hour())
            offer_documents(reply, reader, organisation, root_above=0, directory_above=0)
        return self._finish(reply)

    def organisation(self, request: OrganisationRequest) -> bytes:
        """Make an organisation, once for each ticket; the same request again is answered alike."""
        self._check_pace()
        self._codes.check(request.code, hour=self._hour())
        root, directory = read_founding(request, self._server)
        refusal = self._writer.run(found(request.code, root, directory, self._server))
        if refusal is not None:
            raise ProtocolError(refusal, "the ticket was used, or the organisation exists")
        return self._finish(self._reply(0))

    def _hour(self) -> int:
        return int(self._clock()) // HOUR

    def _check_pace(self) -> None:
        if not self._pace.allow():
            raise ProtocolError(Refusal.BUSY, "too many enrolment requests: try again in a minute")

    def _reply(self, limit: int) -> Reply:
        return Reply(min(limit, self._settings.reply_bytes, self._room()))

    def _finish(self, reply: Reply) -> bytes:
        return reply.finish(self._settings.request_bytes)

    def _commit(self, hello: Hello, signed: Sequence[Signed], hour: int) -> Committed:
        job = Ingest(hello, signed, server=self._server, settings=self._settings, hour=hour)
        committed = self._writer.run(job.run)
        if committed.refusal is not None:
            raise ProtocolError(committed.refusal, "the request was refused when it was to be written")
        for device in committed.joined:
            self._server.log.write(Event.JOINED, organisation=hello.organisation, device=device)
        return committed

    def _offer_common(self, reply: Reply, reader: Reader, hello: Hello) -> None:
        offer_documents(
            reply,
            reader,
            hello.organisation,
            root_above=hello.root_version,
            directory_above=hello.directory_version,
        )
        offer_mail(reply, reader, hello)

    def _check_pull(self, reader: Reader, hello: Hello) -> None:
        directory = self._server.documents.directory(reader, hello.organisation).directory
        for lane, generation, _ in pulled(hello):
            check_pull(hello.device, lane, directory)
            restarts(reader, hello.organisation, lane, generation)
