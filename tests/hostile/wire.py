"""One end of a connection as plain computation: TLS, HTTP/1.1, and then whatever a script wants sent.

Nothing here touches a socket, so the same peer answers in process and over loopback.
"""

from __future__ import annotations

import contextlib
import itertools
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum


class Ending(Enum):
    """How a peer leaves a connection; without one it waits for the next request."""

    HOLD = "hold"
    """Stays connected and says nothing more."""
    CUT = "cut"
    """Closes the TCP connection in the middle of things."""
    BYE = "bye"
    """Closes TLS properly, then the connection."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing moves for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that go out as they are, below TLS."""

    data: bytes = field(repr=False)


class Waiting(Enum):
    """What a peer waits for."""

    FIRST_WORD = "first word"
    """The first bytes of the client: only before TLS."""


Piece = bytes | Raw | Pause | Waiting | Ending
Act = Iterable[Piece]
"""What a peer does in answer to a request. It may have no end."""

Answering = Callable[[str, bytes], Act]
"""(path, body) → what to do."""


def http(body: bytes, *, status: str = "200 OK", headers: Iterable[str] = ()) -> bytes:
    """A plain answer with an honest length."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Peer:
    """One connection's other end. Feed it what came; `next` tells what it does, None while it waits."""

    def __init__(self, context: ssl.SSLContext | None, answering: Answering, opening: Act = ()) -> None:
        """`opening` comes before anything else; without a context there is no TLS at all."""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = None if context is None else context.wrap_bio(self._incoming, self._outgoing, True)
        self._answering = answering
        self._doing: Iterator[Piece] = iter(opening)
        self._shaken = False
        self._plain = b""
        self.heard = 0
        """Bytes of requests that arrived in the clear or decrypted."""

    def feed(self, data: bytes) -> None:
        """Bytes from the network; b"" is their end."""
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def next(self) -> Raw | Pause | Ending | None:
        """What to do now. Bytes to send come as `Raw`."""
        if waiting := self._outgoing.read():
            return Raw(waiting)
        piece = next(self._doing, None)
        if piece is None:
            return self._listen()
        if isinstance(piece, Waiting):
            if not self._incoming.pending:
                self._doing = itertools.chain([piece], self._doing)
                return None
            return Raw(b"")
        return self._wrapped(piece)

    def _wrapped(self, piece: bytes | Raw | Pause | Ending) -> Raw | Pause | Ending:
        if isinstance(piece, bytes):
            if self._tls is None or not self._shaken:
                return Raw(piece)
            self._tls.write(piece)
            return Raw(self._outgoing.read())
        if piece is Ending.BYE and self._tls is not None:
            # It wants the other side's farewell, for which nobody waits.
            with contextlib.suppress(ssl.SSLError):
                self._tls.unwrap()
            self._doing = iter([Ending.CUT])
            return Raw(self._outgoing.read())
        return piece

    def _listen(self) -> Raw | Ending | None:
        """Get on with the handshake or the request, as far as what came allows."""
        if self._tls is None:
            return None
        try:
            if not self._shaken:
                self._tls.do_handshake()
                self._shaken = True
            else:
                self._hear(self._tls.read(65_536))
        except ssl.SSLWantReadError:
            waiting = self._outgoing.read()
            return Raw(waiting) if waiting else None
        except ssl.SSLError:
            self._doing = iter([Ending.CUT])
        waiting = self._outgoing.read()
        return Raw(waiting) if waiting else Raw(b"")

    def _hear(self, data: bytes) -> None:
        self.heard += len(data)
        self._plain += data
        if not data:
            self._doing = iter([Ending.CUT])
            return
        head, blank, rest = self._plain.partition(b"\r\n\r\n")
        if not blank:
            return
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(entry.lower().split(": ", 1) for entry in lines)
        size = int(headers["content-length"])
        if len(rest) >= size:
            self._plain = rest[size:]
            self._doing = iter(self._answering(line.split(" ")[1], rest[:size]))
