"""HTTP: the only asynchronous file. It reads a capped body and hands it to a plain handler in a thread.

Limits come before contents (R21): the path, the announced length and the memory left are checked before a
byte of a body is read. A body that breaks off, stalls or drips is handled as far as it came
(docs/protocol.md §9).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from sync.protocol.errors import Refusal
from sync.server.connection import UNREAD
from sync.server.handlers import Answer, Route, refusal
from sync.server.outgoing import Outgoing
from sync.server.settings import Settings
from sync.server.turns import Turns

PIECE_BYTES: Final = 65_536
"""Bytes of a reply given to the connection at once."""

NO_SUCH_PATH: Final = 404
NOT_POST: Final = 405
LENGTH_MISSING: Final = 411


class App:
    """An ASGI application over the routes of a service."""

    def __init__(self, routes: dict[str, Route], settings: Settings, outgoing: Outgoing) -> None:
        self._routes = routes
        self._settings = settings
        self._pool = ThreadPoolExecutor(settings.handler_threads, thread_name_prefix="handler")
        self._outgoing = outgoing
        self._turns = Turns(settings.handler_threads)
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise RuntimeError(f"expected an http scope, got {scope['type']}")
        answer, whole = await self._answer(scope, receive)
        headers = [(b"content-length", b"%d" % len(answer.body))]
        if not whole:
            headers.append((b"connection", b"close"))  # the rest of the body would be read as a next request
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        with self._outgoing.holding(len(answer.body)):
            await _send_body(answer.body, send)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Answer, bool]:
        """The answer, and whether the request's body was read to its end."""
        route = self._routes.get(scope["path"])
        early = _check_head(scope, route)
        if route is None or early is not None:
            return early or refusal(Refusal.MALFORMED), False
        length = int(Headers(scope=scope)["content-length"])
        body = bytearray()
        try:
            whole = await self._read(scope, receive, length, body)
            async with self._turns.turn(route.whose(body), len(body)):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._pool, route.handle, bytes(body), whole), whole
        finally:
            self._held -= len(body)

    async def _read(self, scope: Scope, receive: Receive, length: int, body: bytearray) -> bool:
        """Fill `body` as far as it comes; whether that is all of it."""
        drip = _Drip(self._settings)
        while len(body) < length:
            try:
                async with asyncio.timeout(self._settings.stall_seconds):
                    message = await receive()
            except TimeoutError:
                return False
            gone = message["type"] != "http.request"
            piece = scope.get("state", {}).get(UNREAD, b"") if gone else message.get("body", b"")
            body += piece
            self._held += len(piece)
            if gone:
                break
            if drip.too_slow(len(body)) or self._held > self._settings.body_memory_bytes:
                return False
        return len(body) == length

    def close(self) -> None:
        """Wait for the handlers that are at work."""
        self._pool.shutdown()


async def _send_body(body: bytes, send: Send) -> None:
    """Send as much at a time as the connection takes: what waits in its buffers is held more than once."""
    for at in range(0, max(1, len(body)), PIECE_BYTES):
        more = at + PIECE_BYTES < len(body)
        await send({"type": "http.response.body", "body": body[at : at + PIECE_BYTES], "more_body": more})


class _Drip:
    """Bodies must bring a few bytes in every window.

    Else one connection costs a client nothing and us memory.
    """

    def __init__(self, settings: Settings) -> None:
        self._clock = asyncio.get_running_loop().time
        self._seconds = settings.drip_seconds
        self._least = settings.drip_bytes
        self._began = self._clock()
        self._had = 0

    def too_slow(self, size: int) -> bool:
        """Whether the window that has just ended brought too little."""
        now = self._clock()
        if now - self._began < self._seconds:
            return False
        slow = size - self._had < self._least
        self._began, self._had = now, size
        return slow


def _check_head(scope: Scope, route: Route | None) -> Answer | None:
    """Refuse what need not be read: other paths and methods, no length, too much."""
    malformed = refusal(Refusal.MALFORMED)
    if route is None:
        return Answer(NO_SUCH_PATH, malformed.body)
    if scope["method"] != "POST":
        return Answer(NOT_POST, malformed.body)
    length = Headers(scope=scope).get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return Answer(LENGTH_MISSING, malformed.body)
    if int(length) > route.limit:
        return refusal(Refusal.SIZE)
    return None
