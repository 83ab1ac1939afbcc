"""The engine over real TLS on loopback: what an exchange weighs, and how it ends."""

from __future__ import annotations

import ssl
import time

import pytest

from fieldkit.demo.proxy import Proxy, Shape
from sync.client.clock import SystemClock
from sync.client.engine import Engine
from sync.client.errors import StoppedError
from sync.client.http import HttpsTransport
from sync.client.status import Status
from tests.client.laptop import MemoryStore, identity, make_frames
from tests.client.memory import MemoryServer, counting_random
from tests.client.tiny_server import TinyServer, answer, read_request

HANDSHAKE_BYTES = 1_100
"""What a handshake may cost both ways: Ed25519 certificate, no tickets, X25519."""

IDLE_BYTES = 800
"""An exchange with nothing new, both ways, after the handshake."""


def serve_memory(memory: MemoryServer, tiny: TinyServer) -> None:
    """Let the tiny server speak fieldkit."""

    def behave(conn: ssl.SSLSocket, _: TinyServer) -> None:
        while request := read_request(conn):
            status, reply = memory.answer(request.partition(b"\r\n\r\n")[2])
            answer(conn, reply, status=f"{status} -")

    tiny.behave = behave


def engine(transport: HttpsTransport, store: MemoryStore) -> Engine:
    """The real engine over the real transport."""
    return Engine(
        identity=identity, store=store, transport=transport, clock=SystemClock(), random=counting_random()
    )


def test_what_an_exchange_weighs(server: TinyServer) -> None:
    """Handshake, an idle exchange and twenty reports, in TCP payload both ways."""
    memory, store = MemoryServer(), MemoryStore(make_frames(1, 3))
    serve_memory(memory, server)
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        run = engine(transport, store)
        run.sync()
        handshake = transport.traffic.handshake
        idle = run.sync()
        weight = idle.bytes_up + idle.bytes_down
        store.frames = make_frames(1, 23, size=576)
        twenty = run.sync()
    frames = sum(len(frame.raw) for frame in store.frames[3:])
    over = twenty.bytes_up + twenty.bytes_down - frames
    print(f"handshake {handshake} B, idle exchange {weight} B, twenty reports {frames} B and {over} B over")
    assert handshake <= HANDSHAKE_BYTES
    assert weight <= IDLE_BYTES
    assert twenty.requests == 1


def test_a_cut_over_real_tls_is_made_good(server: TinyServer) -> None:
    """Cut in the middle by a proxy that had confirmed more: at most three requests, everything once."""
    memory, store = MemoryServer(), MemoryStore(make_frames(1, 30))

    serve_memory(memory, server)
    host, port = server.address.split(":")
    with (
        Proxy((host, int(port)), cut_after_up=9_000) as proxy,
        HttpsTransport(address=proxy.address, pins=(server.pin,)) as transport,
    ):
        status: Status = engine(transport, store).sync()
        counts = proxy.counts
    assert (status.frames_waiting, status.frames_confirmed, counts.cuts) == (0, 30, 1)
    assert len(memory.lane(1).entries) == 30
    assert status.requests <= 3
    assert status.bytes_down == counts.down


def test_a_run_can_be_stopped_while_bytes_move(server: TinyServer) -> None:
    """Asking to stop ends a slow upload at once, and nothing is lost."""
    memory, store = MemoryServer(), MemoryStore(make_frames(1, 40))
    serve_memory(memory, server)
    host, port = server.address.split(":")
    with (
        Proxy((host, int(port)), shape=Shape(up=8_000)) as proxy,
        HttpsTransport(address=proxy.address, pins=(server.pin,)) as transport,
    ):
        run: list[Engine] = []

        def progress(status: Status) -> None:
            if status.bytes_up > 3_000:
                run[0].stop()

        run.append(
            Engine(
                identity=identity,
                store=store,
                transport=transport,
                clock=SystemClock(),
                random=counting_random(),
                progress=progress,
            )
        )
        began = time.monotonic()
        with pytest.raises(StoppedError):
            run[0].sync()
        assert time.monotonic() - began < 3
    assert store.pending_totals()[0] == 40
