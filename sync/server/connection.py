"""Connections.

What uvicorn leaves open for ever is closed here, and nothing a client sent is lost in its buffers.

Callbacks of the event loop, no coroutine. The application's own timer watches bodies; this one watches
everything else:
a handshake or head that does not end, a connection nobody uses, a reply nobody takes.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

HEAD_BYTES: Final = 16_384
"""A request's line and headers: ours have three short ones."""

LOOKS: Final = 6
"""Looks at a connection within one stall time: how finely the taking of a reply is seen."""

UNREAD: Final = "unread"
"""Key in a request's state.

Bytes that had arrived when the connection was lost, before the application asked.
"""


class Connection(HttpToolsProtocol):
    """One connection with limits on its head, its idleness and its unread reply."""

    stall_seconds: float = 30.0
    most_connections: int = 10_000

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_bytes = 0
        self._in_head = True
        self._unsent = 0
        self._moved_at = self.loop.time()
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse a connection too many; watch the others."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            transport.abort()
            return
        self._watch = self.loop.call_later(self.stall_seconds / LOOKS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand what arrived and was not asked for yet to the application.

        Which commits the whole items of it.
        """
        if self._watch is not None:
            self._watch.cancel()
        self._stash()
        super().connection_lost(exc)

    def _current(self) -> RequestResponseCycle | None:
        return self.cycle  # None before the first request, whatever its annotation says

    def _stash(self) -> None:
        cycle: RequestResponseCycle | None = self._current()
        if cycle is not None and not cycle.response_complete:
            cycle.scope["state"][UNREAD] = bytes(cycle.body)
            cycle.body = bytearray()

    def data_received(self, data: bytes) -> None:
        """Note that something moved, and bound a head that has not ended."""
        self._moved_at = self.loop.time()
        super().data_received(data)
        if self._in_head:
            self._count(len(data))

    def on_url(self, url: bytes) -> None:
        """Bound the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Bound the headers, also when they came in one piece."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES:
            self.transport.abort()

    def on_headers_complete(self) -> None:
        """The head is over; what follows is counted by the application."""
        self._in_head = False
        self._head_bytes = 0
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The next byte begins another head."""
        self._in_head = True
        super().on_response_complete()

    def shutdown(self) -> None:
        """The server stops: an unfinished body counts as cut here, so that its whole items are committed now.

        Such a connection, and one without a request, is aborted: a polite close would wait for the client's.
        """
        cycle = self._current()
        if cycle is not None and not cycle.response_complete and not cycle.more_body:
            super().shutdown()  # being answered: the reply goes out, then the connection ends
            return
        if cycle is not None and not cycle.response_complete:
            self._stash()
            cycle.disconnected = True
            cycle.message_event.set()
        if self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            self.transport.close()

    def _look(self) -> None:
        """Close the connection when it is the client's turn and nothing has moved for too long."""
        now = self.loop.time()
        unsent = self.transport.get_write_buffer_size()
        if unsent < self._unsent or not (self._in_head or unsent):
            self._moved_at = now
        self._unsent = unsent
        if now - self._moved_at >= self.stall_seconds:
            self.transport.abort()
            return
        left = self._moved_at + self.stall_seconds - now
        self._watch = self.loop.call_later(min(left, self.stall_seconds / LOOKS), self._look)


class Loop(asyncio.SelectorEventLoop):
    """The event loop, with our limit on TLS handshakes and farewells instead of asyncio's minute."""

    stall_seconds: float = 30.0

    def create_server(self, *arguments: Any, **options: Any) -> Any:
        """As asyncio's, for uvicorn, which does not let the limits be set."""
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", self.stall_seconds)
            options.setdefault("ssl_shutdown_timeout", self.stall_seconds)
        return super().create_server(*arguments, **options)
