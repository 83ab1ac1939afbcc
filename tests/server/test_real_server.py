"""A real server over TLS on loopback: transport, limits, timers, stopping (docs/protocol.md §9, R19–R22)."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.protocol.errors import Refusal
from sync.protocol.hello import Purpose
from sync.protocol.ids import MAIN, sha256
from sync.protocol.messages import EndItem, ReceiptItem
from sync.protocol.receipts import open_receipt
from sync.server.log import FIELDS
from sync.server.serve import STOP_SECONDS
from tests.server.world import Person, World, read_items, refusals, whole_refusal
from tests.support.server import RealServer, admin_command, client_context, connect, post, start_server

pytestmark = pytest.mark.apart

STALL = 1
"""Seconds the impatient server waits."""

MOST_CONNECTIONS = 20

SLACK = 4.0
"""Seconds a busy machine may add."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server with the settings as they come."""
    running = start_server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server that waits a second for a byte, and counts few connections."""
    settings = f"stall_seconds = {STALL}\ndrip_seconds = 2\ndrip_bytes = 100\n"
    settings += f"connections = {MOST_CONNECTIONS}\n"
    running = start_server(tmp_path_factory.mktemp("impatient"), settings=settings)
    yield running
    running.stop()


def found(server: RealServer) -> World:
    """A new organisation on the server."""
    ticket = server.ticket()
    world = World(ticket.log_key, ticket.pins, address=server.address)
    status, _ = post(server.address, "/v1/organisation", world.founding(ticket.code))
    assert status == 200
    return world


def head(path: str, length: int | None, *more: str) -> bytes:
    """A request's head."""
    lines = [f"POST {path} HTTP/1.1", "host: x", *more]
    if length is not None:
        lines.append(f"content-length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def stored(world: World, server: RealServer, person: Person) -> int:
    """How many of the person's main frames the server holds."""
    _, reply = post(server.address, "/v1/sync", world.hello(person))
    (item,) = [item for item in read_items(reply) if isinstance(item, ReceiptItem)]
    return open_receipt(item.receipt, world.log_public).head


def read_to_end(connection: ssl.SSLSocket) -> bytes:
    """What the server sends until it closes, which it must do within the slack."""
    connection.settimeout(2 * STALL + SLACK)
    got = b""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while piece := connection.recv(65_536):
            got += piece
    return got


def test_transport(server: RealServer) -> None:
    """TLS 1.3 under the ticket's first pin, with a small certificate and no session to resume."""
    with connect(server.address) as connection:
        raw = connection.getpeercert(binary_form=True)
        assert raw is not None
        certificate = x509.load_der_x509_certificate(raw)
        spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert connection.version() == "TLSv1.3"
        assert sha256(spki) == server.pins[0]
        assert len(raw) < 300
        connection.sendall(head("/", 0))
        connection.recv(1)
        assert connection.session is None or not connection.session.has_ticket


def test_older_tls_is_refused(server: RealServer) -> None:
    """A client that wants TLS 1.2 gets no connection."""
    context = client_context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    host, _, port = server.address.rpartition(":")
    with (
        socket.create_connection((host, int(port)), timeout=10) as raw,
        pytest.raises((ssl.SSLError, OSError)),
    ):
        context.wrap_socket(raw)


def test_exchange_says_nothing_about_itself(server: RealServer) -> None:
    """A whole exchange; the reply carries no header but its length."""
    world = found(server)
    host, _, port = server.address.rpartition(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=20, context=client_context())
    for _ in range(2):
        connection.request("POST", "/v1/sync", body=world.hello(world.officer))
        response = connection.getresponse()
        assert [name.lower() for name, _ in response.getheaders()] == ["content-length"]
        assert isinstance(read_items(response.read())[-1], EndItem)
    connection.close()


HEADS = {
    "another path": ("POST", "/v2/sync", {"content-length": "1"}, 404, Refusal.MALFORMED),
    "path with more": ("POST", "/v1/sync/", {"content-length": "1"}, 404, Refusal.MALFORMED),
    "another method": ("GET", "/v1/sync", {}, 405, Refusal.MALFORMED),
    "no length": ("POST", "/v1/sync", {"transfer-encoding": "chunked"}, 411, Refusal.MALFORMED),
    "too long": ("POST", "/v1/sync", {"content-length": "999999999"}, 413, Refusal.SIZE),
    "too long for a hello": ("POST", "/v1/pull", {"content-length": "1025"}, 413, Refusal.SIZE),
}


@pytest.mark.parametrize("name", HEADS)
def test_heads_that_are_refused_unread(server: RealServer, name: str) -> None:
    """What the head already tells is refused before a byte of the body is read, and the connection closed."""
    method, path, headers, status, code = HEADS[name]
    host, _, port = server.address.rpartition(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=20, context=client_context())
    connection.putrequest(method, path)
    for header, value in headers.items():
        connection.putheader(header, value)
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, response.getheader("connection")) == (status, "close")
    assert whole_refusal(read_items(response.read())) == code
    connection.close()


