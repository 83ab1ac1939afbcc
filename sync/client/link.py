"""One TCP connection with TLS inside it: counts every byte, notices a standstill, and tells true progress.

TLS runs over memory buffers, so that what the kernel swallowed and what the other end confirmed are told
apart: a large socket buffer would show an upload as done long before it is.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import struct
import threading
import time
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from sync.client.errors import Break, LinkError, StoppedError
from sync.client.reach import reach
from sync.protocol.limits import STALL_SECONDS

try:
    import fcntl
    import termios

    _OUTQ: int | None = getattr(termios, "TIOCOUTQ", None)
except ImportError:  # Windows: progress is what the kernel took
    _OUTQ = None

RECORD_BYTES: Final = 4_096
"""Plaintext of one TLS record, which costs 22 bytes and is the least a cut loses."""

SMALL_RECORD_BYTES: Final = 1_024
"""The same on a link that has shown that it breaks: half a second at 2 kB/s instead of two."""

READ_BYTES: Final = 65_536

UNSENT_BYTES: Final = 2_048
"""TCP_NOTSENT_LOWAT: what may wait unsent in the kernel, so that progress is true and a stop prompt."""

SMALL_BUFFER: Final = 16_384
"""SO_SNDBUF where TCP_NOTSENT_LOWAT is missing; elsewhere it is left alone, it halves the throughput."""

PROBE_SECONDS: Final = 3
"""After so long without a byte the kernel asks whether the connection still stands.

