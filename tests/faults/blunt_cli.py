"""The control of the failing calls: the program, blind to what a full or failing disk is."""

from __future__ import annotations

from unittest.mock import patch

from fieldkit.cli import main as cli


def nothing_known(text: str) -> None:
    """In the place of what knows a disk's trouble by the database's words."""


def main() -> int:
    """The program's own, blunt."""
    with patch("fieldkit.vault.db.disk_trouble", nothing_known):
        return cli.main()
