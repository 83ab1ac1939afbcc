"""The connection itself, on systems that offer less and on streams that break."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.client import link as module
from sync.client.errors import Break, LinkError
from sync.client.link import SMALL_BUFFER, UNSENT_BYTES, Link, connect
from sync.client.tls import client_context, matches, spki_hash
from tests.client.tiny_server import TinyServer, tiny_server


@contextmanager
def pair() -> Iterator[tuple[Link, socket.socket]]:
    """A link and the socket at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = Link(connect(*listener.getsockname(), timeout=5), stall=0.3)
        far, _ = listener.accept()
        with far:
            yield link, far
        link.close()


def test_what_waits_unsent_is_bounded() -> None:
    """A small low-water mark where there is one, a small buffer only where it is missing."""
    with pair() as (link, _):
        assert link._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == UNSENT_BYTES
        assert link._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert link._sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) > 2 * SMALL_BUFFER


def test_other_systems_get_a_small_buffer_and_the_kernels_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TCP_NOTSENT_LOWAT and TIOCOUTQ everything works; progress is what the kernel took."""
    monkeypatch.delattr(socket, "TCP_NOTSENT_LOWAT")
    monkeypatch.delattr(socket, "TCP_CONGESTION")
    monkeypatch.setattr(module, "_OUTQ", None)
    with pair() as (link, far):
        assert link._sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * SMALL_BUFFER
        link.send(b"hello")
        assert (far.recv(10), link.confirmed, link.up) == (b"hello", 5, 5)


def test_what_the_other_end_took_is_known_after_the_end() -> None:
    """The last thing known of a connection stays true when it is closed."""
    with pair() as (link, far):
        link.send(b"x" * 1_000)
        assert far.recv(2_000) == b"x" * 1_000
        before = link.confirmed
        link.close()
        assert link.confirmed == before == 1_000
        assert link.readable()


TCP_REPAIR = 19
"""A socket option of Linux for root: a socket closed under it leaves without a word."""


@pytest.mark.parametrize(("probes", "told"), [(1, True), (30, False)], ids=["probing", "control: no probe"])
def test_who_only_waits_learns_that_the_connection_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, probes: int, told: bool
) -> None:
    """A router that lost its table resets whoever sends; waiting for an answer sends nothing but probes."""
    monkeypatch.setattr(module, "PROBE_SECONDS", probes)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = Link(connect(*listener.getsockname(), timeout=5), stall=2.5)
        far, _ = listener.accept()
        try:
            far.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        except PermissionError:
            far.close()
            link.close()
            pytest.skip("needs root")
        far.close()
        if told:
            assert link.receive() == b""
        else:
            with pytest.raises(LinkError) as caught:
                link.receive()
            assert caught.value.kind is Break.STALLED
        link.close()


def test_a_reset_while_sending_is_a_cut() -> None:
    """The other end goes away in the middle: a cut, whatever the system calls it."""
    with pair() as (link, far):
        threading.Timer(0.1, far.close).start()
        with pytest.raises(LinkError) as caught:
            link.send(bytes(50_000_000))
        assert caught.value.kind is Break.CUT


def test_an_end_during_the_handshake_is_a_cut() -> None:
    """A connection that closes before TLS stands."""
    with pair() as (link, far):
        far.close()
        with pytest.raises(LinkError) as caught:
            link.secure(client_context(), 1.0)
        assert caught.value.kind in (Break.CUT, Break.NOT_FIELDKIT)


def test_a_damaged_stream_is_a_cut(tmp_path: Path) -> None:
    """Bytes that TLS did not write end the exchange; nothing of them is delivered."""

    def garble(conn: ssl.SSLSocket, server: TinyServer) -> None:
        conn.recv(10)
        with socket.socket(fileno=conn.detach()) as raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
            server.done.wait(5)

    with tiny_server(tmp_path) as server:
        server.behave = garble
        host, port = server.address.split(":")
        link = Link(connect(host, int(port), timeout=5), stall=5)
        certificate = link.secure(client_context(), 5)
        assert spki_hash(certificate) == server.pin
        link.send(b"hi")
        with pytest.raises(LinkError, match="damaged"):
            link.receive()
        link.close()


def test_pins_match_exactly() -> None:
    """A pin is compared whole; no pins match nothing."""
    assert matches(b"a" * 32, (b"b" * 32, b"a" * 32))
    assert not matches(b"a" * 32, ())
    assert not matches(b"a" * 32, (b"a" * 31,))
    with pytest.raises(ValueError, match=r"."):
        spki_hash(b"not a certificate")


def test_the_context_is_strict() -> None:
    """Version 1.3 only, no tickets; trust is left to the pin."""
    context = client_context()
    assert (context.minimum_version, context.maximum_version) == (ssl.TLSVersion.TLSv1_3,) * 2
    assert context.options & ssl.OP_NO_TICKET
    assert context.verify_mode is ssl.CERT_NONE
    assert context.keylog_filename is None
