"""The two ways to a hostile server: in process over a pair of sockets, and over TCP on loopback.

Both use the whole of the real transport: httpx, httpcore, TLS 1.3, pins, timers. In process nobody waits for
anybody: the peer answers while the client looks whether there is something to read.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import cast

from fieldkit.actions.network import Connect, PinnedTransport
from sync.client.http import HttpsTransport
from sync.client.link import RECORD_BYTES, Link
from sync.client.stream import Stream
from tests.hostile.wire import Ending, Pause, Peer, Raw

Peers = Callable[[], Peer]
"""Makes the other end of a new connection."""

BLINK = 0.002
"""Seconds the client in process waits for a peer that holds still."""

READ_BYTES = 65_536

ACCEPT_SECONDS = 0.05
"""How often a listener looks whether it should end."""

HELD_SECONDS = 5.0
"""Longest a peer on loopback waits for a client that neither sends nor leaves."""


class _PumpedLink(Link):
    """A link whose other end is worked by whoever waits for it."""

    def __init__(
        self, near: socket.socket, far: socket.socket, peer: Peer, stall: float, record: int
    ) -> None:
        super().__init__(near, stall=stall, record=record)
        far.setblocking(False)
        self._far = far
        self._peer = peer
        self._unsent = b""
        self._held = False

    def _select(self, events: int, seconds: float) -> int:
        self._pump()
        return super()._select(events, min(seconds, BLINK))

    def close(self) -> None:
        """Close both ends."""
        super().close()
        self._far.close()

    def _pump(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if self._far.fileno() >= 0:
                self._peer.feed(self._far.recv(READ_BYTES))
        while not self._held and self._far.fileno() >= 0:
            if not self._unsent and not self._do(self._peer.next()):
                return
            if self._unsent:
                try:
                    self._unsent = self._unsent[self._far.send(self._unsent) :]
                except (BlockingIOError, BrokenPipeError):
                    return
                return

    def _do(self, what: Raw | Pause | Ending | None) -> bool:
        """Whether there may be more to do at once."""
        if isinstance(what, Raw):
            self._unsent = what.data
        elif what is Ending.HOLD:
            self._held = True
        elif isinstance(what, Ending):
            self._far.close()
        return what is not None


class _PairTransport(HttpsTransport):
    """The real transport, but for the TCP connection."""

    def __init__(self, peers: Peers, *, address: str, pins: tuple[bytes, ...] | None, stall: float) -> None:
        super().__init__(address=address, pins=pins, stall=stall)
        self._peers = peers

    def open(self, host: str, port: int) -> Stream:
        """A pair of sockets."""
        near, far = socket.socketpair()
        link = _PumpedLink(near, far, self._peers(), self._stall, RECORD_BYTES)
        link.on_moved = self._moved
        self._links.append(link)
        return Stream(link, self)


def in_process(peers: Peers, stall: float) -> Connect:
    """A road without a network."""

    @contextlib.contextmanager
    def connect(address: str, pins: tuple[bytes, ...] | None, proxy: str | None) -> Iterator[PinnedTransport]:
        with _PairTransport(peers, address=address, pins=pins, stall=stall) as transport:
            yield cast(PinnedTransport, transport)

    return connect


def over_loopback(stall: float) -> Connect:
    """The real road, with a shorter timer. It leads wherever the directory's address says."""

    @contextlib.contextmanager
    def connect(address: str, pins: tuple[bytes, ...] | None, proxy: str | None) -> Iterator[PinnedTransport]:
        with HttpsTransport(address=address, pins=pins, proxy=proxy, stall=stall) as transport:
            yield cast(PinnedTransport, transport)

    return connect


class Listener:
    """Accepts on loopback and lets `peers` answer. Leave the `with` block to stop it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(ACCEPT_SECONDS)
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.peers: Peers | None = None

    def __enter__(self) -> Listener:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def settle(self) -> None:
        """Wait until nobody is being answered any more."""
        for thread in self._threads[1:]:
            thread.join()
        del self._threads[1:]

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                accepted, _ = self._socket.accept()
                if self.peers is None:
                    accepted.close()
                    continue
                peer = self.peers()
                self._start(lambda conn=accepted, peer=peer: self._serve(conn, peer))  # type: ignore[misc]

    def _serve(self, conn: socket.socket, peer: Peer) -> None:
        conn.settimeout(HELD_SECONDS)
        with conn, contextlib.suppress(OSError):
            while not self._stopped.is_set():
                what = peer.next()
                if isinstance(what, Raw):
                    conn.sendall(what.data)
                elif isinstance(what, Pause):
                    time.sleep(what.seconds)
                elif what is Ending.HOLD:
                    while conn.recv(READ_BYTES):
                        pass
                    return
                elif isinstance(what, Ending) or not (data := conn.recv(READ_BYTES)):
                    return
                else:
                    peer.feed(data)
