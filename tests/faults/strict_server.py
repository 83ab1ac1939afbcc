"""The control of the cut sweep: a server that takes a request whole or not at all. It must be caught."""

from __future__ import annotations

import sys
from unittest.mock import patch

from sync.protocol.errors import malformed
from sync.server import admin
from sync.server.requests import Request, read_request


def read_whole_request(body: bytes, *, whole: bool) -> Request:
    """As the server's own, but a body that broke off is thrown away."""
    if not whole:
        raise malformed("the request broke off")
    return read_request(body, whole=whole)


if __name__ == "__main__":
    with patch("sync.server.handlers.read_request", read_whole_request):
        sys.exit(admin.main())
