"""The control of the kill sweep: the program on a vault whose transactions are taken out."""

from __future__ import annotations

import sys
from unittest.mock import patch

from fieldkit.cli.main import main
from fieldkit.vault.db import Database


class Torn:
    """Stands in for the three steps of a transaction: every statement commits by itself."""

    def __call__(self, *_: object) -> None:
        """Do nothing."""


if __name__ == "__main__":
    with (
        patch.object(Database, "_begin", Torn()),
        patch.object(Database, "_commit", Torn()),
        patch.object(Database, "_roll_back", Torn()),
    ):
        sys.exit(main())
