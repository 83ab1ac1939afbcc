"""A bare HTTPS client that can stop after any byte of a request body."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPResponse

from sync.client.tls import client_context, matches, spki_hash
from sync.protocol.encoding import SequenceReader
from sync.protocol.ids import Chain
from sync.protocol.messages import EndItem, ErrorItem, ReceiptItem, RefusedItem, ReplyItem, parse_reply
from sync.protocol.receipts import Receipt, open_receipt

OK = 200
SECONDS = 40
"""Longer than the server waits for anything: a client that waits longer has found a fault."""


class Wire:
    """One TLS connection to a server, usable for several requests."""

    def __init__(self, address: str, pins: tuple[bytes, ...]) -> None:
        host, _, port = address.rpartition(":")
        self._socket = client_context().wrap_socket(socket.create_connection((host, int(port)), SECONDS))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not matches(spki_hash(self._socket.getpeercert(binary_form=True) or b""), pins):
            raise AssertionError("the server's certificate is not one of its own pins")

    def post(self, path: str, body: bytes) -> list[ReplyItem]:
        """Send a whole request and return the items of its whole reply."""
        self.begin(path, body, len(body))
        return self.reply()

    def begin(self, path: str, body: bytes, size: int) -> None:
        """Send the head and the first `size` bytes of the body, and nothing more."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: f\r\nContent-Type: application/octet-stream\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body[:size])

    def reply(self) -> list[ReplyItem]:
        """Wait for the reply. Raises OSError when the connection ends before it is whole."""
        response = HTTPResponse(self._socket, method="POST")
        response.begin()
        declared = int(response.headers["Content-Length"])
        data = response.read()
        if len(data) != declared:
            raise ConnectionError(f"the reply ended after {len(data)} of {declared} bytes")
        items = [parse_reply(value) for value, _ in SequenceReader().feed(data)]
        if response.status != OK or any(isinstance(item, ErrorItem) for item in items):
            raise AssertionError(f"the server refused: HTTP {response.status}, {items}")
        if not isinstance(items[-1], EndItem):
            raise AssertionError(f"the reply has no end: {items}")
        return items

    def cut(self, *, reset: bool = False) -> None:
        """Close at once, without a goodbye of TLS.

        What was sent still arrives; with `reset`, it is thrown away wherever it stands.
        """
        with suppress(OSError):
            if reset:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._socket.close()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()


def receipt(items: Sequence[ReplyItem], log_key: bytes, chain: Chain, nonce: bytes) -> Receipt:
    """The one verified receipt of a reply that refuses nothing, for this chain and this hello."""
    refused = [item for item in items if isinstance(item, RefusedItem)]
    if refused:
        raise AssertionError(f"the server refused frames: {refused}")
    (item,) = (item for item in items if isinstance(item, ReceiptItem))
    found = open_receipt(item.receipt, log_key)
    if (found.chain, found.nonce) != (chain, nonce):
        raise AssertionError(f"the receipt is for another exchange: {found}")
    return found