def test_head_without_end_is_cut(server: RealServer) -> None:
    """More than 16 KiB of head closes the connection, in one piece or many."""
    for lines in (1, 40):
        with connect(server.address) as connection:
            connection.settimeout(10)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                connection.sendall(b"POST /v1/sync HTTP/1.1\r\n")
                for number in range(lines):
                    connection.sendall(f"x-{number}: {'y' * (20_000 // lines)}\r\n".encode())
            assert read_to_end(connection) == b""


def test_cut_body_commits_the_whole_items(server: RealServer) -> None:
    """A connection that is closed or reset in the middle of a body leaves the items that had arrived."""
    for reset in (False, True):
        world = found(server)
        officer = world.officer
        uploads = [officer.upload(MAIN, officer.record()) for _ in range(3)]
        body = world.hello(officer) + b"".join(uploads)
        connection = connect(server.address)
        connection.sendall(head("/v1/sync", len(body) + 1_000) + body[:-5])
        if reset:
            time.sleep(0.3)  # a reset throws away what the other side has not read yet
            linger = (1).to_bytes(4, "little") + bytes(4)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()
        end = time.monotonic() + SLACK
        while stored(world, server, officer) != 2:
            assert time.monotonic() < end, f"reset: {reset}"
            time.sleep(0.05)


def test_stalled_body_is_committed_and_answered(impatient: RealServer) -> None:
    """A body that stalls is handled as far as it came, and answered; then the connection ends."""
    world = found(impatient)
    officer = world.officer
    body = world.hello(officer) + officer.upload(MAIN, officer.record())
    begin = time.monotonic()
    with connect(impatient.address) as connection:
        connection.sendall(head("/v1/sync", len(body) + 1_000) + body + b"\x82")
        reply = read_to_end(connection)
    assert STALL <= time.monotonic() - begin < STALL + SLACK
    assert reply.startswith(b"HTTP/1.1 200 ") and b"connection: close" in reply
    items = read_items(reply.partition(b"\r\n\r\n")[2])
    assert refusals(items) == []
    assert stored(world, impatient, officer) == 1


def test_dripping_body_is_cut(impatient: RealServer) -> None:
    """A byte now and then keeps no connection: the least rate is measured over a window."""
    world = found(impatient)
    body = world.hello(world.officer)
    begin = time.monotonic()
    with connect(impatient.address) as connection:
        connection.sendall(head("/v1/sync", len(body) + 1_000) + body)
        connection.settimeout(0.01)
        while time.monotonic() - begin < 10:
            with contextlib.suppress(TimeoutError):
                assert connection.recv(100).startswith(b"HTTP/1.1 200")
                break
            connection.sendall(b"\x00")
            time.sleep(0.3)
    assert time.monotonic() - begin < 4 + SLACK


IDLE = {
    "nothing": b"",
    "half a head": b"POST /v1/sync HTTP/1.1\r\nhost:",
    "after an answer": b"GET / HTTP/1.1\r\nhost: x\r\n\r\nPOST",
}


@pytest.mark.parametrize("name", IDLE)
def test_idle_connections_are_closed(impatient: RealServer, name: str) -> None:
    """A connection on which it is the client's turn and nothing comes is closed."""
    begin = time.monotonic()
    with connect(impatient.address) as connection:
        connection.sendall(IDLE[name])
        read_to_end(connection)
    assert time.monotonic() - begin < STALL + SLACK


