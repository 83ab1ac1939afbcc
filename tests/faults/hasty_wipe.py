"""The control of the sweep over a panic erase: a program that says it is done before it is."""

from __future__ import annotations

import sys
from unittest.mock import patch

from fieldkit.cli import main as cli
from fieldkit.vault import wiping
from fieldkit.vault.wiping import SlotsGone


def main() -> int:
    """The program's own, saying first what it does afterwards."""
    destroy = wiping.destroy_slots

    def hasty(folder: object) -> SlotsGone:
        print("ERASED", flush=True)
        return destroy(folder)  # type: ignore[arg-type]

    with patch.object(wiping, "destroy_slots", hasty):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main())
