"""Reaches a host: looks its name up and connects, for as long as nobody hangs up.

The system's own calls go on whatever happens: a name nobody knows takes half a minute, a connection nobody
answers as long as it is given.
"""

from __future__ import annotations

import errno
import os
import queue
import selectors
import socket
import threading
import time
from typing import Any, Final

from sync.client.errors import StoppedError

TICK_SECONDS: Final = 0.1
"""How soon it is noticed that somebody hung up."""

UNDER_WAY: Final = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR})
"""What beginning to connect may say when all is well; Windows says EWOULDBLOCK."""

Place = tuple[Any, Any, int, str, Any]
"""What `socket.getaddrinfo` gives."""


def reach(host: str, port: int, *, timeout: float, hung_up: threading.Event) -> socket.socket:
    """A connection to the first address that takes one, `timeout` seconds for each.

    Raises OSError and UnicodeError as `socket.create_connection`, StoppedError once `hung_up` is set.
    """
    trouble = OSError(errno.EHOSTUNREACH, "no address")
    for place in _places(host, port, hung_up):
        try:
            return _connected(place, timeout, hung_up)
        except OSError as error:
            trouble = error
    raise trouble


def _places(host: str, port: int, hung_up: threading.Event) -> list[Place]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass  # it is a name
    found: queue.SimpleQueue[list[Place] | Exception] = queue.SimpleQueue()
    # It cannot be told to end, so it knows nothing but the name.
    threading.Thread(target=_look_up, args=(host, port, found), name="name", daemon=True).start()
    while True:
        try:
            answer = found.get(timeout=TICK_SECONDS)
        except queue.Empty:
            _go_on_unless(hung_up)
        else:
            if isinstance(answer, Exception):
                raise answer
            return answer


def _look_up(host: str, port: int, found: queue.SimpleQueue[list[Place] | Exception]) -> None:
    try:
        found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:
        # Told to whoever asked: here nobody would hear of it.
        found.put(error)


def _connected(place: Place, timeout: float, hung_up: threading.Event) -> socket.socket:
    family, kind, protocol, _, address = place
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        _check(sock.connect_ex(address), *UNDER_WAY)
        _wait(sock, timeout, hung_up)
        _check(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), 0)
    except BaseException:
        sock.close()
        raise
    return sock


def _wait(sock: socket.socket, timeout: float, hung_up: threading.Event) -> None:
    end = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(min(TICK_SECONDS, timeout)):
            _go_on_unless(hung_up)
            if time.monotonic() >= end:
                raise TimeoutError("timed out")


def _go_on_unless(hung_up: threading.Event) -> None:
    if hung_up.is_set():
        raise StoppedError


def _check(number: int, *well: int) -> None:
    if number not in well:
        raise OSError(number, os.strerror(number))
