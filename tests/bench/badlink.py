"""A bad link in user space: a TCP proxy on loopback that does to streams what a bad link does to packets.

What is modelled, for each way: packets of 1,460 bytes that leave one after the other at the link's rate and
arrive after its delay. A lost packet takes its time on the link a second time, and its bytes, with all that
come behind them, arrive a round trip later, as TCP would show it: it hands on in order, sends again what
the other end reports missing, and a loss at the very end of what was sent is noticed only by a timer (RFC
6298: two round trips here). A connection attempt whose packet is lost is made again after a second, as the
kernel does. There is no slow start and no collapse of the window: the first window of a kernel (ten
packets) is larger than what is under way on these links, and BBR, which fieldkit asks for, does not take
loss for congestion. `tests.bench.packets` does the same to the packets of the kernel's own TCP.

While the link is dark nothing passes. Connections older than the last dark spell are reset at their next
packet, as by a router that lost its table.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from dataclasses import dataclass
from random import Random
from typing import Final, Self

PACKET_BYTES: Final = 1_460
"""TCP payload of a full packet."""

BUFFER_BYTES: Final = 4_096
"""What the proxy takes in ahead of the link: more would let a sender believe that it arrived."""

SYN_SECONDS: Final = 1.0
"""After so long a kernel sends the first packet of a connection again (RFC 6298 §2.1)."""

ENDING_SECONDS: Final = 5.0
"""How long leaving the block may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How bad a link is: bytes a second each way, seconds, and the share of packets lost each way.

    Every connection is reset after `lives` seconds of its own life. After `lit` seconds the link is dark for
    `dark` seconds; `resets` says whether connections that lived through that are reset at their next packet.
    """

    rate: float
    delay: float = 0.0
    loss: float = 0.0
    lives: float | None = None
    lit: float | None = None
    dark: float = 0.0
    resets: bool = False
    pace: float = 1.0
    """What the times of a kernel's own timers are multiplied by, as the link's own times were."""

    def faster(self, factor: float) -> Weather:
        """The same link with all its times divided by `factor`."""
        return Weather(
            rate=self.rate * factor,
            delay=self.delay / factor,
            loss=self.loss,
            lives=None if self.lives is None else self.lives / factor,
            lit=None if self.lit is None else self.lit / factor,
            dark=self.dark / factor,
            resets=self.resets,
            pace=self.pace / factor,
        )

    def spells(self, seconds: float) -> int:
        """How many dark spells have begun so long after the link came up."""
        return 0 if self.lit is None else int((seconds + self.dark) // (self.lit + self.dark))

    def dark_left(self, seconds: float) -> float:
        """Seconds until the link is lit, 0 while it is."""
        if self.lit is None:
            return 0.0
        phase = seconds % (self.lit + self.dark)
        return 0.0 if phase < self.lit else self.lit + self.dark - phase


@dataclass(slots=True)
class Way:
    """One direction of the link, shared by all its connections."""

    weather: Weather
    random: Random
    moved: int = 0
    """Bytes that the link carried, those sent again included."""
    free: float = 0.0
    """When the link can take the next packet."""

    def sends(self, size: int, now: float) -> tuple[float, bool]:
        """Put a packet on the link: when it arrives at the earliest, and whether it was lost before that."""
        weather = self.weather
        at, losses = max(now, self.free), -1
        lost = True
        while lost:
            at += weather.dark_left(at) + size / weather.rate
            self.moved += size
            losses += 1
            lost = self.random.random() < weather.loss
        self.free = at
        return at + weather.delay + 2 * weather.delay * losses, losses > 0


class BadLink:
    """Listens on a free port while its block runs and passes all on to `target` (HOST:PORT).

    A thread of its own runs it. `random` decides what is lost. `buffer` bytes are taken in ahead; 0 leaves
    that to the kernel.
    """

    def __init__(
        self,
        target: str,
        weather: Weather,
        random: Random,
        *,
        host: str = "127.0.0.1",
        buffer: int = BUFFER_BYTES,
    ) -> None:
        name, _, port = target.rpartition(":")
        self._target = (name, int(port))
        self._weather = weather
        self._random = random
        self._listener = _listener(host, buffer)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._run(),), daemon=True
        )
        self._ending = asyncio.Event()
        self._began = 0.0
        self._up, self._down = Way(weather, random), Way(weather, random)
        self.connections = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(ENDING_SECONDS)
        self._listener.close()
        self._loop.close()

    @property
    def address(self) -> str:
        """Where to connect to."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    @property
    def moved(self) -> int:
        """Bytes that the link carried, both ways."""
        return self._up.moved + self._down.moved

    async def _run(self) -> None:
        self._began = self._loop.time()
        accepting = self._loop.create_task(self._accept())
        await self._ending.wait()
        accepting.cancel()
        await asyncio.gather(accepting, return_exceptions=True)

    async def _accept(self) -> None:
        async with asyncio.TaskGroup() as connections:
            while True:
                near, _ = await self._loop.sock_accept(self._listener)
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                connections.create_task(self._connection(near))

    async def _connection(self, near: socket.socket) -> None:
        far = socket.socket()
        far.setblocking(False)
        far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        whole = False
        try:
            async with asyncio.timeout(self._weather.lives):
                await self._shake_hands()
                await self._loop.sock_connect(far, self._target)
                spells = self._weather.spells(self._now())
                async with asyncio.TaskGroup() as ways:
                    ways.create_task(self._pass(near, far, self._up, spells))
                    ways.create_task(self._pass(far, near, self._down, spells))
                whole = True
        except* (OSError, TimeoutError):
            pass
        finally:
            if not whole:
                with contextlib.suppress(OSError):
                    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            near.close()
            far.close()

    async def _shake_hands(self) -> None:
        """The round trip before the first byte, and the attempts it takes."""
        weather = self._weather
        while weather.dark_left(self._now()) or any(self._random.random() < weather.loss for _ in "ud"):
            await asyncio.sleep(SYN_SECONDS * weather.pace)
        await asyncio.sleep(2 * weather.delay)

    async def _pass(self, source: socket.socket, sink: socket.socket, way: Way, spells: int) -> None:
        """One way of one connection: bytes leave at the link's rate, and arrive in order."""
        under_way: asyncio.Queue[tuple[float, bool, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as ends:
            ends.create_task(self._arrive(under_way, sink))
            data = b"first"
            while data:
                data = await self._loop.sock_recv(source, PACKET_BYTES)
                await self._until(self._now() + self._weather.dark_left(self._now()))
                if self._weather.resets and self._weather.spells(self._now()) != spells:
                    raise ConnectionResetError
                under_way.put_nowait((*way.sends(len(data), self._now()), data))
                await self._until(way.free)

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bool, bytes]], sink: socket.socket) -> None:
        while True:
            at, lost, data = await under_way.get()
            await self._until(at)
            if lost and under_way.empty():
                # Nothing came behind it by which the other end could have noticed.
                await asyncio.sleep(2 * self._weather.delay)
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            await self._loop.sock_sendall(sink, data)

    def _now(self) -> float:
        return self._loop.time() - self._began

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self._now()))


def _listener(host: str, buffer: int) -> socket.socket:
    """Takes little ahead, in packets of an ordinary size: loopback's huge ones would wait for a window."""
    listener = socket.socket()
    if buffer:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, PACKET_BYTES)
    listener.bind((host, 0))
    listener.listen()
    listener.setblocking(False)
    return listener
