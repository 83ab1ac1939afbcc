"""Requests that are none, that are two, that are too much: one answer at most, and nothing is smuggled."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator

import pytest

from sync.protocol.ids import MAIN
from sync.protocol.messages import ReceiptItem
from sync.protocol.receipts import open_receipt
from tests.faults.organisation import Party
from tests.load.serving import found_party, head, person, serving, sync_body
from tests.load.sockets import memory_bytes
from tests.server.world import Person, read_items
from tests.support.server import RealServer, connect, post

STALL_SECONDS = 2
SLACK_SECONDS = 5.0
SMALL_BUFFER = 4_096

Make = Callable[[bytes], bytes]
"""A body that brings one record → the bytes to send."""


def plain(body: bytes, path: str = "/v1/sync", *more: str) -> bytes:
    """A request as it should be."""
    return head(path, len(body), *more) + body


def lines(*more: bytes, first: bytes = b"POST /v1/sync HTTP/1.1") -> bytes:
    """A head of lines."""
    return b"\r\n".join([first, b"host: f", *more, b"", b""])


def length(body: bytes) -> bytes:
    """The header that tells a body's length."""
    return b"content-length: %d" % len(body)


CHUNKED = b"transfer-encoding: chunked"
NO_CHUNK = b"0\r\n\r\n"

# Each hides a whole request behind something whose end two readers could see in different places.
NO_REQUESTS: dict[str, Make] = {
    "chunked and a length": lambda body: lines(CHUNKED, b"content-length: 5") + NO_CHUNK + plain(body),
    "a length and chunked": lambda body: lines(b"content-length: 5", CHUNKED) + NO_CHUNK + plain(body),
    "chunked under another name": lambda body: (
        lines(b"transfer-encoding: xchunked", b"content-length: 0") + plain(body)
    ),
    "two lengths": lambda body: lines(length(body), b"content-length: 0") + plain(body),
    "a length twice": lambda body: lines(length(body), length(body)) + body,
    "a list of lengths": lambda body: lines(b"content-length: 0, 5") + plain(body),
    "a folded length": lambda body: lines(b"content-length:\r\n 0") + plain(body),
    "a folded line": lambda body: lines(b"x: y\r\n content-length: 9", b"content-length: 0") + plain(body),
    "a blank before the colon": lambda body: lines(b"content-length : 0") + plain(body),
    "a length with a sign": lambda body: lines(b"content-length: +0") + plain(body),
    "a length below nothing": lambda body: lines(b"content-length: -1") + plain(body),
    "a length in hexadecimal": lambda body: lines(b"content-length: 0x0") + plain(body),
    "a length beyond any number": lambda body: lines(b"content-length: " + b"9" * 30) + plain(body),
    "bare line feeds": lambda body: lines(b"content-length: 0").replace(b"\r", b"") + plain(body),
    "bare returns": lambda body: lines(b"content-length: 0").replace(b"\n", b"") + plain(body),
    "a null in a value": lambda body: lines(b"x: a\0b", b"content-length: 0") + plain(body),
    "a null in a name": lambda body: lines(b"x\0: a", b"content-length: 0") + plain(body),
    "a null in the target": lambda body: lines(first=b"POST /v1/sync\0 HTTP/1.1") + plain(body),
    "nulls": lambda body: bytes(100) + plain(body),
    "another version": lambda body: lines(length(body), first=b"POST /v1/sync HTTP/2.1") + body,
    "the preface of HTTP/2": lambda body: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + plain(body),
    "a tunnel": lambda body: lines(first=b"CONNECT f:443 HTTP/1.1") + plain(body),
}

TOO_MUCH: dict[str, bytes] = {
    "a request line of a megabyte": lines(first=b"POST /" + b"a" * (1 << 20) + b" HTTP/1.1"),
    "a header of a megabyte": lines(b"x: " + b"a" * (1 << 20)),
    "a hundred thousand headers": lines(*[b"a: b"] * 100_000),
    "empty lines without end": b"\r\n" * 500_000,
}

