"""The exchange over HTTP/1.1 and TLS with pins (docs/protocol.md §9). The only module that imports httpx.

It is imported late, by whoever is about to connect. No redirects, no environment proxies, no cookies, no
retries: one request gets one answer or one error. With a SOCKS proxy set, every byte and every name goes
through it.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpcore
import httpx
from socksio.exceptions import SOCKSError

from sync.client.errors import Break, LinkError, VerificationError
from sync.client.link import RECORD_BYTES, SMALL_RECORD_BYTES, Link, connect
from sync.client.ports import Traffic, Watch
from sync.client.stream import Stream
from sync.client.tls import client_context, matches, spki_hash
from sync.protocol.limits import STALL_SECONDS

UNPINNED_PATH: Final = "/v1/invite"
"""The one request to a server of unknown pins: its answer brings them (§10)."""

CONTENT_TYPE: Final = "application/octet-stream"

PROXY_SECONDS: Final = 90.0
"""Standstill allowed while a proxy connects: an onion circuit takes a minute on a poor link."""

HIGHEST_PORT: Final = 65_535

REASON_CHARS: Final = 80
"""Of the library's own words about an answer."""

_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
"""A name, an IPv4 address, or an IPv6 address in brackets."""

IDLE_SECONDS: Final = 4.0
"""How long an unused connection may be used again: servers usually close after five seconds."""

_PROXY_ERRORS: Final = (httpcore.ProxyError, SOCKSError, AssertionError, ValueError, IndexError)
"""What httpcore and socksio raise when a proxy does not speak SOCKS."""


