"""Connections.

What uvicorn leaves open for ever is closed here, and nothing a client sent is lost in its buffers.

Callbacks of the event loop, no coroutine. The application's own timer watches bodies; this one watches
everything else:
a handshake or head that does not end, a connection nobody uses, a reply nobody takes.
"""

from __future__ import annotations

import asyncio
from asyncio import sslproto
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from sync.server.sending import OneRecord, Progress, progress

HEAD_BYTES: Final = 16_384
"""A request's line and headers: ours have three short ones."""

LOOKS: Final = 30
"""Looks at a connection within one stall time while a reply is taken: how finely that is seen."""

FAREWELL_SECONDS: Final = 5.0
"""How long a connection that we close may stand without a byte of the reply being confirmed."""

FAREWELL_LOOK_SECONDS: Final = 0.25
"""How often we look whether the reply has arrived: then it is over, whether the client says so or not."""

READ_BYTES: Final = 16_384
"""Bytes read at once, kept ready for every connection: asyncio's 262,144 are 1.3 GB for 5,000 of them."""

WAITING_BYTES: Final = 32_768
"""Bytes held of a connection that sends ahead, or of a reply it does not take, before it has to wait."""

FOREVER_SECONDS: Final = 86_400
"""For limits of asyncio and uvicorn that know no progress and would cut a slow reply; `_look` sets ours."""

UNREAD: Final = "unread"
"""Key in a request's state.

Bytes that had arrived when the connection was lost, before the application asked.
"""

NO_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
"""For bytes that are no HTTP request."""


class OutOfTurn(Exception):
    """A request began before the one before it was answered: ends the parser's run over these bytes."""


class Connection(HttpToolsProtocol):
    """One connection with limits on its head, its idleness and its unread reply."""

    stall_seconds: float = 30.0
    most_connections: int = 10_000
    least_bytes: int = 1
    """Bytes of a reply that a client must take within the stall time."""
    waiting: dict[Connection, None] = {}  # noqa: RUF012 one for all connections
    """Those without a request, who waited longest first: they make room when there are too many."""

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
        self._deaf = False
        self._taken = 0
        self._moved_at = self.loop.time()
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Close a connection when there is one too many; watch the others."""
        super().connection_made(OneRecord(transport, self.loop))
        if len(self.connections) > self.most_connections and not self._make_room():
            transport.abort()
            return
        self.waiting[self] = None
        if hasattr(transport, "set_read_buffer_limits"):
            transport.set_read_buffer_limits(WAITING_BYTES)
        transport.set_write_buffer_limits(WAITING_BYTES)
        self._move()
        self._watch = self.loop.call_later(self.stall_seconds, self._look)

    def _make_room(self) -> bool:
        """End the connection that waited longest without a request.

        Were it the newest, whoever holds all of them would keep everybody out.
        """
        oldest = next(iter(self.waiting), None)
        if oldest is None:
            return False
        del self.waiting[oldest]
        oldest.transport.abort()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand what arrived and was not asked for yet to the application.

        Which commits the whole items of it.
        """
        self.waiting.pop(self, None)
        if self._watch is not None:
            self._watch.cancel()
        self._stash()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take the reply as fast as it comes: from here on it is the client's turn."""
        super().pause_writing()
        self._move()
        if self._watch is not None:
            self._watch.cancel()
            self._look_again(self.stall_seconds, FAREWELL_LOOK_SECONDS)

    def _unanswered(self) -> RequestResponseCycle | None:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever it says
        return None if cycle is None or cycle.response_complete else cycle

    def _stash(self) -> None:
        cycle = self._unanswered()
        if cycle is not None:
            cycle.scope["state"][UNREAD] = bytes(cycle.body)
            cycle.body = bytearray()

    def data_received(self, data: bytes) -> None:
        """Bound a head that has not ended."""
        if self._deaf:
            return
        super().data_received(data)
        if self._in_head:
            self._count(len(data))

    def on_message_begin(self) -> None:
        """A head has the stall time from its first byte on, however its bytes drip.

        One request at a time (docs/protocol.md §9): the next one would wait in memory, with all that follow.
        """
        if self._unanswered() is not None:
            raise OutOfTurn
        self._move()
        super().on_message_begin()

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
        self.waiting.pop(self, None)
        self._head_bytes = 0
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The next byte begins another head."""
        self._in_head = True
        if self in self.connections:
            self.waiting[self] = None
        self._move()
        super().on_response_complete()
        if self._watch is not None:
            self._watch.cancel()
            self._look_again(self.stall_seconds, FAREWELL_LOOK_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no request; never before the request that is at work has its answer."""
        cycle = self._unanswered()
        if cycle is not None:
            self._deaf, cycle.keep_alive = True, False
            self.flow.pause_reading()
        elif not self.transport.is_closing():
            self.transport.write(NO_REQUEST)
            self.transport.close()

    def shutdown(self) -> None:
        """The server stops: an unfinished body counts as cut here, so that its whole items are committed now.

        Such a connection, and one without a request, is aborted: a polite close would wait for the client's.
        """
        cycle = self._unanswered()
        if self.flow.write_paused:
            self.transport.abort()  # as far as it was taken, a reply is good
            return
        if cycle is not None and not cycle.more_body:
            super().shutdown()  # being answered: the reply goes out, then the connection ends
            return
        if cycle is not None:
            self._stash()
            cycle.disconnected = True
            cycle.message_event.set()
        if self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            self.transport.close()

    def _move(self) -> None:
        self._moved_at = self.loop.time()
        self._taken = progress(self.transport).confirmed

    def _look(self) -> None:
        """Close the connection when it is the client's turn and nothing has moved for too long."""
        now = progress(self.transport)
        if self.transport.is_closing():
            self._look_after(now)
            return
        ours = not (self._in_head or self.flow.write_paused)
        if ours or now.confirmed - self._taken >= self.least_bytes:
            self._move()
        idle = now.done or ours
        self._look_again(self.stall_seconds, self.stall_seconds / (1 if idle else LOOKS))

    def _look_after(self, now: Progress) -> None:
        """Once we said goodbye, wait for the reply to arrive and for nothing else."""
        if now.confirmed > self._taken:
            self._move()
        elif now.done:
            self.transport.abort()
            return
        self._look_again(min(FAREWELL_SECONDS, self.stall_seconds), FAREWELL_LOOK_SECONDS)

    def _look_again(self, patience: float, interval: float) -> None:
        left = self._moved_at + patience - self.loop.time()
        if left <= 0:
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(min(left, interval), self._look)


class Loop(asyncio.SelectorEventLoop):
    """The event loop, with our limits on TLS handshakes, farewells and memory instead of asyncio's."""

    stall_seconds: float = 30.0

    def create_server(self, *arguments: Any, **options: Any) -> Any:
        """As asyncio's, for uvicorn, which does not let the limits be set."""
        if options.get("ssl") is not None:
            sslproto.SSLProtocol.max_size = READ_BYTES
            options.setdefault("ssl_handshake_timeout", self.stall_seconds)
            options.setdefault("ssl_shutdown_timeout", FOREVER_SECONDS)
        return super().create_server(*arguments, **options)
