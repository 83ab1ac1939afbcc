"""The control of the copies: the program, which never leaves a chain that lives on in another copy."""

from __future__ import annotations

from unittest.mock import patch

from fieldkit.cli import main as cli


def stay(*_: object) -> bool:
    """In the place of what takes a new incarnation."""
    return False


def main() -> int:
    """The program's own, stubborn."""
    with patch("fieldkit.actions.turn.begin_anew", stay), patch("fieldkit.actions.copies.begin_anew", stay):
        return cli.main()
