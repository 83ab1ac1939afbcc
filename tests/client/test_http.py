"""The exchange over real TLS on loopback: pins, timers, proxies, and every byte that goes out."""

from __future__ import annotations

import socket
import ssl
import time
from itertools import pairwise
from pathlib import Path

import pytest

from fieldkit.demo.proxy import Proxy, Shape
from sync.client.errors import Break, LinkError, VerificationError
from sync.client.http import HttpsTransport
from sync.client.ports import Traffic
from sync.protocol.errors import Refusal
from sync.protocol.messages import (
    ErrorItem,
    encode_reply,
)
from tests.client.tiny_server import TinyServer, answer, read_request, tiny_server, tiny_socks


class Watcher:
    """Notes what a transport tells."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.traffic: list[Traffic] = []

    def connected(self) -> None:
        """A connection stands."""
        self.stages.append("connected")

    def sent(self) -> None:
        """The request left."""
        self.stages.append("sent")

    def moved(self, traffic: Traffic) -> None:
        """Bytes moved."""
        self.traffic.append(traffic)


def post(transport: HttpsTransport, body: bytes = b"hello", path: str = "/v1/sync") -> tuple[int, bytes]:
    """One request, its status and whole answer."""
    with transport.post(path, body, Watcher()) as reply:
        return reply.status, b"".join(reply)


def test_only_three_headers_go_out(server: TinyServer) -> None:
    """No user agent, no cookies, no encodings: nothing that tells one laptop from another."""
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        assert post(transport) == (200, b"hello")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /v1/sync HTTP/1.1"
    assert sorted(line.lower() for line in lines[1:]) == [
        "content-length: 5",
        "content-type: application/octet-stream",
        f"host: {server.address}",
    ]
    assert body == b"hello"
    assert server.handshakes == ["TLSv1.3"]


def test_either_of_two_pins_is_enough(server: TinyServer) -> None:
    """A server may change its key while laptops know both."""
    for pins in ((bytes(32), server.pin), (server.pin, bytes(32))):
        with HttpsTransport(address=server.address, pins=pins) as transport:
            assert post(transport)[0] == 200


@pytest.mark.parametrize("pins", [(bytes(32),), (bytes(32), b"\1" * 32), ()])
def test_a_wrong_pin_gets_no_request_byte(server: TinyServer, pins: tuple[bytes, ...]) -> None:
    """The pin is checked after the handshake and before the first request byte."""

    def listen(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
        tiny.after_handshake.append(conn.recv(1_000))
        tiny.done.set()

    server.behave = listen
    with HttpsTransport(address=server.address, pins=pins) as transport:
        with pytest.raises(VerificationError, match="not the server this laptop knows"):
            post(transport, b"secret" * 1_000)
        assert transport.observed == server.pin
    assert server.done.wait(10)
    assert server.after_handshake in ([], [b""])


def test_names_and_dates_do_not_matter_under_a_pin(tmp_path: Path) -> None:
    """The certificate names another host and expired long ago; a laptop's clock may be wrong by years."""
    with (
        tiny_server(tmp_path, days=1) as server,
        HttpsTransport(address=server.address, pins=(server.pin,)) as transport,
    ):
        assert post(transport)[0] == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_2 is deprecated")
def test_tls_1_2_is_refused(tmp_path: Path) -> None:
    """There is nothing to fall back to."""
    with (
        tiny_server(tmp_path, version=ssl.TLSVersion.TLSv1_2) as server,
        HttpsTransport(address=server.address, pins=(server.pin,)) as transport,
    ):
        with pytest.raises(LinkError, match=r"TLS 1\.3"):
            post(transport)
        assert server.handshakes == []


def test_a_server_without_tls_is_refused(server: TinyServer) -> None:
    """Plain HTTP is not spoken."""
    with socket.create_server(("127.0.0.1", 0)) as plain:
        address = f"127.0.0.1:{plain.getsockname()[1]}"
        with HttpsTransport(address=address, pins=(server.pin,), stall=0.5) as transport:
            with pytest.raises(LinkError) as caught:
                post(transport)
            assert caught.value.kind is Break.STALLED


