"""The control of the load test: a server that never tires of a connection, as uvicorn is by itself."""

from __future__ import annotations

import sys
from unittest.mock import patch

from sync.server import admin
from sync.server.connection import Connection


def never(connection: Connection) -> None:
    """Look at nothing, ever again."""


if __name__ == "__main__":
    with patch.object(Connection, "_look", never):
        sys.exit(admin.main())
