"""The control of the flood test: a server that, when it is full, closes whoever came last."""

from __future__ import annotations

import sys
from unittest.mock import patch

from sync.server import admin
from sync.server.connection import Connection


def never(connection: Connection) -> bool:
    """Make room for nobody."""
    return False


if __name__ == "__main__":
    with patch.object(Connection, "_make_room", never):
        sys.exit(admin.main())
