"""The control of the kill sweeps: the program on a vault whose transactions are taken out."""

from __future__ import annotations

import sys
from unittest.mock import patch

from fieldkit.cli import main as cli
from fieldkit.vault.db import Database


class Torn:
    """Stands in for the three steps of a transaction: every statement commits by itself."""

    def __call__(self, *_: object) -> None:
        """Do nothing."""


def main() -> int:
    """The program's own, torn."""
    with (
        patch.object(Database, "_begin", Torn()),
        patch.object(Database, "_commit", Torn()),
        patch.object(Database, "_roll_back", Torn()),
    ):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main())