# What comes after the first request, or with it, and the status of the one answer.
ONE_ANSWER: dict[str, tuple[Make, int]] = {
    "a second request at once": (lambda body: plain(body) + plain(body), 200),
    "thousands at once": (lambda body: plain(body) + lines(first=b"GET / HTTP/1.1") * 5_000, 200),
    "junk behind the body": (lambda body: plain(body) + b"junk" * 100, 200),
    "more after the last": (lambda body: plain(body, "/v1/sync", "connection: close") + plain(body), 200),
    "the target with its scheme": (
        lambda body: lines(length(body), first=b"POST https://f/v1/sync HTTP/1.1") + body,
        200,
    ),
    "HTTP/1.0": (lambda body: lines(length(body), first=b"POST /v1/sync HTTP/1.0") + body, 200),
    "no length": (lambda body: lines(CHUNKED) + NO_CHUNK + plain(body), 411),
    "an upgrade": (lambda body: plain(body, "/v1/sync", "connection: upgrade", "upgrade: websocket"), 400),
    "asking for everything": (lambda body: lines(first=b"OPTIONS * HTTP/1.1") + plain(body), 404),
    "HEAD": (lambda body: lines(first=b"HEAD /v1/sync HTTP/1.1") + plain(body), 405),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server that waits two seconds for a byte."""
    settings = f"stall_seconds = {STALL_SECONDS}\ndrip_seconds = {STALL_SECONDS}\ndrip_bytes = 1000\n"
    with serving(tmp_path_factory.mktemp("malformed") / "server", settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def party(server: RealServer) -> Party:
    """An organisation on it."""
    return found_party(server)


@pytest.fixture
def writer(party: Party) -> Person:
    """Somebody with a chain of its own."""
    return person(party)


def one_record(party: Party, writer: Person) -> bytes:
    """The body that brings the writer's next record."""
    return sync_body(party, writer, writer.upload(MAIN, writer.record()))


def stored(server: RealServer, party: Party, writer: Person) -> int:
    """How many of the writer's frames the server holds."""
    status, reply = post(server.address, "/v1/sync", sync_body(party, writer))
    assert status == 200
    (item,) = [item for item in read_items(reply) if isinstance(item, ReceiptItem)]
    return open_receipt(item.receipt, party.log_key).head


def exchange(server: RealServer, data: bytes) -> bytes:
    """Send bytes and read to the end, which the server must bring about."""
    with connect(server.address, timeout=2 * STALL_SECONDS + SLACK_SECONDS) as connection:
        got = b""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            connection.sendall(data)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while piece := connection.recv(65_536):
                got += piece
    return got


@pytest.mark.parametrize("name", NO_REQUESTS)
def test_what_is_no_request_is_refused_unread(
    server: RealServer, party: Party, writer: Person, name: str
) -> None:
    """One refusal, the end of the connection, and the request hidden behind it is not obeyed."""
    got = exchange(server, NO_REQUESTS[name](one_record(party, writer)))
    assert got == b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    assert stored(server, party, writer) == 0


@pytest.mark.parametrize("name", TOO_MUCH)
def test_heads_without_measure_are_cut(server: RealServer, name: str) -> None:
    """No answer and no memory for them."""
    before = memory_bytes(server.pid, "VmRSS")
    assert exchange(server, TOO_MUCH[name]) == b""
    assert memory_bytes(server.pid, "VmRSS") - before < 32 << 20


@pytest.mark.parametrize("name", ONE_ANSWER)
def test_one_request_at_a_time(server: RealServer, party: Party, writer: Person, name: str) -> None:
    """The first request has its answer and the connection ends; nothing else is obeyed."""
    make, status = ONE_ANSWER[name]
    first, second = one_record(party, writer), one_record(party, writer)
    before, found, after = make(first).rpartition(first)
    # Where the body comes twice, the second one brings another record: it must not be kept.
    got = exchange(server, before + (second if first in before else found) + after)
    assert got.startswith(b"HTTP/1.1 %d " % status)
    assert got.count(b"HTTP/1.1 ") == 1
    assert stored(server, party, writer) == (status == 200)
