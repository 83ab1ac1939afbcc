"""A TCP proxy on loopback that counts every byte and makes a good link bad, for demo, tests and figures.

It sees only what anybody on the way sees. Each direction of a connection has threads of its own; a cut
resets the near side and closes the far side, so that the server gets exactly the bytes that came before.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, Full, Queue
from typing import Final, Self

CHUNK_BYTES: Final = 16_384
TICK_SECONDS: Final = 0.02
"""How soon a thread that waits for bytes notices a cut or the end."""

PACED_BYTES: Final = 1_460
"""Bytes moved at once on a link with a rate: one packet's payload."""

QUEUED_SECONDS: Final = 0.5
"""How much of a shaped link's rate its buffers hold: more would hide a slow link from the sender."""

LEAST_BUFFER: Final = 2_304
"""Bytes; the kernel goes no lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What passed: TCP payload in bytes, connections opened, connections cut."""

    connections: int = 0
    up: int = 0
    down: int = 0
    cuts: int = 0

    def since(self, before: Counts) -> Counts:
        """What passed after `before` was read."""
        return Counts(
            connections=self.connections - before.connections,
            up=self.up - before.up,
            down=self.down - before.down,
            cuts=self.cuts - before.cuts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How bad the link is. Rates in bytes a second, times in seconds; None means no limit.

    `delay` is one way. Every connection is cut each `cut_every`. After `lit` seconds nothing passes for
    `dark` seconds; with `dark_cuts` the connections open at that moment are cut.
    """

    up: float | None = None
    down: float | None = None
    delay: float = 0.0
    cut_every: float | None = None
    lit: float | None = None
    dark: float = 0.0
    dark_cuts: bool = False

    def faster(self, factor: float) -> Shape:
        """The same link with all its times divided by `factor`."""
        return Shape(
            up=None if self.up is None else self.up * factor,
            down=None if self.down is None else self.down * factor,
            delay=self.delay / factor,
            cut_every=None if self.cut_every is None else self.cut_every / factor,
            lit=None if self.lit is None else self.lit / factor,
            dark=self.dark / factor,
            dark_cuts=self.dark_cuts,
        )


class Proxy:
    """Listens on a free port of loopback while its block runs and passes all on to `target` (host, port).

    `cut_after_up` cuts the connection that carries the byte after that many went up, once.
    """

    def __init__(
        self, target: tuple[str, int], *, cut_after_up: int | None = None, shape: Shape | None = None
    ) -> None:
        self._target = target
        self._shape = shape or Shape()
        self._cut_at = cut_after_up
        self._counts = Counts()
        self._lock = threading.Lock()
        self._pairs: list[_Pair] = []
        self._free = {"up": 0.0, "down": 0.0}
        self._began = time.monotonic()
        self._closing = threading.Event()
        self._listener = socket.socket()
        self._accepting = threading.Thread(target=self._accept, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        if self._shape.up is not None:
            # The kernel doubles what it is told.
            buffer = max(LEAST_BUFFER, int(self._shape.up * QUEUED_SECONDS / 2))
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        self._began = time.monotonic()
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._accepting.join()
        self._listener.close()
        self.cut_now(count=False)
        for pair in self._pairs:
            pair.join()

    @property
    def address(self) -> str:
        """Where to connect to, `host:port`."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    @property
    def counts(self) -> Counts:
        """What passed so far."""
        with self._lock:
            return self._counts

    def cut_after_up(self, size: int) -> None:
        """Cut once more, after `size` more bytes went up."""
        with self._lock:
            self._cut_at = self._counts.up + size

    def cut_now(self, *, count: bool = True) -> None:
        """Cut every connection."""
        for pair in list(self._pairs):
            if pair.cut() and count:
                self._add(cuts=1)

    def _accept(self) -> None:
        while not self._closing.is_set():
            if not select.select([self._listener], [], [], TICK_SECONDS)[0]:
                continue
            near, _ = self._listener.accept()
            self._add(connections=1)
            try:
                far = socket.create_connection(self._target, 10)
            except OSError:
                near.close()
                continue
            self._pairs.append(_Pair(self, near, far, delay=self._shape.delay))

    # What a connection asks

    def allowance(self, way: str) -> int:
        """How many bytes may be read next: a cut must fall on its very byte."""
        size = CHUNK_BYTES if getattr(self._shape, way) is None else PACED_BYTES
        with self._lock:
            if way == "up" and self._cut_at is not None:
                size = min(size, self._cut_at - self._counts.up)
        return max(1, size)

    def passed(self, way: str, size: int) -> bool:
        """Count bytes; whether this was the last one before the cut."""
        with self._lock:
            self._counts = replace(self._counts, **{way: getattr(self._counts, way) + size})
            due = way == "up" and self._cut_at is not None and self._counts.up >= self._cut_at
            if due:
                self._cut_at = None
                self._counts = replace(self._counts, cuts=self._counts.cuts + 1)
        return due

    def hold(self, way: str, size: int, over: Callable[[], bool]) -> None:
        """Wait as long as the link needs for these bytes, or until the connection is over."""
        rate = getattr(self._shape, way)
        with self._lock:
            now = time.monotonic()
            self._free[way] = max(now, self._free[way]) + (size / rate if rate else 0.0)
            until = self._free[way]
        while not over():
            left = max(until - time.monotonic(), self._dark_left())
            if left <= 0:
                return
            time.sleep(min(left, TICK_SECONDS))

    def _dark_left(self) -> float:
        """Seconds until the link is lit again."""
        shape = self._shape
        if shape.lit is None:
            return 0.0
        phase = (time.monotonic() - self._began) % (shape.lit + shape.dark)
        return 0.0 if phase < shape.lit else shape.lit + shape.dark - phase

    def expired(self, opened: float) -> bool:
        """Whether a connection opened then lived through a moment at which connections are cut."""
        shape, now = self._shape, time.monotonic()
        if shape.cut_every is not None and self._turn(now, shape.cut_every) > self._turn(
            opened, shape.cut_every
        ):
            return True
        if shape.lit is None or not shape.dark_cuts:
            return False
        period = shape.lit + shape.dark
        return self._turn(now - shape.lit, period) > self._turn(opened - shape.lit, period)

    def _turn(self, at: float, period: float) -> int:
        return int((at - self._began) // period)

    def cut_by_time(self, pair: _Pair) -> None:
        """Cut one connection whose time is over."""
        if pair.cut():
            self._add(cuts=1)

    def _add(self, **counts: int) -> None:
        with self._lock:
            self._counts = replace(
                self._counts, **{name: getattr(self._counts, name) + more for name, more in counts.items()}
            )


class _Pair:
    """One connection on both sides of the proxy."""

    def __init__(self, proxy: Proxy, near: socket.socket, far: socket.socket, *, delay: float) -> None:
        self._proxy = proxy
        self._near, self._far = near, far
        self._delay = delay
        self._opened = time.monotonic()
        self._cut = threading.Event()
        self._lock = threading.Lock()
        for sock in (near, far):
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._threads = []
        for source, sink, way in ((near, far, "up"), (far, near, "down")):
            queue: Queue[tuple[float, bytes]] = Queue(maxsize=64)
            self._threads.append(threading.Thread(target=self._read, args=(source, queue, way), daemon=True))
            self._threads.append(threading.Thread(target=self._write, args=(sink, queue), daemon=True))
        self._running = len(self._threads)
        for thread in self._threads:
            thread.start()

    def cut(self) -> bool:
        """End it; whether it was still alive."""
        with self._lock:
            alive = not self._cut.is_set() and self._running > 0
            self._cut.set()
        return alive

    def join(self) -> None:
        """Wait for its threads."""
        for thread in self._threads:
            thread.join()

    def _read(self, source: socket.socket, queue: Queue[tuple[float, bytes]], way: str) -> None:
        with self._leaving():
            while not self._cut.is_set():
                if self._proxy.expired(self._opened):
                    self._proxy.cut_by_time(self)
                    return
                size = self._proxy.allowance(way)
                if not select.select([source], [], [], TICK_SECONDS)[0]:
                    continue
                data = source.recv(size)
                last = self._proxy.passed(way, len(data))
                self._proxy.hold(way, len(data), self._cut.is_set)
                self._put(queue, data)
                if last:
                    while queue.unfinished_tasks and not self._cut.is_set():
                        time.sleep(TICK_SECONDS / 10)
                    self.cut()
                if not data:
                    return

    def _put(self, queue: Queue[tuple[float, bytes]], data: bytes) -> None:
        while not self._cut.is_set():
            with contextlib.suppress(Full):
                queue.put((time.monotonic() + self._delay, data), timeout=TICK_SECONDS)
                return

    def _write(self, sink: socket.socket, queue: Queue[tuple[float, bytes]]) -> None:
        with self._leaving():
            while not self._cut.is_set():
                try:
                    due, data = queue.get(timeout=TICK_SECONDS)
                except Empty:
                    continue
                time.sleep(max(0.0, due - time.monotonic()))
                view = memoryview(data)
                while view and not self._cut.is_set():
                    if select.select([], [sink], [], TICK_SECONDS)[1]:
                        view = view[sink.send(view[:CHUNK_BYTES]) :]
                queue.task_done()
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return

    @contextlib.contextmanager
    def _leaving(self) -> Iterator[None]:
        """The last thread to leave closes both sockets: nobody sleeps on them any more."""
        try:
            yield
        except OSError:
            self._cut.set()
        with self._lock:
            self._running -= 1
            last = self._running == 0
        if last:
            if self._cut.is_set():
                with contextlib.suppress(OSError):
                    self._near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._near.close()
            self._far.close()