def test_handshakes_that_do_not_end_are_closed(impatient: RealServer) -> None:
    """A TCP connection without a TLS handshake is closed too."""
    host, _, port = impatient.address.rpartition(":")
    begin = time.monotonic()
    raw = socket.create_connection((host, int(port)), timeout=2 * STALL + SLACK)
    with raw as connection, contextlib.suppress(ConnectionError):
        assert connection.recv(1) == b""
    assert time.monotonic() - begin < STALL + SLACK


def test_reply_nobody_takes_is_dropped(impatient: RealServer) -> None:
    """A client that asks and does not read is closed, however much is ready for it."""
    world = found(impatient)
    officer = world.officer
    for _ in range(4):
        body = world.hello(officer)
        body += b"".join(officer.upload(MAIN, officer.record(size=61_440 + 16)) for _ in range(30))
        assert post(impatient.address, "/v1/sync", body)[0] == 200
    ask = world.hello(officer, Purpose.PULL, reply_limit=8 << 20)
    host, _, port = impatient.address.rpartition(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    raw.connect((host, int(port)))
    with client_context().wrap_socket(raw) as connection:
        connection.sendall(head("/v1/pull", len(ask)) + ask)
        time.sleep(2 * STALL + 1)
        got = read_to_end(connection)
    assert len(got) < 7_000_000


def test_connections_too_many(impatient: RealServer) -> None:
    """Beyond the setting, who waited longest without a request makes room."""
    opened = [connect(impatient.address) for _ in range(MOST_CONNECTIONS)]
    assert post(impatient.address, "/v1/invite", b"junk")[0] == 400
    assert read_to_end(opened[0]) == b""
    for connection in opened:
        connection.close()


def test_connections_at_work_make_no_room(impatient: RealServer) -> None:
    """While all have a request, the newest is closed at once; when they end, there is room again."""
    assert any(refused_at_once(impatient) for _ in range(5))  # a busy machine may open too slowly
    end = time.monotonic() + SLACK
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            assert post(impatient.address, "/v1/invite", b"junk")[0] == 400
            break
        assert time.monotonic() < end
        time.sleep(0.05)


def refused_at_once(server: RealServer) -> bool:
    """Whether one connection more than it takes, all others at work, is closed before it has waited long."""
    opened = [connect(server.address) for _ in range(MOST_CONNECTIONS)]
    for connection in opened:
        connection.sendall(head("/v1/sync", 1_000))
    time.sleep(STALL / 5)  # until then some may wait to be read, which would make room
    with connect(server.address) as extra:
        begin = time.monotonic()
        assert read_to_end(extra) == b""
        waited = time.monotonic() - begin
    for connection in opened:
        connection.close()
    return waited < STALL / 2


def test_stop_commits_what_has_arrived(tmp_path: Path) -> None:
    """SIGTERM within an upload: its whole items are kept, the exit is clean, a restart has them."""
    server = start_server(tmp_path)
    world = found(server)
    officer = world.officer
    body = world.hello(officer) + b"".join(officer.upload(MAIN, officer.record()) for _ in range(5))
    with connect(server.address) as connection, connect(server.address):
        connection.sendall(head("/v1/sync", len(body) + 1_000) + body)
        time.sleep(0.5)
        begin = time.monotonic()
        assert server.stop(signal.SIGTERM) == 0
        assert time.monotonic() - begin < STOP_SECONDS
    again = start_server(tmp_path, folder=server.folder)
    try:
        assert stored(world, again, officer) == 5
        second = subprocess.run(
            admin_command("serve", str(server.folder)),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert second.returncode == 3
        assert "fieldkit-server: error: a server is running in" in second.stderr
        assert "fieldkit-server: hint: stop it first" in second.stderr
    finally:
        assert again.stop(signal.SIGINT) == 0


def test_log_and_folder_keep_no_address(server: RealServer) -> None:
    """After all this the log has only listed fields, and neither it nor the folder knows a client."""
    lines = [json.loads(line) for line in server.log_file.read_text().splitlines()]
    assert {name for line in lines for name in line} <= FIELDS | {"event", "hour"}
    assert "failed" not in {line["event"] for line in lines}
    kept = server.log_file.read_bytes()
    kept += b"".join(
        path.read_bytes() for path in server.folder.iterdir() if path.name not in ("settings.toml",)
    )
    directory_address = server.address.encode()  # the organisations' own directories name it
    assert b"127.0.0.1" not in kept.replace(directory_address, b"")
