"""A TLS server of a few lines on loopback, whose every byte a test can choose, and a SOCKS 5 proxy."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

Behaviour = Callable[[ssl.SSLSocket, "TinyServer"], None]
TICK = 0.05


def answer(conn: ssl.SSLSocket, body: bytes, *, status: str = "200 OK", more: str = "") -> None:
    """Send one HTTP answer with as few headers as there can be."""
    conn.sendall(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{more}\r\n".encode() + body)


def read_request(conn: ssl.SSLSocket) -> bytes:
    """One whole request: headers and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = conn.recv(65_536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    while len(body) < length:
        part = conn.recv(65_536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body


def echo(conn: ssl.SSLSocket, server: TinyServer) -> None:
    """Answers every request on a connection with its own body."""
    while request := read_request(conn):
        server.requests.append(request)
        answer(conn, request.partition(b"\r\n\r\n")[2])


@dataclass
class TinyServer:
    """One listening server; `behave` decides what happens on each connection after the handshake."""

    address: str
    pin: bytes
    behave: Behaviour = echo
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    handshakes: list[str] = field(default_factory=list)
    reused: list[bool | None] = field(default_factory=list)
    after_handshake: list[bytes] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


def _certificate(folder: Path, name: str, days: int) -> tuple[Path, bytes]:
    key = Ed25519PrivateKey.generate()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=days))
        .sign(key, None)
    )
    path = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return path, hashlib.sha256(spki).digest()


@contextlib.contextmanager
def tiny_server(
    folder: Path, *, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, days: int = 36_500
) -> Iterator[TinyServer]:
    """Run one until the block ends. The certificate names no host, and may have expired years ago."""
    path, pin = _certificate(folder, "not.the.host", days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    if version is ssl.TLSVersion.TLSv1_3:
        context.num_tickets = 0
    context.load_cert_chain(path)
    with socket.create_server(("127.0.0.1", 0)) as listener, _threads() as start:
        listener.settimeout(TICK)
        server = TinyServer(address=f"127.0.0.1:{listener.getsockname()[1]}", pin=pin)
        start(lambda stopped: _accept(listener, context, server, start, stopped))
        yield server
        server.done.set()


def _accept(
    listener: socket.socket,
    context: ssl.SSLContext,
    server: TinyServer,
    start: Callable[[Callable[[threading.Event], None]], None],
    stopped: threading.Event,
) -> None:
    while not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            conn, _ = listener.accept()
            conn.settimeout(10)
            server.connections += 1

            def serve(_: threading.Event, conn: socket.socket = conn) -> None:
                with conn, contextlib.suppress(OSError):
                    secure = context.wrap_socket(conn, server_side=True)
                    with secure:
                        server.handshakes.append(secure.version() or "")
                        server.reused.append(secure.session_reused)
                        server.behave(secure, server)

            start(serve)


@contextlib.contextmanager
def _threads() -> Iterator[Callable[[Callable[[threading.Event], None]], None]]:
    """Start threads, and wait for all of them at the end."""
    stopped = threading.Event()
    running: list[threading.Thread] = []

    def start(work: Callable[[threading.Event], None]) -> None:
        thread = threading.Thread(target=work, args=(stopped,))
        running.append(thread)
        thread.start()

    try:
        yield start
    finally:
        stopped.set()
        for thread in running:
            thread.join()


@dataclass
class TinySocks:
    """A SOCKS 5 proxy: what it was asked for, and with which name and password."""

    url: str
    asked: list[tuple[str, int]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    target: tuple[str, int] | None = None
    greeting: bytes | None = None
    refuse: bool = False


@contextlib.contextmanager
def tiny_socks() -> Iterator[TinySocks]:
    """Run one until the block ends. It connects to `target` whatever name it was asked for."""
    with socket.create_server(("127.0.0.1", 0)) as listener, _threads() as start:
        listener.settimeout(TICK)
        proxy = TinySocks(url=f"socks5h://127.0.0.1:{listener.getsockname()[1]}")

        def accept(stopped: threading.Event) -> None:
            while not stopped.is_set():
                with contextlib.suppress(TimeoutError):
                    conn, _ = listener.accept()
                    conn.settimeout(10)
                    start(lambda _, conn=conn: _socks(conn, proxy, start))  # type: ignore[misc]

        start(accept)
        yield proxy


def _exactly(conn: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = conn.recv(size - len(data))
        if not part:
            raise OSError("ended")
        data += part
    return data


def _socks(
    conn: socket.socket, proxy: TinySocks, start: Callable[[Callable[[threading.Event], None]], None]
) -> None:
    with conn, contextlib.suppress(OSError):
        _, count = _exactly(conn, 2)
        methods = _exactly(conn, count)
        if proxy.greeting is not None:
            conn.sendall(proxy.greeting)
            return
        if 2 in methods:
            conn.sendall(b"\5\2")
            _, size = _exactly(conn, 2)
            name = _exactly(conn, size).decode()
            proxy.logins.append((name, _exactly(conn, _exactly(conn, 1)[0]).decode()))
            conn.sendall(b"\1\0")
        else:
            conn.sendall(b"\5\0")
        *_, kind = _exactly(conn, 4)
        host = (
            socket.inet_ntoa(_exactly(conn, 4))
            if kind == 1
            else _exactly(conn, _exactly(conn, 1)[0]).decode()
        )
        proxy.asked.append((host, struct.unpack(">H", _exactly(conn, 2))[0]))
        if proxy.refuse or proxy.target is None:
            conn.sendall(b"\5\4\0\1" + bytes(6))
            return
        with socket.create_connection(proxy.target, 10) as far:
            conn.sendall(b"\5\0\0\1" + bytes(6))
            back = threading.Thread(target=_copy, args=(far, conn))
            back.start()
            _copy(conn, far)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