class HttpsTransport:
    """A pinned connection to one server; satisfies `ports.Transport`.

    `address` is `host:port`. `pins` None takes any certificate, for an invite alone; `observed` tells which.
    `proxy` is `socks5h://[user:password@]host:port`. `stall` in seconds.
    """

    def __init__(
        self,
        *,
        address: str,
        pins: tuple[bytes, ...] | None,
        proxy: str | None = None,
        stall: float = STALL_SECONDS,
    ) -> None:
        self._url = _url(address)
        self._pins = pins
        self._stall = stall
        self._proxied = proxy is not None
        self._context = client_context()
        self._links: list[Link] = []
        self._hung_up = threading.Event()
        self._record = RECORD_BYTES
        self._watch: Watch | None = None
        self._head = 0
        self._before = Traffic()
        self.observed = b""
        """SPKI hash of the newest certificate seen."""
        pool = _pool(proxy, _Backend(self, self._context))
        self._client = httpx.Client(transport=_Bridge(pool), trust_env=False, timeout=httpx.Timeout(None))

    @property
    def traffic(self) -> Traffic:
        """What moved since this transport was made, over all its connections."""
        links = self._links
        if not links:
            return Traffic()
        return Traffic(
            up=sum(link.up for link in links),
            down=sum(link.down for link in links),
            body=max(0, links[-1].confirmed_plain() - self._head),
            handshake=links[-1].handshake,
        )

    def _since(self) -> Traffic:
        """The same for the present request alone."""
        now = self.traffic
        return replace(now, up=now.up - self._before.up, down=now.down - self._before.down)

    @contextlib.contextmanager
    def post(self, path: str, body: bytes, watch: Watch) -> Iterator[HttpAnswer]:
        """Send one request; see `ports.Transport.post`."""
        if self._pins is None and path != UNPINNED_PATH:
            raise ValueError(f"expected pins for {path}: only {UNPINNED_PATH} may be asked without")
        # Built by hand, so that nothing but Host, Content-Length and Content-Type goes out.
        request = httpx.Request(
            "POST", self._url.join(path), headers={"Content-Type": CONTENT_TYPE}, content=body
        )
        self._watch, self._before = watch, self.traffic
        try:
            with self.errors():
                response = self._send(request)
            with contextlib.closing(response):
                yield HttpAnswer(response, self)
        except LinkError as error:
            self._record = SMALL_RECORD_BYTES
            if error.kind is not Break.BUSY:
                # What is left of a broken answer must not be taken for the next one.
                self._close_newest()
            raise
        finally:
            watch.moved(self._since())
            self._watch = None

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._client.send(request, stream=True, follow_redirects=False)
        except BaseException:
            # httpcore forgets a connection whose handshake or proxy failed, but leaves it open.
            self._close_newest()
            raise

    def _close_newest(self) -> None:
        for link in self._links[-1:]:
            link.close()

    def hang_up(self) -> None:
        """End what goes on, and let nothing begin: it raises StoppedError in a moment. From any thread."""
        self._hung_up.set()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> HttpsTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Called by the stream

    def open(self, host: str, port: int) -> Stream:
        """A plain connection to the server or its proxy."""
        link = Link(
            connect(host, port, timeout=self._stall, hung_up=self._hung_up),
            stall=PROXY_SECONDS if self._proxied else self._stall,
            record=self._record,
            hung_up=self._hung_up,
        )
        link.on_moved = self._moved
        self._links.append(link)
        return Stream(link, self)

    def verify(self, link: Link) -> None:
        """Shake hands and check the pin, before the first request byte."""
        try:
            self.observed = spki_hash(link.secure(self._context, self._stall))
        except ValueError:
            raise VerificationError("the server's certificate cannot be read") from None
        if self._pins is not None and not matches(self.observed, self._pins):
            raise VerificationError("this is not the server this laptop knows: its key matches no pin")

    def request_begins(self, *, head: int) -> None:
        """A verified connection stands; `head` bytes of headers come before the body."""
        self._head = head
        if self._watch is not None:
            self._watch.connected()

    def whole_request_sent(self) -> None:
        """The kernel took the last byte."""
        if self._watch is not None:
            self._watch.sent()

    def _moved(self) -> None:
        if self._watch is not None:
            self._watch.moved(self._since())

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what httpx and its parts raise into errors a person can act on."""
        try:
            yield
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol) as error:
            raise LinkError(Break.UNREACHABLE, str(error)) from None
        except (httpx.RemoteProtocolError, httpcore.RemoteProtocolError) as error:
            cut = bool(self._links) and self._links[-1].ended
            raise LinkError(Break.CUT if cut else Break.NOT_FIELDKIT, _reason(error)) from None
        except _PROXY_ERRORS as error:
            if not self._proxied:
                raise
            raise LinkError(Break.UNREACHABLE, f"the proxy: {error}") from None


class HttpAnswer:
    """A reply as it arrives; satisfies `ports.Answer`."""

    def __init__(self, response: httpx.Response, transport: HttpsTransport) -> None:
        self.status: int = response.status_code
        self._response = response
        self._transport = transport

    def __iter__(self) -> Iterator[bytes]:
        with self._transport.errors():
            yield from self._response.iter_raw()


def _reason(error: Exception) -> str:
    """What was wrong with an answer, without a word of it: whoever sent it must not speak to the person."""
    return str(error).partition(":")[0].partition("{")[0][:REASON_CHARS]


def _url(address: str) -> httpx.URL:
    """`host:port` as the root of an address; LinkError when it is something else."""
    host, _, port = address.rpartition(":")
    if not _HOST.fullmatch(host) or not port.isdecimal() or not 0 < int(port[:6]) <= HIGHEST_PORT:
        shown = ascii(address)[:80]
        raise LinkError(Break.UNREACHABLE, f"expected HOST:PORT as the server's address, got {shown}")
    return httpx.URL(f"https://{address}/")


def _pool(proxy: str | None, backend: _Backend) -> httpcore.ConnectionPool:
    """One connection at a time, direct or through SOCKS 5 with names resolved by the proxy."""
    if proxy is None:
        return httpcore.ConnectionPool(
            max_connections=1,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=backend,
            ssl_context=backend.context,
        )
    parts = urlsplit(proxy)
    if parts.scheme not in ("socks5", "socks5h") or not parts.hostname or parts.port is None:
        raise LinkError(
            Break.UNREACHABLE, "expected a proxy like socks5h://HOST:PORT; nothing was sent without it"
        )
    return httpcore.SOCKSProxy(
        proxy_url=httpcore.URL(scheme="socks5", host=parts.hostname, port=parts.port, target="/"),
        proxy_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
        max_connections=1,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=backend,
        ssl_context=backend.context,
    )


class _Backend(httpcore.NetworkBackend):
    """Hands the connection pool our own connections, so that pins and timers hold on every road."""

    def __init__(self, transport: HttpsTransport, context: ssl.SSLContext) -> None:
        self._transport = transport
        self.context = context

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> Any:
        return self._transport.open(host, port)


class _Bridge(httpx.BaseTransport):
    """httpx over a given httpcore pool, which httpx cannot be told to use otherwise."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