def test_a_redirect_is_not_followed(server: TinyServer) -> None:
    """Wherever it points, no second request goes out."""
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:

        def redirect(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
            tiny.requests.append(read_request(conn))
            answer(conn, b"", status="307 Go", more=f"location: https://{tiny.address}/other\r\n")

        server.behave = redirect
        assert post(transport) == (307, b"")
        assert (len(server.requests), server.connections) == (1, 1)


def test_the_environment_is_not_obeyed(
    server: TinyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a proxy nor a key log named by whoever set the environment is used."""
    log = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        assert post(transport)[0] == 200
    assert not log.exists()


def test_a_silent_server_is_given_up(server: TinyServer) -> None:
    """No byte for as long as the stall timer: the exchange ends, in words."""
    server.behave = lambda conn, tiny: (read_request(conn), tiny.done.wait(10), None)[-1]
    with HttpsTransport(address=server.address, pins=(server.pin,), stall=0.3) as transport:
        began = time.monotonic()
        with pytest.raises(LinkError, match="stood still") as caught:
            post(transport)
        assert 0.3 <= time.monotonic() - began < 3
        assert caught.value.kind is Break.STALLED


def test_a_server_that_never_reads_is_given_up(server: TinyServer) -> None:
    """The kernel's buffers fill up, then nothing moves: given up as well, with what was confirmed known."""
    server.behave = lambda conn, tiny: (tiny.done.wait(10), None)[-1]
    with HttpsTransport(address=server.address, pins=(server.pin,), stall=0.4) as transport:
        watcher = Watcher()
        with pytest.raises(LinkError, match="stood still"):
            transport.post("/v1/sync", bytes(16_000_000), watcher).__enter__()
        assert 0 < watcher.traffic[-1].body < 16_000_000
        assert watcher.stages == ["connected"]


def test_a_slow_answer_is_waited_for_while_bytes_move(server: TinyServer) -> None:
    """There is no total timeout: a drip keeps the exchange alive far beyond the stall timer."""

    def drip(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
        read_request(conn)
        conn.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n")
        for number in range(12):
            time.sleep(0.1)
            conn.sendall(bytes([number]))

    server.behave = drip
    with HttpsTransport(address=server.address, pins=(server.pin,), stall=0.5) as transport:
        assert post(transport) == (200, bytes(range(12)))


def test_a_slow_upload_is_not_a_standstill_and_its_progress_is_true(server: TinyServer) -> None:
    """What is told step by step is what the far end confirmed, not what the kernel swallowed."""
    host, port = server.address.split(":")
    with (
        Proxy((host, int(port)), shape=Shape(up=60_000)) as proxy,
        HttpsTransport(address=proxy.address, pins=(server.pin,), stall=1.2) as transport,
    ):
        watcher = Watcher()
        body = bytes(90_000)
        with transport.post("/v1/sync", body, watcher) as reply:
            assert b"".join(reply) == body
    told = [traffic.body for traffic in watcher.traffic]
    assert all(before <= after for before, after in pairwise(told))
    assert told[-1] == len(body)
    assert len({part for part in told if 0 < part < len(body)}) >= 8


def test_one_connection_serves_several_requests(server: TinyServer) -> None:
    """The second request costs no handshake; after the server closed, the next one connects anew."""
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        post(transport)
        first = transport.traffic
        post(transport)
        assert server.connections == 1
        assert transport.traffic.up - first.up < 200

        def once(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
            answer(conn, read_request(conn)[-5:])

        server.behave = once
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        assert post(transport) == (200, b"hello")
        time.sleep(0.2)
        assert post(transport) == (200, b"hello")
        assert server.connections == 3
        assert not any(server.reused)


def test_an_answer_before_the_end_of_the_request_is_read(server: TinyServer) -> None:
    """A server that refuses early is heard, although it stopped listening."""

    def refuse(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
        conn.recv(100)
        answer(conn, encode_reply(ErrorItem(code=Refusal.SIZE)), status="413 Too large")
        tiny.done.wait(2)

    server.behave = refuse
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        assert post(transport, bytes(20_000_000))[0] == 413
        assert post(transport, bytes(20_000_000))[0] == 413
        assert server.connections == 2


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", Break.CUT),
        (b"HTTP/1.1 200 OK\r\ncontent-le", Break.CUT),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf", Break.CUT),
        (b"SSH-2.0-nothing\r\n\r\n", Break.NOT_FIELDKIT),
        (b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", Break.NOT_FIELDKIT),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000 + b"\r\n\r\n", Break.NOT_FIELDKIT),
    ],
    ids=["nothing", "half a head", "half a body", "not http", "bad length", "endless head"],
)
def test_broken_answers_are_link_errors(server: TinyServer, raw: bytes, kind: Break) -> None:
    """Whatever comes instead of an answer, only the declared error leaves the transport."""

    def speak(conn: ssl.SSLSocket, tiny: TinyServer) -> None:
        read_request(conn)
        conn.sendall(raw)
        conn.unwrap() if kind is Break.CUT and not raw else None

    server.behave = speak
    with HttpsTransport(address=server.address, pins=(server.pin,)) as transport:
        with pytest.raises(LinkError) as caught:
            post(transport)
        assert caught.value.kind is kind


def test_nobody_there_is_unreachable() -> None:
    """Refused, unknown or senseless addresses all say that the server cannot be reached."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        for address in (f"127.0.0.1:{unused.getsockname()[1]}", "name.invalid:443"):
            with HttpsTransport(address=address, pins=(bytes(32),), stall=3) as transport:
                with pytest.raises(LinkError, match="cannot be reached") as caught:
                    post(transport)
                assert caught.value.kind is Break.UNREACHABLE
    for address in ("", "no-port", "host:0x1", "user@host:1", "host:1/path", "host:99999", "[::1:1", "a b:1"):
        with pytest.raises(LinkError, match="HOST:PORT"):
            HttpsTransport(address=address, pins=(bytes(32),))


def test_everything_goes_through_a_socks_proxy(server: TinyServer) -> None:
    """The proxy is told the name, unresolved, and a name and password keep circuits apart."""
    host, port = server.address.split(":")
    with tiny_socks() as proxy:
        proxy.target = (host, int(port))
        with HttpsTransport(address="onion.invalid:8443", pins=(server.pin,), proxy=proxy.url) as transport:
            assert post(transport) == (200, b"hello")
        assert proxy.asked == [("onion.invalid", 8_443)]
        with_login = proxy.url.replace("//", "//north-7:p%40ss@")
        with HttpsTransport(address="onion.invalid:8443", pins=(server.pin,), proxy=with_login) as transport:
            assert post(transport)[0] == 200
        assert proxy.logins == [("north-7", "p@ss")]


def test_nothing_goes_round_a_proxy(server: TinyServer) -> None:
    """Down, refusing or senseless proxies end the exchange; the server sees no connection."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"socks5h://127.0.0.1:{unused.getsockname()[1]}"
        transport = HttpsTransport(address=server.address, pins=(server.pin,), proxy=dead)
        with transport, pytest.raises(LinkError, match="cannot be reached"):
            post(transport)
    with tiny_socks() as proxy:
        for greeting in (None, b"\5\xff", b"HTTP/1.1 400 no\r\n\r\n", b"\5", b""):
            proxy.refuse, proxy.greeting = True, greeting
            with HttpsTransport(address=server.address, pins=(server.pin,), proxy=proxy.url) as transport:
                with pytest.raises(LinkError) as caught:
                    post(transport)
                assert caught.value.kind in (Break.UNREACHABLE, Break.CUT)
    for senseless in ("http://127.0.0.1:1", "127.0.0.1:9050", "socks5h://", "socks5h://host"):
        with pytest.raises(LinkError, match="socks5h"):
            HttpsTransport(address=server.address, pins=(server.pin,), proxy=senseless)
    assert server.connections == 0


def test_without_pins_only_an_invite_may_be_asked_for(server: TinyServer) -> None:
    """The one unpinned request tells the certificate it saw; anything else never leaves."""
    with HttpsTransport(address=server.address, pins=None) as transport:
        assert post(transport, path="/v1/invite") == (200, b"hello")
        assert transport.observed == server.pin
        with pytest.raises(ValueError, match="pins"):
            post(transport, path="/v1/sync")
    assert len(server.requests) == 1
