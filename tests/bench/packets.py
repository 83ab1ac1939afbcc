"""A bad link for the kernel's own TCP: packets between two network devices that this process carries by hand.

One device is in a network namespace of its own, where the laptop's thread lives; the other is in ours.
Between them every packet waits for its turn on the link, is lost or not, and arrives after its delay. Needs
root and /dev/net/tun.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import heapq
import os
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Final, Self, TypeVar

from tests.bench.badlink import BadLink, Weather

TUN: Final = "/dev/net/tun"
TUNSETIFF: Final = 0x400454CA
IFF_TUN_NO_PI: Final = 0x1001
CLONE_NEWNET: Final = 0x40000000

MTU: Final = 1_500
QUEUED_SECONDS: Final = 2.0
"""How much the link's buffer holds; what comes while it is full is dropped, as by any modem."""

TICK_SECONDS: Final = 0.2
RST_ACK: Final = 0x14

Result = TypeVar("Result")


def available() -> bool:
    """Whether this machine and user can make such links."""
    return os.geteuid() == 0 and os.access(TUN, os.R_OK | os.W_OK)


@dataclass(slots=True)
class Side:
    """One direction: where packets go, and when the link is free again."""

    sink: int
    free: float = 0.0


class PacketLink:
    """A laptop's end of a bad link to `target` (HOST:PORT). A context manager.

    What `run` is given is done at that end. `number` keeps links that are open at once apart, up to 63.
    """

    def __init__(self, target: str, weather: Weather, random: Random, *, number: int = 0) -> None:
        self._target = target
        self._weather, self._random = weather, random
        self._net = f"10.213.{number}"
        self._names = (f"fkfar{number}", f"fknear{number}")
        self._laptop = ThreadPoolExecutor(1, initializer=_leave_network)
        self._carrying = threading.Thread(target=self._carry, daemon=True)
        self._ended = threading.Event()
        self._flows: dict[bytes, int] = {}
        self._stack = contextlib.ExitStack()
        self.moved = 0
        """Bytes of packets that the link carried, both ways."""

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            stack.callback(self._laptop.shutdown)
            self._far = _device(self._names[0], f"{self._net}.1")
            stack.callback(os.close, self._far)
            self._near = self.run(lambda: _device(self._names[1], f"{self._net}.2"))
            stack.callback(os.close, self._near)
            self._began = time.monotonic()
            self._carrying.start()
            stack.callback(self._carrying.join)
            stack.callback(self._ended.set)
            # The server listens on loopback: what arrives is handed on to it as it is.
            clear = Weather(rate=1e9)
            self._server = stack.enter_context(
                BadLink(self._target, clear, Random(0), host=f"{self._net}.1", buffer=0)
            )
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def address(self) -> str:
        """Where the laptop connects to."""
        return self._server.address

    @property
    def connections(self) -> int:
        """How many were made."""
        return self._server.connections

    def run(self, work: Callable[[], Result]) -> Result:
        """Do something at the laptop's end."""
        return self._laptop.submit(work).result()

    def _carry(self) -> None:
        sides = {self._near: Side(self._far), self._far: Side(self._near)}
        waiting: list[tuple[float, int, int, bytes]] = []
        count = 0
        while not self._ended.is_set():
            left = waiting[0][0] - self._now() if waiting else TICK_SECONDS
            for source in select.select(list(sides), [], [], min(max(left, 0.0), TICK_SECONDS))[0]:
                packet, side = os.read(source, 2 * MTU), sides[source]
                if reset := self._stale(packet):
                    os.write(source, reset)
                elif (at := self._arrival(packet, side)) is not None:
                    count += 1
                    heapq.heappush(waiting, (at, count, side.sink, packet))
            while waiting and waiting[0][0] <= self._now():
                *_, sink, packet = heapq.heappop(waiting)
                with contextlib.suppress(OSError):
                    os.write(sink, packet)

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _arrival(self, packet: bytes, side: Side) -> float | None:
        """When a packet arrives; None when it is lost."""
        now, weather = self._now(), self._weather
        if weather.dark_left(now) or side.free - now > QUEUED_SECONDS or packet[0] >> 4 != 4:
            return None
        side.free = max(now, side.free) + len(packet) / weather.rate
        self.moved += len(packet)
        return None if self._random.random() < weather.loss else side.free + weather.delay

    def _stale(self, packet: bytes) -> bytes | None:
        """What a router answers that forgot a connection: a reset, if it is older than the last dark."""
        if packet[0] >> 4 != 4 or not self._weather.resets:
            return None
        ports = packet[20:24]
        flow = min(ports, ports[2:] + ports[:2])
        spells = self._weather.spells(self._now())
        old = self._flows.setdefault(flow, spells) != spells
        return _reset(packet) if old and not self._weather.dark_left(self._now()) else None


def _leave_network() -> None:
    """Give the calling thread a network of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "no network namespace of its own")


def _device(name: str, address: str) -> int:
    """A device in the network of the calling thread, with an address of a small network."""
    device = os.open(TUN, os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN_NO_PI))
    for command in (f"addr add {address}/30 dev {name}", f"link set {name} up mtu {MTU}"):
        subprocess.run(["ip", *command.split()], check=True)
    return device


def _reset(packet: bytes) -> bytes:
    """The TCP reset that answers an IPv4 packet (RFC 9293 §3.10.7.1)."""
    source, sink = packet[12:16], packet[16:20]
    head = (packet[0] & 15) * 4
    ports, sequence, acknowledged, offset, flags = struct.unpack_from(">4sIIBB", packet, head)
    length = len(packet) - head - (offset >> 4) * 4 + (flags & 1) + (flags >> 1 & 1)
    segment = struct.pack(
        ">4sIIBBHHH",
        ports[2:] + ports[:2],
        acknowledged,
        sequence + length & 0xFFFFFFFF,
        5 << 4,
        RST_ACK,
        0,
        0,
        0,
    )
    pseudo = sink + source + struct.pack(">BBH", 0, socket.IPPROTO_TCP, len(segment))
    segment = segment[:16] + _checksum(pseudo + segment) + segment[18:]
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, socket.IPPROTO_TCP, 0) + sink + source
    return ip[:10] + _checksum(ip) + ip[12:] + segment


def _checksum(data: bytes) -> bytes:
    """The internet checksum (RFC 1071) of an even number of bytes."""
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack(">H", ~total & 0xFFFF)
