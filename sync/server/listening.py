"""The socket a server listens on."""

from __future__ import annotations

import json
import resource
import socket
from typing import Final

from sync.server.settings import split_address

BACKLOG: Final = 2_048
"""Connections the system holds while we are busy."""

SPARE_FILES: Final = 256
"""Open files beside connections: database, log, libraries."""


class ListenError(Exception):
    """The address cannot be listened on."""


def bind(listen: str) -> socket.socket:
    """Listen on HOST:PORT. Raises ListenError, and SettingsError for a text that is no address."""
    host, port = split_address(listen, "listen")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        # asyncio does it only for sockets of its own making; without it a reply waits 40 ms for the client.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise ListenError(f"cannot listen on {listen}: {error.strerror}") from None


def announce(listener: socket.socket) -> None:
    """Print the one line on stdout.

    Connections are taken from here on: they wait in the system's queue until the loop runs.
    """
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(json.dumps({"listening": f"{shown}:{port}"}), flush=True)


def allow_files(connections: int) -> None:
    """Raise our limit of open files to what that many connections need, as far as the system lets us."""
    wanted = connections + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
