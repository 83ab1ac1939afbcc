"""A proxy on loopback that counts every byte of TCP payload and reads what of TLS is in the open.

It sees what an observer of the line sees: record heads, and of the handshake the two hellos. That is enough
to tell the handshake from what comes after it (RFC 8446 §5.1), and to name the version and group agreed.
`fieldkit/demo/proxy.py` counts too, and makes links bad; it knows nothing of TLS.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

READ_BYTES: Final = 65_536
SETTLE_SECONDS: Final = 10.0
"""How long both ends may take to close a connection that is no longer used."""

HANDSHAKE, APPLICATION = 22, 23
"""Record types. An encrypted handshake message looks like application data."""

RECORD_HEAD: Final = 5
SERVER_HELLO: Final = 2
SUPPORTED_VERSIONS, KEY_SHARE = 43, 51
VERSIONS: Final = {0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
GROUPS: Final = {23: "secp256r1", 29: "X25519", 4588: "X25519MLKEM768"}


@dataclass(frozen=True, slots=True)
class Bytes:
    """TCP payload each way, of it the handshakes, and how many connections were made."""

    up: int = 0
    down: int = 0
    handshake: int = 0
    connections: int = 0

    @property
    def both(self) -> int:
        """Both ways."""
        return self.up + self.down

    @property
    def after_handshake(self) -> int:
        """Both ways, without the handshakes: application data with its records, and whatever closes them."""
        return self.both - self.handshake

    def __sub__(self, other: Bytes) -> Bytes:
        return Bytes(
            self.up - other.up,
            self.down - other.down,
            self.handshake - other.handshake,
            self.connections - other.connections,
        )

    def __add__(self, other: Bytes) -> Bytes:
        return Bytes(
            self.up + other.up,
            self.down + other.down,
            self.handshake + other.handshake,
            self.connections + other.connections,
        )


@dataclass(slots=True)
class Line:
    """One connection: its counts, and the TLS that was agreed."""

    up: int = 0
    down: int = 0
    handshake: int = 0
    version: str = ""
    group: str = ""
    finished: bool = False
    """Whether the client's last handshake message went through."""
    _client: bytearray = field(default_factory=bytearray)
    _server: bytearray = field(default_factory=bytearray)

    def sent(self, data: bytes) -> None:
        """Bytes from the client. Its first encrypted record ends the handshake."""
        self.up += len(data)
        if self.finished:
            return
        self._client += data
        for end, kind, _ in _records(self._client):
            if kind == APPLICATION:
                self.finished = True
                self.handshake = end + self.down
                break

    def received(self, data: bytes) -> None:
        """Bytes from the server, which has said its whole part before the client ends the handshake."""
        self.down += len(data)
        if self.version:
            return
        self._server += data
        for _, kind, content in _records(self._server):
            if kind == HANDSHAKE and content[0] == SERVER_HELLO:
                self.version, self.group = _agreed(content)
                break


def _records(data: bytearray) -> list[tuple[int, int, bytes]]:
    """The whole TLS records at the start: where each ends, its type and content."""
    found, at = [], 0
    while at + RECORD_HEAD <= len(data):
        end = at + RECORD_HEAD + int.from_bytes(data[at + 3 : at + 5], "big")
        if end > len(data):
            break
        found.append((end, data[at], bytes(data[at + RECORD_HEAD : end])))
        at = end
    return found


def _agreed(hello: bytes) -> tuple[str, str]:
    """Version and group of a ServerHello (RFC 8446 §4.1.3)."""
    at = 4 + 2 + 32  # message head, legacy version, random
    at += 1 + hello[at] + 2 + 1 + 2  # session id, suite, compression, length of the extensions
    version, group = int.from_bytes(hello[4:6], "big"), 0
    while at + 4 <= len(hello):
        kind, size = int.from_bytes(hello[at : at + 2], "big"), int.from_bytes(hello[at + 2 : at + 4], "big")
        if kind == SUPPORTED_VERSIONS:
            version = int.from_bytes(hello[at + 4 : at + 6], "big")
        elif kind == KEY_SHARE:
            group = int.from_bytes(hello[at + 4 : at + 6], "big")
        at += 4 + size
    return VERSIONS.get(version, hex(version)), GROUPS.get(group, f"group {group}")


class Wiretap:
    """Passes connections on to `target` (HOST:PORT) and counts them. A context manager."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.lines: list[Line] = []

    @property
    def address(self) -> str:
        """Where to connect instead of to the target."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def counted(self) -> Bytes:
        """Everything so far."""
        with self._lock:
            return sum((Bytes(line.up, line.down, line.handshake, 1) for line in self.lines), Bytes())

    def settle(self) -> None:
        """Wait until every connection is closed, so that whatever closes it is counted too."""
        for thread in list(self._threads)[1:]:
            thread.join(SETTLE_SECONDS)
            if thread.is_alive():
                raise RuntimeError(f"a connection is still open after {SETTLE_SECONDS:g} s")

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(SETTLE_SECONDS)
        for one in self._sockets:
            one.close()

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = Line()
            with self._lock:
                self.lines.append(line)
            self._sockets += [client, server]
            self._run(self._pass, client, server, line.sent)
            self._run(self._pass, server, client, line.received)

    def _pass(self, source: socket.socket, sink: socket.socket, count: Callable[[bytes], None]) -> None:
        """Count, then pass on: what one end has, the count has too."""
        while True:
            try:
                data = source.recv(READ_BYTES)
            except OSError:
                data = b""
            if not data:
                break
            with self._lock:
                count(data)
            with contextlib.suppress(OSError):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
