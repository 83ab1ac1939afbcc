"""How a reply leaves: in as few TLS records as it fits, and how much of it has arrived."""

from __future__ import annotations

import asyncio
import socket
import sys
from dataclasses import dataclass
from typing import Any, Final

TCP_INFO: Final[int | None] = getattr(socket, "TCP_INFO", None) if sys.platform == "linux" else None

UNACKED: Final = slice(24, 28)
BYTES_ACKED: Final = slice(120, 128)
NOT_SENT: Final = slice(144, 148)
"""Where Linux's `struct tcp_info` has segments on their way, bytes confirmed, and bytes not sent yet."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reply has got: `confirmed` grows with what the client's network stack took."""

    confirmed: int
    done: bool
    """Whether nothing is left on its way."""


def progress(transport: asyncio.Transport) -> Progress:
    """Ask the system, because asyncio does not know.

    A reply that TLS took at once is none of its waiting bytes any more, though megabytes may be left. Where
    the system does not tell either, the waiting bytes have to do.
    """
    waiting = transport.get_write_buffer_size()
    sock = transport.get_extra_info("socket")
    if TCP_INFO is None or sock is None:
        return Progress(-waiting, not waiting)
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, TCP_INFO, NOT_SENT.stop)
    except OSError:
        return Progress(0, True)  # closed
    left = any(info[UNACKED]) or any(info[NOT_SENT])
    return Progress(int.from_bytes(info[BYTES_ACKED], sys.byteorder), not waiting and not left)


FULL_BYTES: Final = 16_384
"""What fills a record is not held back."""


class OneRecord(asyncio.Transport):
    """Passes a connection on, and joins what is written in one turn of the loop.

    uvicorn writes a reply's head and its body apart: two TLS records, 22 bytes more, often a second packet.
    """

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner = inner
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write with whatever else this turn writes."""
        if not self._held:
            self._loop.call_soon(self._release)
        self._held.append(bytes(data))
        if len(data) >= FULL_BYTES:
            self._release()

    def _release(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._inner.write(b"".join(held))

    def close(self) -> None:
        """Close when all is written."""
        self._release()
        self._inner.close()

    def abort(self) -> None:
        """Close at once."""
        self._inner.abort()

    def is_closing(self) -> bool:
        """Whether it is closed or about to be."""
        return self._inner.is_closing()

    def get_write_buffer_size(self) -> int:
        """Bytes that wait, as far as the connection knows."""
        return sum(map(len, self._held)) + self._inner.get_write_buffer_size()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the connection knows of itself."""
        return self._inner.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Read no more for now."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Read again."""
        self._inner.resume_reading()
