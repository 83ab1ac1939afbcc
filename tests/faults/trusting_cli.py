"""The control of the restored server: the program, which believes an old tick whatever is said now."""

from __future__ import annotations

from unittest.mock import patch

from fieldkit.cli import main as cli
from fieldkit.vault.losses import Losses


def believe(*_: object, **__: object) -> None:
    """In the place of what takes ticks back: nothing is lost."""


def main() -> int:
    """The program's own, trusting."""
    with patch.object(Losses, "judge", believe):
        return cli.main()
