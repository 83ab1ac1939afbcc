"""The control of the kill sweep: a server that answers before its commit, which the sweep must catch."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING
from unittest.mock import patch

from sync.server import admin
from sync.server.writer import Writer

if TYPE_CHECKING:
    from sync.server.writer import _Waiting

AHEAD_SECONDS = 0.5
"""Enough for the receipt to reach the client before the commit begins."""


class HastyWriter(Writer):
    """Gives the answers away inside the transaction."""

    def _commit(self, group: list[_Waiting]) -> None:
        try:
            with self._store.writing() as transaction:
                for waiting in group:
                    waiting.answer.set_result(waiting.job(transaction))
                time.sleep(AHEAD_SECONDS)
        except Exception as error:
            for waiting in group:
                if not waiting.answer.done():
                    waiting.answer.set_exception(error)


def main() -> int:
    """The server's own program, hasty."""
    with patch("sync.server.writer.Writer", HastyWriter), patch("sync.server.serve.Writer", HastyWriter):
        return admin.main()


if __name__ == "__main__":
    sys.exit(main())
