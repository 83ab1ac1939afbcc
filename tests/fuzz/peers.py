"""What the server reads of a request, and the laptop of an answer: rows for the fuzz test."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from sync.client.board import Board
from sync.client.enrol import fetch_documents
from sync.client.errors import ExchangeError
from sync.client.exchange import Exchange
from sync.client.plan import Event
from sync.client.ports import Watch
from sync.client.request import Facts, Request, compose
from sync.protocol import directory, hello
from sync.protocol.encoding import SequenceReader
from sync.protocol.errors import ProtocolError
from sync.protocol.ids import InviteId, Lane, first_generation, sha256
from sync.protocol.messages import DirectoryItem, EndItem, OrganisationRequest, RootItem, encode_reply
from sync.server.documents import Documents
from sync.server.founding import read_founding
from sync.server.log import EventLog
from sync.server.membership import Server
from sync.server.nonces import Nonces
from sync.server.requests import read_request
from sync.server.settings import Settings, SettingsError
from sync.server.tickets import TicketCodes
from tests.client.laptop import MemoryStore, identity, make_frames
from tests.client.memory import ORGANISATION, FakeClock, MemoryAnswer, MemoryServer
from tests.fuzz import changing
from tests.protocol import changes, parsers, samples
from tests.protocol.changes import Parser
from tests.protocol.mutations import Mutator

PIECE = 700
"""Bytes of an answer that come at a time."""

LANE_NUMBERS = (1, 2)


@dataclass(frozen=True, slots=True)
class Told:
    """A transport that gives one answer, whatever it is asked."""

    reply: bytes
    status: int = 200

    @contextmanager
    def post(self, path: str, body: bytes, watch: Watch) -> Iterator[MemoryAnswer]:
        """See `ports.Transport`."""
        watch.connected()
        watch.sent()
        pieces = tuple(self.reply[at : at + PIECE] for at in range(0, len(self.reply), PIECE))
        yield MemoryAnswer(self.status, pieces, cut=False)


@cache
def request(purpose: hello.Purpose) -> Request:
    """What the laptop asked: to take three frames, or for two lanes."""
    lanes = (
        [(lane, first_generation(ORGANISATION, Lane(lane)), 0) for lane in LANE_NUMBERS]
        if purpose is hello.Purpose.PULL
        else []
    )
    facts = Facts(
        purpose=purpose,
        nonce=sha256(b"nonce")[:16],
        created=1_790_000_000,
        reply_limit=200_000,
        versions=(1, 1),
        mail_cursor=0,
        lanes=lanes,
    )
    return compose(identity(), facts, make_frames(1, 3))


@cache
def honest_reply(purpose: hello.Purpose) -> bytes:
    """What an honest server answers to it."""
    server = MemoryServer()
    server.answer(request(hello.Purpose.SYNC).body)
    server.seen.clear()
    return server.answer(request(purpose).body)[1]


def exchange(purpose: hello.Purpose, status: int = 200) -> Parser:
    """An answer to the laptop's own request, with everything it says checked and kept."""

    def read(reply: bytes) -> object:
        board = Board(lambda _: None, threading.Event())
        board.begin((3, 1_000))
        board.on(Event.START)
        store = MemoryStore(make_frames(1, 3))
        store.lanes = {lane: [] for lane in LANE_NUMBERS}
        run = Exchange(
            board=board, identity=identity(), store=store, clock=FakeClock(), request=request(purpose)
        )
        run.run(Told(reply, status), "/v1/sync")
        return run.gains

    return Parser(
        name=f"sync.client.exchange.Exchange.run: {purpose.name.lower()}, status {status}",
        read=read,
        good=[honest_reply(purpose)],
        change=sequence,
        refuses=ExchangeError,
        costly=5,
    )


def sequence(mutator: Mutator, sample: bytes) -> bytes:
    """One item of a sequence changed, left out, doubled or moved; seldom only bytes."""
    items = [raw for _, raw in SequenceReader().feed(sample)]
    at = mutator.pick(range(len(items)))
    match mutator.pick(range(8)):
        case 0:
            del items[at]
        case 1:
            items.insert(mutator.pick(range(len(items))), items[at])
        case 2:
            return mutator.noise(sample)
        case _:
            items[at] = mutator.raw(items[at])
    return b"".join(items)


def _documents(reply: bytes) -> object:
    return fetch_documents(Told(reply), ORGANISATION, InviteId(bytes(16)))


def _uploads(body: bytes) -> object:
    """Both ends of a body: whole, and as a cut left it."""
    for whole in (True, False):
        read = read_request(body, whole=whole)
        read.read_uploads()
    return read.uploads


def _founding(raw: bytes) -> object:
    founding = OrganisationRequest(code=bytes(16), root=samples.FIRST_ROOT.raw, directory=raw)
    return read_founding(founding, _server())


@cache
def _server() -> Server:
    return Server(
        log_key=samples.LOG_KEY.public,
        pins=(samples.octets("pin", 32),),
        documents=Documents(),
        nonces=Nonces(),
        log=EventLog(),
    )


BODY = parsers.HELLOS[0] + b"".join(parsers.UPLOADS)
DOCUMENTS = b"".join(
    encode_reply(item)
    for item in (
        RootItem(root=samples.FIRST_ROOT.raw),
        DirectoryItem(directory=samples.signed_directory()),
        EndItem(request_limit=9, more=False),
    )
)
CODES = TicketCodes(bytes(32))

PARSERS = [
    exchange(hello.Purpose.SYNC),
    exchange(hello.Purpose.PULL),
    exchange(hello.Purpose.SYNC, status=403),
    Parser(
        name="sync.client.enrol.fetch_documents",
        read=_documents,
        good=[DOCUMENTS],
        change=sequence,
        refuses=ExchangeError,
        costly=5,
    ),
    Parser(
        name="sync.server.requests.read_request",
        read=_uploads,
        good=[BODY, parsers.HELLOS[-1] + parsers.UPLOADS[0] * 9],
        change=sequence,
        refuses=ProtocolError,
        costly=10,
    ),
    Parser(
        name="sync.server.requests.Request.read_uploads",
        read=_uploads,
        good=[BODY],
        change=changes.raw,
        refuses=ProtocolError,
        costly=5,
    ),
    Parser(
        name="sync.server.founding.read_founding",
        read=_founding,
        good=[samples.signed_directory()],
        change=changes.signed_again(directory.LABEL, samples.DIRECTORY_KEYS[:1]),
        refuses=ProtocolError,
        costly=10,
    ),
    Parser(
        name="sync.server.tickets.TicketCodes.check",
        read=lambda code: CODES.check(code, hour=9),
        good=[CODES.make(b"abcd", hour=9, days=1)],
        change=changes.raw,
        refuses=ProtocolError,
    ),
    Parser(
        name="sync.server.settings.Settings.parse",
        read=Settings.parse,
        good=[
            re.sub("(?m)^# (.* = )", r"\1", Settings().to_text()),
            'listen = "[::1]:8443"\nhandler_threads = 9\n',
        ],
        change=changing.toml_text,
        refuses=SettingsError,
        costly=5,
    ),
]