Who only waits for an answer sends nothing, and would not learn for the whole stall time that a router on the
way has forgotten the connection: the reset goes to whoever sends.
"""

TICK_SECONDS: Final = 0.25
"""How often progress is looked at while nothing can be read or written."""


class Link:
    """A connected socket, plain until `secure`. A standstill ends every call with LinkError(STALLED), and
    StoppedError does once `hung_up` is set, which any thread may do.
    """

    def __init__(
        self,
        sock: socket.socket,
        *,
        stall: float = STALL_SECONDS,
        record: int = RECORD_BYTES,
        hung_up: threading.Event | None = None,
    ) -> None:
        sock.setblocking(False)
        self._hung_up = hung_up or threading.Event()
        self._sock = sock
        self._stall = stall
        self._record = record
        self._selector = selectors.DefaultSelector()
        self._selector.register(sock, selectors.EVENT_READ)
        self._tls: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._marks: list[tuple[int, int]] = []
        self.up = 0
        self.down = 0
        self.handshake = 0
        self._confirmed = 0
        self._closed = False
        self._spoilt = False
        self.ended = False
        """Whether the other end is known to have ended the stream."""
        self.on_moved: Callable[[], None] = lambda: None

    @property
    def secured(self) -> bool:
        """Whether TLS stands."""
        return self._tls is not None

    # What a person may be told

    @property
    def confirmed(self) -> int:
        """Bytes the other end's network stack has confirmed; what the kernel took where it does not tell."""
        if _OUTQ is None:
            return self.up
        with contextlib.suppress(OSError, ValueError):  # closed: what was last known stays true
            waiting: int = struct.unpack("i", fcntl.ioctl(self._sock, _OUTQ, bytes(4)))[0]
            self._confirmed = max(self._confirmed, self.up - waiting)
        return self._confirmed

    def confirmed_plain(self) -> int:
        """Bytes of the present request whose TLS records were confirmed whole."""
        place = bisect_right(self._marks, (self.confirmed, 1 << 62))
        return self._marks[place - 1][1] if place else 0

    def begin(self) -> None:
        """Count `confirmed_plain` from here."""
        self._marks = []

    # Bytes

    def secure(self, context: ssl.SSLContext, stall: float) -> bytes:
        """Shake hands; return the peer's certificate (DER). No name is sent."""
        self._stall = stall
        before = self.up + self.down
        self._tls = context.wrap_bio(self._incoming, self._outgoing)
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._send_outgoing()
                self._receive_incoming()
            except (ssl.SSLError, ValueError) as error:
                self._flush_alert()
                raise LinkError(Break.NOT_FIELDKIT, f"no TLS 1.3 handshake: {_reason(error)}") from None
            if self.ended:
                raise LinkError(Break.CUT, "during the handshake")
        self._send_outgoing()
        self.handshake = self.up + self.down - before
        return self._tls.getpeercert(binary_form=True) or b""

    def send(self, data: bytes) -> None:
        """Send all of it; LinkError(CUT) when the connection breaks or the other end answers early."""
        if self._tls is None:
            self._send_raw(data)
            return
        plain = 0 if not self._marks else self._marks[-1][1]
        cipher = self.up
        chunks = []
        for start in range(0, len(data), self._record):
            record = data[start : start + self._record]
            self._tls.write(record)
            chunks.append(self._outgoing.read())
            plain, cipher = plain + len(record), cipher + len(chunks[-1])
            self._marks.append((cipher, plain))
        self._send_raw(b"".join(chunks))

    def receive(self) -> bytes:
        """The next bytes, or b"" at the end of the stream."""
        if self._tls is None:
            return self._receive_raw()
        while True:
            try:
                data = self._tls.read(READ_BYTES)
                self.ended = self.ended or not data
                return data
            except ssl.SSLWantReadError:
                if self.ended:
                    return b""
                self._receive_incoming()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                self.ended = True
                return b""
            except ssl.SSLError as error:
                raise LinkError(Break.CUT, f"the stream was damaged: {_reason(error)}") from None

    def readable(self) -> bool:
        """Whether bytes or the end of the stream wait: for an idle connection, that it is over.

        Also when a request was broken off: what the server makes of the next one nobody knows.
        """
        return self._closed or self._spoilt or self.ended or bool(self._select(selectors.EVENT_READ, 0))

    def close(self) -> None:
        """Close at once, without waiting for the peer."""
        _ = self.confirmed
        self._closed = True
        self._selector.close()
        with contextlib.suppress(OSError):
            self._sock.close()

    # The socket

    def _send_outgoing(self) -> None:
        if data := self._outgoing.read():
            self._send_raw(data)

    def _receive_incoming(self) -> None:
        if data := self._receive_raw():
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush_alert(self) -> None:
        with contextlib.suppress(OSError, LinkError):
            self._send_outgoing()

    def _send_raw(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            ready = self._wait(selectors.EVENT_READ | selectors.EVENT_WRITE)
            if ready & selectors.EVENT_READ:
                self._spoilt = True
                raise LinkError(Break.CUT, "the server stopped listening")
            try:
                count = self._sock.send(view[:READ_BYTES])
            except BlockingIOError:
                continue
            except OSError as error:
                raise LinkError(Break.CUT, _reason(error)) from None
            self.up += count
            view = view[count:]
            self.on_moved()

    def _receive_raw(self) -> bytes:
        while True:
            self._wait(selectors.EVENT_READ)
            try:
                data = self._sock.recv(READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            self.down += len(data)
            self.ended = self.ended or not data
            self.on_moved()
            return data

    def _wait(self, events: int) -> int:
        """Wait for `events`; any byte that moves either way in the meantime starts the clock anew."""
        moved, since = self.confirmed, time.monotonic()
        while not (ready := self._select(events, min(TICK_SECONDS, self._stall))):
            now = self.confirmed
            if now != moved:
                moved, since = now, time.monotonic()
            elif time.monotonic() - since >= self._stall:
                raise LinkError(Break.STALLED, f"{self._stall:g} s without a byte")
            self._go_on_unless_hung_up()
            self.on_moved()
        self._go_on_unless_hung_up()
        return ready

    def _go_on_unless_hung_up(self) -> None:
        if self._hung_up.is_set():
            raise StoppedError

    def _select(self, events: int, seconds: float) -> int:
        try:
            self._selector.modify(self._sock, events)
            found = self._selector.select(seconds)
        except (OSError, ValueError, KeyError):
            return selectors.EVENT_READ
        return found[0][1] if found else 0


def connect(host: str, port: int, *, timeout: float, hung_up: threading.Event | None = None) -> socket.socket:
    """A TCP connection with the options a poor link needs; LinkError(UNREACHABLE) when there is none.

    Raises StoppedError once `hung_up` is set.
    """
    try:
        sock = reach(host, port, timeout=timeout, hung_up=hung_up or threading.Event())
    except (OSError, UnicodeError) as error:
        raise LinkError(Break.UNREACHABLE, _reason(error)) from None
    _tune(sock)
    return sock


def _tune(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _probe(sock)
    lowat = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if lowat is None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    else:
        sock.setsockopt(socket.IPPROTO_TCP, lowat, UNSENT_BYTES)
    congestion = getattr(socket, "TCP_CONGESTION", None)
    if congestion is not None:
        # Loss on a radio link is not congestion; a kernel without BBR, or that forbids it, keeps its own.
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, congestion, b"bbr")


def _probe(sock: socket.socket) -> None:
    """Keep-alive probes (RFC 9293 §3.8.4) as long as the stall timer lets a standstill last."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    count = STALL_SECONDS // PROBE_SECONDS + 1
    wanted = {"TCP_KEEPIDLE": PROBE_SECONDS, "TCP_KEEPINTVL": PROBE_SECONDS, "TCP_KEEPCNT": count}
    for name, value in wanted.items():
        if (option := getattr(socket, name, None)) is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


def _reason(error: Exception) -> str:
    text = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return str(text).lower().replace("_", " ") or type(error).__name__
