"""The counting, cutting, shaping proxy of the demo."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from fieldkit.demo.proxy import Counts, Proxy, Shape


class Sink:
    """A server that keeps what it gets and answers every connection's end with how many bytes came."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.closed = threading.Semaphore(0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.target: tuple[str, int] = self._listener.getsockname()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            conn, _ = self._listener.accept()
            if conn.getpeername() == self._last:
                conn.close()
                return
            thread = threading.Thread(target=self._serve, args=(conn,))
            thread.start()
            self._threads.append(thread)

    _last: tuple[str, int] | None = None

    def _serve(self, conn: socket.socket) -> None:
        place = len(self.got)
        self.got.append(b"")
        with conn, contextlib.suppress(OSError):
            while data := conn.recv(65_536):
                self.got[place] += data
            conn.sendall(str(len(self.got[place])).encode())
        self.closed.release()

    def close(self) -> None:
        """End every thread."""
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last = last.getsockname()
            last.connect(self.target)
            self._accepting.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A running sink."""
    server = Sink()
    yield server
    server.close()


def send(address: str, data: bytes) -> bytes:
    """Send, end, and read the answer; raises ConnectionError when the connection is cut."""
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 10) as conn:
        conn.sendall(data)
        with contextlib.suppress(OSError):
            # Not connected any more: then the reset is what the next line reads.
            conn.shutdown(socket.SHUT_WR)
        answer = b""
        while part := conn.recv(4_096):
            answer += part
        return answer


def test_bytes_pass_and_are_counted(sink: Sink) -> None:
    """Both ways, over several connections, to the byte."""
    with Proxy(sink.target) as proxy:
        assert send(proxy.address, b"a" * 100_000) == b"100000"
        before = proxy.counts
        assert send(proxy.address, b"bc") == b"2"
        assert proxy.counts == Counts(connections=2, up=100_002, down=7, cuts=0)
        assert proxy.counts.since(before) == Counts(connections=1, up=2, down=1, cuts=0)
    assert sink.got == [b"a" * 100_000, b"bc"]


@pytest.mark.parametrize("at", [1, 999, 50_000])
def test_a_cut_falls_on_its_very_byte(sink: Sink, at: int) -> None:
    """The server gets exactly the bytes before the cut, the client an error; the next connection is whole."""
    with Proxy(sink.target, cut_after_up=at) as proxy:
        with pytest.raises(ConnectionError):
            send(proxy.address, bytes(100_000))
        assert sink.closed.acquire(timeout=10)
        assert (len(sink.got[0]), proxy.counts.cuts) == (at, 1)
        assert send(proxy.address, bytes(100_000)) == b"100000"
        proxy.cut_after_up(10)
        with pytest.raises(ConnectionError):
            send(proxy.address, bytes(1_000))
        assert proxy.counts.cuts == 2


def test_a_rate_and_a_delay_slow_the_link(sink: Sink) -> None:
    """Half a second's worth of bytes takes half a second, and an answer at least both delays."""
    with Proxy(sink.target, shape=Shape(up=40_000, delay=0.1)) as proxy:
        began = time.monotonic()
        assert send(proxy.address, bytes(20_000)) == b"20000"
        assert 0.7 <= time.monotonic() - began < 5


def test_connections_are_cut_by_time(sink: Sink) -> None:
    """A link that cuts ever so often ends a long transfer."""
    with Proxy(sink.target, shape=Shape(up=10_000, cut_every=0.3)) as proxy:
        with pytest.raises(ConnectionError):
            send(proxy.address, bytes(50_000))
        assert proxy.counts.cuts >= 1
        assert proxy.counts.up < 20_000


def test_nothing_passes_in_the_dark(sink: Sink) -> None:
    """A dark spell holds bytes back, or cuts what was open."""
    shape = Shape(up=20_000, lit=0.2, dark=0.5)
    with Proxy(sink.target, shape=shape) as proxy:
        began = time.monotonic()
        assert send(proxy.address, bytes(6_000)) == b"6000"
        assert time.monotonic() - began >= 0.7
    with Proxy(sink.target, shape=replace(shape, dark_cuts=True)) as proxy, pytest.raises(ConnectionError):
        send(proxy.address, bytes(20_000))


def test_a_target_that_is_not_there_closes_the_connection() -> None:
    """Nobody listens behind the proxy: the client sees the end at once."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        answer = b""
        with Proxy(unused.getsockname()) as proxy, contextlib.suppress(ConnectionError):
            answer = send(proxy.address, b"x")
    assert answer == b""


def test_a_faster_shape_keeps_its_proportions() -> None:
    """Twenty times faster means twenty times the rate and a twentieth of every time."""
    shape = Shape(up=8_000, down=16_000, delay=0.3, cut_every=20, lit=20, dark=2, dark_cuts=True)
    assert shape.faster(20) == Shape(
        up=160_000, down=320_000, delay=0.015, cut_every=1, lit=1, dark=0.1, dark_cuts=True
    )
