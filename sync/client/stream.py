"""What the HTTP library sees of a link: one request out, one answer in, in few large writes."""

from __future__ import annotations

from typing import Protocol

from sync.client.errors import Break, LinkError
from sync.client.link import Link


class Owner(Protocol):
    """Who is told about the stages of a request, and checks the peer."""

    def verify(self, link: Link) -> None:
        """Shake hands and check the pin; raise when it is not the right server."""

    def request_begins(self, *, head: int) -> None:
        """The first `head` bytes of a request are about to go out: its headers."""

    def whole_request_sent(self) -> None:
        """The last byte was handed to the network."""


class Stream:
    """A `Link` with the face of an httpcore stream. Headers and body leave together."""

    def __init__(self, link: Link, owner: Owner) -> None:
        self._link = link
        self._owner = owner
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; sends first what waits. A server may answer before it has read everything."""
        broken: LinkError | None = None
        if self._unsent:
            data, self._unsent = self._unsent, b""
            try:
                self._link.send(data)
                self._owner.whole_request_sent()
            except LinkError as error:
                if error.kind is not Break.CUT:
                    raise
                broken = error
        received = self._link.receive()
        if broken is not None and not received:
            raise broken
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep bytes for one large write; one each for headers and body would cost a packet and a record."""
        if not self._link.secured:
            self._link.send(buffer)
            return
        if not self._unsent:
            self._link.begin()
            self._owner.request_begins(head=len(buffer))
        self._unsent += buffer

    def close(self) -> None:
        """Close the connection."""
        self._link.close()

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Shake hands with our own context and check the pin; the context and name given are not used."""
        self._owner.verify(self._link)
        return self

    def get_extra_info(self, info: str) -> object:
        """What the connection pool asks for."""
        return self._link.readable() if info == "is_readable" else None
