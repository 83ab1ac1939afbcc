"""Connections that stall, each in its way, held by a process of their own.

Stalling costs a client nothing, so one process holds thousands. It opens a few at a time, no faster than the
server shakes hands; the drips send a byte a second; nothing else is sent and nothing ever read.
"""

from __future__ import annotations

import multiprocessing
import os
import selectors
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.load.sockets import LOOPBACK, End, need_files
from tests.support.server import client_context

SOURCES = 5
"""Addresses 127.0.0.2 and on: each has ports of its own."""

OPENERS = 8
"""Connections opened at the same time."""

DRIP_SECONDS = 1.0
SMALL_BUFFER = 4_096
PATIENCE_SECONDS = 60
SPARE_FILES = 200

HEAD = b"POST /v1/sync HTTP/1.1\r\nhost: f\r\ncontent-length: 100000\r\n"
CLIENT_HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(40)
"""The beginning of one: its record is to have 200 bytes, and has 46."""


@dataclass(frozen=True, slots=True)
class Stall:
    """One way to stall: what is sent at once, over TLS or not, and whether a byte a second follows."""

    name: str
    tls: bool = True
    first: bytes = b""
    drip: bytes = b""
    asks: bool = False
    """Whether it asks for a long reply, each time with a new request."""


STALLS = (
    Stall("TCP only", tls=False),
    Stall("TLS handshake unfinished", tls=False, first=CLIENT_HELLO),
    Stall("head unfinished", first=HEAD),
    Stall("head of a byte a second", first=HEAD + b"x: ", drip=b"y"),
    Stall("body stalled", first=HEAD + b"\r\n" + bytes(200)),
    Stall("body of a byte a second", first=HEAD + b"\r\n" + bytes(20), drip=b"\x00"),
    Stall("reads nothing of the reply", asks=True),
)


@dataclass(frozen=True, slots=True)
class Stalled:
    """One of the crowd: how it stalls, since when by the monotonic clock, and its end."""

    name: str
    since: float
    end: End


@dataclass(slots=True)
class Crowd:
    """A crowd at work. `stalled` tells of each, `seconds` how long it took to open them."""

    stalled: list[Stalled]
    seconds: float


@contextmanager
def crowd(address: str, count: int, ask: Callable[[], bytes]) -> Iterator[Crowd]:
    """Open `count` connections, the ways to stall in turn, and hold them until the block ends.

    `ask` makes a request whose reply is long.
    """
    need_files(count + SPARE_FILES)
    asks = [ask() for number in range(count) if STALLS[number % len(STALLS)].asks]
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_hold, args=(theirs, ours, address, count, asks))
    process.start()
    theirs.close()
    try:
        yield Crowd(*ours.recv())
    finally:
        ours.close()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()


def _hold(pipe: Any, other_end: Any, address: str, count: int, asks: list[bytes]) -> None:
    """The crowd's process: open, tell, drip, until the other end of the pipe is closed."""
    other_end.close()  # the copy this process was born with
    host, _, port = address.rpartition(":")
    opener = _Opener((host, int(port)), asks)
    began = time.monotonic()
    # TCP alone costs nothing and comes last, so that all begin to stall as close together as can be.
    numbers = sorted(range(count), key=lambda number: not STALLS[number % len(STALLS)].tls)
    with ThreadPoolExecutor(OPENERS) as pool:
        list(pool.map(opener.open, numbers))
    pipe.send((opener.stalled, time.monotonic() - began))
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not selector.select(DRIP_SECONDS):
            for one, byte in opener.drips:
                with suppress(OSError):
                    one.sendall(byte)
    os._exit(0)  # thousands of farewells would take the server's time


class _Opener:
    """Opens connections and keeps them open."""

    def __init__(self, target: End, asks: list[bytes]) -> None:
        self._target = target
        self._asks = asks
        self._context = client_context()
        self._kept: list[socket.socket] = []
        self.stalled: list[Stalled] = []
        self.drips: list[tuple[socket.socket, bytes]] = []

    def open(self, number: int) -> None:
        """One connection, which from here on stalls."""
        stall = STALLS[number % len(STALLS)]
        source = LOOPBACK.format(2 + number % SOURCES)
        one = _connect(self._target, source, self._context if stall.tls else None)
        one.sendall(self._asks.pop() if stall.asks else stall.first)
        self._kept.append(one)
        self.stalled.append(Stalled(stall.name, time.monotonic(), one.getsockname()))
        if stall.drip:
            self.drips.append((one, stall.drip))


def _connect(target: End, source: str, context: ssl.SSLContext | None) -> socket.socket:
    """A connection from an address, in a small buffer, which ends without a farewell."""
    one = socket.socket()
    one.settimeout(PATIENCE_SECONDS)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.bind((source, 0))
    one.connect(target)
    return one if context is None else context.wrap_socket(one)
